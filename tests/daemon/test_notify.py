import socket

import pytest

from moodstream.daemon.notify import Notifier


def test_systemd_hears_what_is_sent(tmp_path):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(path))
        systemd.settimeout(1)
        notifier = Notifier({"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "4000000000"})
        notifier.ready()
        notifier.status("warm")
        notifier.status("warm")
        notifier.alive()
        notifier.alive()
        notifier.stopping()
        heard = [systemd.recv(100).decode() for _ in range(4)]
    # A status that is the same, and a sign of life long before it is due, are not sent again.
    assert heard == ["READY=1", "STATUS=warm", "WATCHDOG=1", "STOPPING=1"]


def test_trouble_is_told_beside_each_status_until_it_ends(tmp_path):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(path))
        systemd.settimeout(1)
        notifier = Notifier({"NOTIFY_SOCKET": str(path)})
        notifier.trouble("it squeaks")
        notifier.status("warm")
        notifier.trouble("it squeaks")
        notifier.trouble("")
        heard = [systemd.recv(100).decode() for _ in range(3)]
    assert heard == ["STATUS=it squeaks", "STATUS=warm; it squeaks", "STATUS=warm"]


@pytest.mark.parametrize("text", ["", "0", "-1", "soon"])
def test_a_watchdog_of_no_time_is_none(text):
    """Containers pass on variables that are empty."""
    Notifier({"NOTIFY_SOCKET": "", "WATCHDOG_USEC": text}).alive()


def test_an_abstract_socket_is_reached():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0moodstream-test")
        systemd.settimeout(1)
        Notifier({"NOTIFY_SOCKET": "@moodstream-test"}).ready()
        assert systemd.recv(100) == b"READY=1"


def test_a_systemd_that_is_gone_stops_nothing(tmp_path):
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()


def test_without_systemd_nothing_happens():
    notifier = Notifier({})
    notifier.ready()
    notifier.alive()
    notifier.status("x")
    notifier.stopping()
