import threading
import time

import pytest

from moodstream.stopwatch import Stopwatch


class Counter:
    """A part that works, and remembers how often."""

    def __init__(self) -> None:
        self.count = 0

    @property
    def even(self) -> bool:
        return self.count % 2 == 0

    def process(self, step: int, twice: bool = False) -> int:
        work()
        self.count += 2 * step if twice else step
        return self.count

    def fail(self) -> None:
        raise ValueError("no")


def work(seconds: float = 0.002) -> None:
    until_s = time.thread_time() + seconds
    while time.thread_time() < until_s:
        pass


def test_a_call_returns_the_result_and_adds_a_lap() -> None:
    stopwatch = Stopwatch()
    assert stopwatch.call("divide", divmod, 7, 2) == (3, 1)
    stopwatch.call("work", work, 0.004)
    stopwatch.call("work", work, seconds=0.002)
    first_s, second_s = stopwatch.laps_s("work")
    assert 0.004 <= first_s < 0.1
    assert 0.002 <= second_s < 0.1
    assert stopwatch.spent_s("work") == pytest.approx(first_s + second_s)
    stopwatch.reset()
    assert stopwatch.laps_s("work") == []
    assert stopwatch.spent_s("work") == 0


def test_a_watched_part_works_as_before_and_every_call_counts() -> None:
    stopwatch, part, other = Stopwatch(), Counter(), Counter()
    stopwatch.watch("part", part)
    assert [part.process(1), part.process(1, twice=True)] == [1, 3]
    assert (part.count, part.even) == (3, False)
    assert len(stopwatch.laps_s("part")) == 2
    assert min(stopwatch.laps_s("part")) >= 0.002
    other.process(1)  # another of the same type is not watched
    assert len(stopwatch.laps_s("part")) == 2
    with pytest.raises(ValueError, match="no"):
        part.fail()


def test_neither_waiting_nor_other_threads_count() -> None:
    stopwatch = Stopwatch()
    thread = threading.Thread(target=work, args=(0.05,))
    thread.start()
    stopwatch.call("wait", thread.join)
    stopwatch.call("wait", time.sleep, 0.05)
    assert stopwatch.spent_s("wait") < 0.03
