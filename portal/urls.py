from django.urls import path

from portal.views import affairs, demo, health, home, inbox, ledger

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("affairs/", affairs.affairs, name="affairs"),
    path("messages/", inbox.messages, name="messages"),
    path("messages/read/", inbox.read, name="messages_read"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("healthz", health.healthz, name="healthz"),
    path("demo/contests/<int:pk>/advance/", demo.advance_phases, name="advance"),
]
