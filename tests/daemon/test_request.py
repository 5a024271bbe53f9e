"""A request that SIGHUP makes."""

import signal

from moodstream.daemon.request import requested_by_signal


def test_hangups_are_one_request_until_it_is_taken():
    with requested_by_signal() as request:
        assert not request.take()
        for _ in range(3):
            signal.raise_signal(signal.SIGHUP)
        assert request.take()
        assert not request.take()
