"""Pace of inputs that could deliver faster than real time, such as a file behind a URL."""

DRIFT = 0.02
"""Share by which the clock of a live source may be faster than ours, so that it is never
delayed."""


class Pace:
    """Leaky bucket of the audio that is ahead of real time.

    Args:
        lead_s: seconds of audio that may come at once, because servers send a burst at the
        beginning.
    """

    def __init__(self, lead_s: float) -> None:
        self._lead_s = lead_s
        self._ahead_s = 0.0
        self._before_s: float | None = None

    def process(self, length_s: float, now_s: float) -> float:
        """Count audio that came.

        Args:
            length_s: its length, seconds.
            now_s: time on a monotonic clock.

        Returns:
            Seconds to wait before reading more.
        """
        if self._before_s is not None:
            passed_s = (now_s - self._before_s) * (1 + DRIFT)
            self._ahead_s = max(0.0, self._ahead_s - passed_s)
        self._before_s = now_s
        self._ahead_s += length_s
        return max(0.0, self._ahead_s - self._lead_s)
