"""Lost audio, found by the clock, because PulseAudio drops unread audio silently."""

MISSED_S = 1.0
"""Seconds that must be missing; less may just be late."""
DRIFT = 0.02
"""Share by which the clock of a device may be slower than ours."""


class Overrun:
    """Comparison of the audio that was read with the time that has passed.

    Args:
        rate: of the device, hertz.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._read_n = 0
        self._before_s = 0.0
        self._late_s: float | None = None  # compared with a device that began when our clock did

    def process(self, length_n: int, now_s: float, *, is_all: bool) -> float:
        """Count what was read.

        Args:
            length_n: samples.
            now_s: on a monotonic clock.
            is_all: whether nothing more waits to be read.

        Returns:
            seconds that were missed since everything was last read, 0 if none.
        """
        self._read_n += length_n
        if not is_all:
            return 0.0
        late_s = now_s - self._read_n / self._rate
        if self._late_s is None:
            self._late_s = late_s
        usual_s = self._late_s + DRIFT * (now_s - self._before_s)
        missed_s = late_s - usual_s if late_s > usual_s + MISSED_S else 0.0
        self._late_s = late_s if missed_s else min(late_s, usual_s)
        self._before_s = now_s
        return missed_s
