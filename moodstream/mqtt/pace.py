"""A limit on how often states are published."""

import math
import time
from collections.abc import Callable

from moodstream.messages.published import Message


class Pace:
    """Chooser of the states to publish: every change, and some of the similar ones.

    Args:
        every_s: shortest time between two similar states, seconds; 0 chooses all.
        clock: monotonic clock, seconds.
    """

    def __init__(self, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s, self._clock = every_s, clock
        self._published_s = -math.inf
        self._key: tuple[object, object] | None = None

    def is_due(self, message: Message) -> bool:
        """Return whether to publish a state now; if so, it counts as published."""
        now_s, key = self._clock(), (message.get("status"), message.get("mood"))
        if key == self._key and now_s - self._published_s < self._every_s:
            return False
        self._published_s, self._key = now_s, key
        return True
