"""From which network address a request came, behind as many proxies as are trusted."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

OF_PROXIES = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via")
UNKNOWN = "0.0.0.0"  # noqa: S104  (stands in a list of attempts; nothing is bound to it)


def client_address(request: HttpRequest) -> str:
    """The client's address. Of X-Forwarded-For only what trusted proxies appended is believed."""
    hops = [
        hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()
    ]
    trusted: int = settings.OMS_TRUSTED_PROXIES
    address = request.META.get("REMOTE_ADDR", "")
    if trusted and len(hops) >= trusted:
        address = hops[-trusted]
    try:
        return str(ip_address(address))
    except ValueError:
        return UNKNOWN


def is_this_machine(request: HttpRequest) -> bool:
    """Whether the request came from this machine itself and through no proxy. Behind a proxy every
    request comes from the proxy's machine, so then none is believed, whatever its headers leave out.
    """
    if settings.OMS_TRUSTED_PROXIES or any(name in request.headers for name in OF_PROXIES):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
