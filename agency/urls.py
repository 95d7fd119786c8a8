"""Every page of the house, app by app."""

from django.urls import URLPattern, URLResolver, include, path

from agency.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
]
