from datetime import timedelta

from moodstream.messages import clock_watch
from moodstream.messages.clock_watch import ClockWatch


def test_steps_of_the_clock_are_told_once_and_small_ones_never(monkeypatch):
    ahead_s = 1000.0
    monkeypatch.setattr(clock_watch, "_ahead_s", lambda: ahead_s)
    watch = ClockWatch()
    for step_s in (0.0, 0.4, 86400.0, -3600.0):
        ahead_s += step_s
        moved_s = watch.take().total_seconds()
        assert abs(moved_s - (step_s if abs(step_s) > 1 else 0)) < 1
        assert watch.take() == timedelta()


def test_a_clock_that_nobody_sets_has_no_steps():
    assert ClockWatch().take() == timedelta()
