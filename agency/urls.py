"""Every page of the house, app by app."""

from django.urls import URLPattern, URLResolver, include, path

from agency.health import healthz, readyz
from desk.views import errors, preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("accounts.login_urls")),
    path("", include("accounts.urls")),
    path("", include("signoffs.urls")),
    path("", include("meetings.urls")),
    path("", include("billing.urls")),
    path("", include("reporting.urls")),
    path("look/theme/", preferences.set_theme, name="set_theme"),
    path("", include("jobsheets.urls")),
    path("", include("desk.urls")),
    path("look/language/", preferences.set_language, name="set_language"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
