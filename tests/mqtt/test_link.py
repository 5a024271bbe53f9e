"""The log of trouble with a broker: why, what to do, never a flood."""

import time

import pytest

from moodstream.mqtt.connection import tls_context
from tests.support.program import wait_until


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_login_is_used_and_never_told(guarded, told, publish, version):
    publisher = publish(username="me", password="pass", version=version)
    publisher.state({"n": 1})
    wait_until(lambda: publisher._connected)
    refused = publish(username="me", password="hunter2", version=version)
    wait_until(lambda: "broker refused" in told())
    time.sleep(1.5)  # it tries again, and does not say so again
    assert not refused._connected
    assert told().count("broker refused") == 1
    assert "see mqtt.username and the password" in told()
    assert "hunter2" not in told()
    assert "hunter2" not in repr(refused._identity)


@pytest.mark.parametrize(
    ("broker", "files", "reason"),
    [
        ("broker", ("", "", ""), "mqtt.ca_file must contain"),
        ("broker", ("stranger.crt", "", ""), "mqtt.ca_file must contain"),
        ("misplaced", ("authority.crt", "", ""), "IP address mismatch"),
        ("broker", ("authority.crt", "", ""), "the broker may require a certificate"),
    ],
)
def test_why_tls_fails_is_said(encrypted, certificates, publish, told, broker, files, reason):
    url = encrypted(broker)
    tls = tls_context(*[name and str(certificates / name) for name in files])
    publisher = publish(url=url, tls=tls)
    wait_until(lambda: reason in told())
    assert not publisher._connected


def test_what_arrives_is_passed_on_but_not_what_was_retained(mosquitto, publish, told):
    heard = []
    mosquitto.publish("room/mood/set", "old", "-r")
    publish(listeners={"set": heard.append, "else": heard.append}).state({"n": 1})
    with mosquitto.subscriber("room/mood/availability") as lines:
        wait_until(lambda: lines == ["online"])
        mosquitto.publish("room/mood/set", "first")
        mosquitto.publish("room/mood/else", "second", "-r")
        wait_until(lambda: heard == [b"first", b"second"])
        mosquitto.kill()
        mosquitto.start()
    with mosquitto.subscriber("room/mood/availability") as lines:
        wait_until(lambda: lines[-1:] == ["online"])
        mosquitto.publish("room/mood/set", "third")
        wait_until(lambda: heard == [b"first", b"second", b"third"])
    assert "retained message ignored" in told()


def test_the_availability_of_an_earlier_run_is_no_trouble(mosquitto, publish, told):
    mosquitto.publish("room/mood/availability", "offline", "-r")
    publish().state({"n": 1})
    with mosquitto.subscriber("room/mood/availability") as lines:
        wait_until(lambda: lines[-1:] == ["online"])
    assert "warning" not in told()


def test_leaving_is_said_and_dying_too(mosquitto, publish):
    with mosquitto.subscriber("room/mood/availability") as lines:
        publisher = publish()
        publisher.state({"n": 1})
        wait_until(lambda: lines[-1:] == ["online"])
        publisher.stop()
        wait_until(lambda: lines[-1:] == ["offline"])
        publisher = publish()
        publisher.state({"n": 2})
        wait_until(lambda: lines[-1:] == ["online"])
        publisher._link._client._paho.socket().shutdown(2)  # as if the network were gone
        wait_until(lambda: "offline" in lines[2:])
        wait_until(lambda: lines[-1:] == ["online"])
