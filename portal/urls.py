from django.urls import path

from portal.views import affairs, demo, health, home

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("affairs/", affairs.affairs, name="affairs"),
    path("healthz", health.healthz, name="healthz"),
    path("demo/contests/<int:pk>/advance/", demo.advance_phases, name="advance"),
]
