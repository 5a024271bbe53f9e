"""Checks of every request, and headers of every response."""

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 4096
"""Longest body of a request, bytes."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""Headers from OWASP's Secure Headers Project, except HSTS, which is only for https."""
_INGRESS = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?", re.ASCII)


class Guard:
    """The layer around the application that refuses requests from other pages.

    A web page elsewhere may point its own host name at this machine (DNS rebinding), so only known
    names are allowed. It may also send a form here (CSRF), so requests that change something must
    come from our own page.

    Args:
        app: the application. hosts: host names under which browsers reach the page, besides
        addresses and localhost. proxies: the only addresses that may send requests. They check the
        login, so any host name is allowed.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], proxies: tuple[str, ...]) -> None:
        self._app = app
        self._proxies = frozenset(ipaddress.ip_address(proxy) for proxy in proxies)
        self._hosts = frozenset(name.lower() for name in (*hosts, "localhost"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = MutableHeaders(scope=message)
                ours.update(HEADERS)
                ours.setdefault("Cache-Control", "no-store")
                if is_encrypted(scope, headers):
                    ours["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        if refusal := self._refusal(scope, headers):
            status, text = refusal
            response = PlainTextResponse(f"{text}\n", status)
            await response(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        method, host = scope["method"], headers.get("host", "")
        if self._proxies:
            if not self._is_proxy(scope["client"][0]):
                return 403, "Only the proxies in the setting web.proxies may send requests."
        elif not self._is_known(_name(host)):
            return 421, "This host name is unknown. Add it to web.hosts in the settings."
        if method not in ("GET", "HEAD", "POST"):
            return 405, "Only GET, HEAD and POST are answered."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 9 or int(length) > MAX_BODY:
            return 413, "The request is too long."
        if "transfer-encoding" in headers:
            return 411, "The request does not state its length."
        if method == "POST" and not self._is_ours(headers, host):
            return 403, "The request does not come from this page."
        return None

    def _is_proxy(self, client: str) -> bool:
        address = ipaddress.ip_address(client.partition("%")[0])  # %: the interface
        return (getattr(address, "ipv4_mapped", None) or address) in self._proxies

    def _is_known(self, name: str) -> bool:
        if name in self._hosts:
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True  # an address cannot be redirected

    def _is_ours(self, headers: Headers, host: str) -> bool:
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        try:
            origin = urlsplit(headers.get("origin", "")).netloc.lower()
        except ValueError:
            return False
        # A reverse proxy may write its own name into Host.
        return bool(origin) and (origin == host.lower() or _name(origin) in self._hosts)


def is_encrypted(scope: Scope, headers: Headers) -> bool:
    """Return whether the browser uses https, perhaps through a proxy."""
    return "https" in (scope.get("scheme"), headers.get("x-forwarded-proto"))


def base_path(headers: Headers) -> str:
    """Return the path below which a proxy shows the page, or an empty text; ends with a slash."""
    path = headers.get("x-ingress-path", "")
    if len(path) > 200 or not _INGRESS.fullmatch(path):
        return ""
    return path.rstrip("/") + "/"


def _name(host: str) -> str:
    """Return a host name in lower case, without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()
