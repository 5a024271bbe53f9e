"""A limit of how often states are published."""

import math
import time
from collections.abc import Callable

from moodstream.messages.published import Message


class Pace:
    """Chooser of the states that are published: every change, and some of those that are alike.

    Args:
        every_s: shortest time between two states that are alike, seconds; 0 chooses all.
        clock: gives seconds that never go back.
    """

    def __init__(self, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s, self._clock = every_s, clock
        self._published_s = -math.inf
        self._key: tuple[object, object] | None = None

    def is_due(self, message: Message) -> bool:
        """Return whether to publish a state now; the answer counts as obeyed."""
        now_s, key = self._clock(), (message.get("status"), message.get("mood"))
        if key == self._key and now_s - self._published_s < self._every_s:
            return False
        self._published_s, self._key = now_s, key
        return True
