from django.urls import path

from portal.views import demo, health, home

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("demo/contests/<int:pk>/advance/", demo.advance_phases, name="advance"),
]
