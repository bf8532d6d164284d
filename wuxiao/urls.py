"""The table of URLs: every app's own table, nothing else."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("accounts.urls")),
    path("", include("contests.urls")),
    path("", include("submissions.urls")),
    path("", include("scoring.urls")),
    path("", include("documents.urls")),
    path("", include("portal.urls")),
]

handler500 = "portal.views.errors.server_error"
