"""URLs of streams, and the parts that may be shown: no login, no path, no query."""

import hashlib
import re
from urllib.parse import SplitResult, urlsplit

SCHEMES = ("http", "https", "rtsp", "rtsps")
"""Supported URL schemes; Icecast uses HTTP."""
HASH_DIGITS = 8
_LOGIN = re.compile(r"//[^\s@]*@")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*?(?=['\">]?[:;,.)]*(?:\s|$))")
"""A URL up to the end of the word, as passwords hold quotes, but for what closes the word."""


def check(url: str) -> None:
    """Check that a URL is supported.

    Raises:
        ValueError: it is not; the message contains no part of it, because that may be a password.
    """
    expected = f"expected {', '.join(f'{scheme}://' for scheme in SCHEMES)} and a host"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"its host or port is wrong; {expected}") from None
    if parts.scheme not in SCHEMES or not parts.hostname or port == 0:
        raise ValueError(expected)
    if not url.isprintable() or " " in url:
        raise ValueError("it contains a space or a control character: write %20 or a similar code")


def has_login(url: str) -> bool:
    """Return whether a URL visibly contains a user name or a password."""
    return "@" in urlsplit(url).netloc


def location(url: str) -> str:
    """Return scheme, host and port only: paths and queries of cameras may contain passwords."""
    try:
        parts = urlsplit(url)
        host = _host(parts)
    except ValueError:
        return "a URL"
    # A password with a slash that was not escaped moves the host into the path.
    is_clear = "@" not in parts.path + parts.query + parts.fragment
    return f"{parts.scheme}://{host if host and is_clear else '...'}"


def fingerprint(text: str) -> str:
    """Return a short hash that identifies a URL or a command; logins are ignored."""
    bare = _LOGIN.sub("//", text)
    return hashlib.sha256(bare.encode()).hexdigest()[:HASH_DIGITS]


def redacted(text: str) -> str:
    """Return a text in which each URL is reduced to its location."""
    return _URL.sub(lambda found: location(found[0]), text)


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if host and parts.port else host
