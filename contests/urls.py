from django.urls import path

from contests import views

app_name = "contests"

urlpatterns = [
    path("extensions/", views.extensions, name="extensions"),
    path("extensions/<int:pk>/withdraw/", views.withdraw, name="extension_withdraw"),
]
