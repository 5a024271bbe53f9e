"""A connection: certificates that are wrong, a message that is retained."""

import re

import pytest

from moodstream.mqtt.connection import tls_context
from tests.support.program import wait_until


@pytest.mark.parametrize(
    ("files", "named"),
    [
        (("absent", "", ""), "mqtt.ca_file 'absent': No such file"),
        (("", "client.key", ""), "mqtt.cert_file"),
        (("", "client.crt", "stranger.key"), "mqtt.cert_file"),
        (("", "", "client.key"), "set mqtt.cert_file as well"),
    ],
)
def test_which_certificate_is_wrong_is_said(certificates, monkeypatch, files, named):
    monkeypatch.chdir(certificates)
    with pytest.raises(ValueError, match=re.escape(named)):
        tls_context(*files)


def test_a_message_is_left_and_removed(mosquitto):
    connection = mosquitto.connection()
    connection.retain("room/x", "left")
    with mosquitto.subscriber("room/x", "-F", "%r %p") as lines:
        wait_until(lambda: lines == ["1 left"])
    connection.retain("room/x", "")
    with mosquitto.subscriber("room/x") as lines:
        assert lines == []
    mosquitto.kill()
    with pytest.raises(OSError, match="broker not reached: Connection refused"):
        connection.retain("room/x", "left")


def test_a_message_that_is_refused_is_an_error(guarded):
    connection = guarded.connection(username="me", password="pass", version="5")
    with pytest.raises(OSError, match="Not authorized"):
        connection.retain("room/mood/event", "x")
    with pytest.raises(OSError, match="broker refused"):
        guarded.connection(username="me", password="wrong").retain("x", "y")
