"""Signals that stop or reload a command."""

import os
import signal
import threading

import pytest

from moodstream.cli.signals import requested_by_signal, stopped_by_signals
from tests.support.program import wait_until


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_to_stop_and_the_handlers_are_put_back(number):
    before = signal.getsignal(number)
    with stopped_by_signals() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        assert stop.wait(1)
    assert signal.getsignal(number) is before


def test_a_second_interrupt_does_not_wait_for_a_clean_end():
    def interrupt_twice():
        with stopped_by_signals():
            for _ in range(2):
                os.kill(os.getpid(), signal.SIGINT)
                threading.Event().wait(0.1)

    with pytest.raises(KeyboardInterrupt):
        interrupt_twice()


def test_a_hangup_asks_to_read_again_where_there_is_no_terminal(monkeypatch, tmp_path):
    with (tmp_path / "in").open("w+") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        with requested_by_signal() as request:
            assert not request.take()
            for _ in range(3):
                os.kill(os.getpid(), signal.SIGHUP)
                os.kill(os.getpid(), signal.SIGHUP)
                wait_until(request.take, 1)
                assert not request.take()


def test_on_a_terminal_a_hangup_is_still_the_end(monkeypatch):
    main, terminal = os.openpty()
    before = signal.getsignal(signal.SIGHUP)
    with os.fdopen(main), os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        with requested_by_signal():
            assert signal.getsignal(signal.SIGHUP) is before
