"""The password of the page: its hash, the sessions, and a limit on wrong attempts."""

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from moodstream.config.sections import PASSWORD_HASH

SESSION_S = 30 * 86400.0
"""Seconds after which a session ends."""
MAX_SESSIONS = 200
ATTEMPTS = 5
"""Number of wrong attempts of one address that are answered immediately."""
ATTEMPT_S = 20.0
"""Seconds after which an address has another attempt."""
MAX_ADDRESSES = 1000
SHORTEST = 8
"""Smallest length of a new password, characters."""
LONGEST = 256
_COST_N, _COST_R, _COST_P = 1 << 15, 8, 1
_MEMORY_BYTES = 1 << 26
"""Twice what these costs need: 128 N r bytes (RFC 7914)."""


def hashed(password: str, salt: bytes | None = None) -> str:
    """Return the hash of a password, as stored in the settings."""
    salt = salt or secrets.token_bytes(16)
    digest = hashlib.scrypt(
        password.encode(errors="surrogatepass"),
        salt=salt,
        n=_COST_N,
        r=_COST_R,
        p=_COST_P,
        maxmem=_MEMORY_BYTES,
        dklen=32,
    )
    return f"scrypt:{salt.hex()}:{digest.hex()}"


def fits(password: str, kept: str) -> bool:
    """Return whether a password matches a hash."""
    found = PASSWORD_HASH.fullmatch(kept)
    if not found or len(password) > LONGEST:
        return False
    return hmac.compare_digest(hashed(password, bytes.fromhex(found[1])), kept)


class Sessions:
    """Sessions of browsers that know the password; they end with the program.

    Args:
        clock: gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends_s: OrderedDict[bytes, float] = OrderedDict()

    def begin(self) -> str:
        """Return the secret of a new session."""
        token = secrets.token_urlsafe(32)
        self._ends_s[_digest(token)] = self._clock() + SESSION_S
        if len(self._ends_s) > MAX_SESSIONS:
            self._ends_s.popitem(last=False)
        return token

    def holds(self, token: str) -> bool:
        """Return whether this is the secret of a session."""
        return self._ends_s.get(_digest(token), 0.0) > self._clock()

    def end(self, token: str) -> None:
        """End a session."""
        self._ends_s.pop(_digest(token), None)


class Attempts:
    """Limit on the attempts of each address: a few immediately, then one every few seconds.

    Args:
        clock: gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_s: OrderedDict[str, float] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Return whether the address may try now, and count the attempt."""
        now_s = self._clock()
        free_s = max(self._free_s.pop(address, 0.0), now_s)
        allowed = free_s - now_s <= (ATTEMPTS - 1) * ATTEMPT_S
        self._free_s[address] = free_s + ATTEMPT_S if allowed else free_s
        if len(self._free_s) > MAX_ADDRESSES:
            self._free_s.popitem(last=False)
        return allowed

    def forgive(self, address: str) -> None:
        """Reset the attempts of an address that knew the password."""
        self._free_s.pop(address, None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
