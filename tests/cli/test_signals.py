"""Signals that stop or reload a command."""

import signal

import pytest

from moodstream.cli.signals import requested_by_signal, stopped_by_signals


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


def test_hangups_are_one_request_until_it_is_taken():
    with requested_by_signal() as request:
        assert not request.take()
        for _ in range(3):
            signal.raise_signal(signal.SIGHUP)
        assert request.take()
        assert not request.take()
