from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("again/", views.again, name="again"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
    path("hat/", views.hat, name="hat"),
    path("no-membership/", views.no_membership, name="no_membership"),
]
