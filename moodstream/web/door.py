"""The login of the page."""

import asyncio
import base64
import binascii
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from moodstream.log import Seldom
from moodstream.web.guard import base_path, is_encrypted
from moodstream.web.password import ATTEMPT_S, SESSION_S, Attempts, Sessions, fits

COOKIE = "moodstream"
_PAGE = Path(__file__).with_name("static") / "login.html"
Endpoint = Callable[[Request], Awaitable[Response]]


class Door:
    """Check of the password.

    Args:
        password_hash: hash of the password; empty admits everybody.
    """

    def __init__(self, password_hash: str) -> None:
        self._hash = password_hash
        self._sessions, self._attempts = Sessions(), Attempts()
        self._seldom = Seldom()
        # A scraper sends its password every few seconds, and hashing is slow.
        self._key = secrets.token_bytes(32)
        self._known_basic = b""
        self._one_at_a_time = asyncio.Semaphore(1)

    @property
    def is_locked(self) -> bool:
        """Whether there is a password."""
        return bool(self._hash)

    def locked(self, endpoint: Endpoint, *, basic: bool = False) -> Endpoint:
        """Return an endpoint that answers only with the password.

        Args:
            endpoint: the endpoint itself.
            basic: whether the password may come with the request (RFC 7617).
        """

        async def answer(request: Request) -> Response:
            if not self._hash or self._sessions.holds(request.cookies.get(COOKIE, "")):
                return await endpoint(request)
            if basic:
                if await self._basic(request):
                    return await endpoint(request)
                headers = {"WWW-Authenticate": 'Basic realm="moodstream"'}
                return PlainTextResponse("The password is needed.\n", 401, headers)
            if request.url.path == "/":
                return RedirectResponse("login", 303)
            return PlainTextResponse("Log in first.\n", 401)

        return answer

    async def login(self, request: Request) -> Response:
        """Show the login form, or start a session."""
        if request.method != "POST":
            return self._form(request, "", 200)
        try:
            form = parse_qs((await request.body()).decode(), max_num_fields=4)
        except ValueError:
            form = {}
        address = request.client.host if request.client else ""
        if not self._attempts.allow(address):
            text = f"Too many attempts. Try again in {ATTEMPT_S:.0f} seconds."
            return self._form(request, text, 429)
        if not await self._fits(form.get("password", [""])[0]):
            self._seldom.warning("a wrong password for the page", address=address)
            return self._form(request, "This is not the password.", 403)
        self._attempts.forgive(address)
        response = RedirectResponse("./", 303)
        response.set_cookie(
            COOKIE,
            self._sessions.begin(),
            max_age=int(SESSION_S),
            path=base_path(request.headers) or "/",
            secure=is_encrypted(request.scope, request.headers),
            httponly=True,
            samesite="strict",
        )
        return response

    async def logout(self, request: Request) -> Response:
        """End the session."""
        self._sessions.end(request.cookies.get(COOKIE, ""))
        response = RedirectResponse("login", 303)
        response.delete_cookie(COOKIE, path=base_path(request.headers) or "/")
        return response

    async def _basic(self, request: Request) -> bool:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        digest = hashlib.blake2b(encoded.encode(), key=self._key).digest()
        if self._known_basic and secrets.compare_digest(digest, self._known_basic):
            return True
        address = request.client.host if request.client else ""
        try:
            password = base64.b64decode(encoded, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return False
        if not self._attempts.allow(address) or not await self._fits(password):
            return False
        self._attempts.forgive(address)
        self._known_basic = digest
        return True

    async def _fits(self, password: str) -> bool:
        async with self._one_at_a_time:  # each takes 32 MB of memory
            return await asyncio.to_thread(fits, password, self._hash)

    def _form(self, request: Request, problem: str, status: int) -> Response:
        text = _PAGE.read_text(encoding="utf-8").replace("<!--problem-->", problem)
        if base := base_path(request.headers):
            text = text.replace("<head>", f'<head>\n<base href="{base}">', 1)
        return Response(text, status, media_type="text/html")
