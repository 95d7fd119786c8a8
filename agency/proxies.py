"""Where a request comes from, behind the proxies we trust (settings.TRUSTED_PROXIES)."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The caller's address: the peer itself, or what the outermost trusted proxy saw; nothing where it can't be known."""
    candidate = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            candidate = hops[-settings.TRUSTED_PROXIES]
    try:
        return str(ip_address(candidate))
    except ValueError:
        return ""
