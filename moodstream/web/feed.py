"""Server-Sent Events for any number of pages, each at its own pace."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

KEPT = 240
"""Number of messages kept for a page that was disconnected: two minutes of states."""
BEAT_S = 5.0
"""Seconds after which a page is told that the connection is still open."""


def encode(name: str, data: Any, number: str = "") -> bytes:
    """Return a message in the format of Server-Sent Events."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    identity = f"id: {number}\n" if number else ""
    return f"{identity}event: {name}\ndata: {text}\n\n".encode()


class Feed:
    """The last messages of a subject, encoded once for all pages.

    Args:
        snapshot: returns everything that a page shows, ready for JSON.
    """

    def __init__(self, snapshot: Callable[[], Any]) -> None:
        self.followers = 0
        """Number of pages that follow."""
        self._snapshot = snapshot
        # Each run of the program counts from the start.
        self._run = secrets.token_hex(4)
        self._number = 0
        self._kept: deque[bytes] = deque(maxlen=KEPT)
        self._news = asyncio.Event()
        self._is_open = True

    def close(self) -> None:
        """End all pages' feeds."""
        self._is_open = False
        self._news.set()

    def publish(self, name: str, data: Any) -> None:
        """Send a message to all pages that follow."""
        self._number += 1
        self._kept.append(encode(name, data, self._id()))
        self._news.set()
        self._news = asyncio.Event()

    async def follow(self, last_id: str) -> AsyncIterator[bytes]:
        """Yield the messages after a given one, or everything if that one is no longer kept.

        Args:
            last_id: id of the last message that the page has.
        """
        self.followers += 1
        try:
            yield b"retry: 1000\n\n"
            seen = self._seen(last_id)
            while self._is_open:
                if seen is None or self._number - seen > len(self._kept):
                    seen = self._number
                    yield encode("snapshot", self._snapshot(), self._id())
                while seen < self._number and self._number - seen <= len(self._kept):
                    seen += 1
                    yield self._kept[seen - self._number - 1]
                if seen == self._number:
                    await self._wait()
                    if seen == self._number:
                        yield encode("beat", {})
        finally:
            self.followers -= 1

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), BEAT_S)
        except TimeoutError:
            return

    def _id(self) -> str:
        return f"{self._run}-{self._number}"

    def _seen(self, last_id: str) -> int | None:
        run, _, number = last_id.partition("-")
        # int() refuses thousands of digits; ids are short.
        if run != self._run or not number.isascii() or not number.isdigit() or len(number) > 15:
            return None
        return int(number) if int(number) <= self._number else None
