"""Signals that stop a command."""

import signal

import pytest

from moodstream.cli.signals import stopped_by_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_code_that_holds_the_lock_of_the_event(number):
    with stopped_by_signals() as stop:
        with stop._cond:
            signal.raise_signal(number)
        assert stop.wait(10)


def test_a_second_interrupt_ends_the_process_at_once():
    with stopped_by_signals():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
