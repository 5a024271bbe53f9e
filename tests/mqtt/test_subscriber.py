"""A subscriber: what it hears, and what it says of the connection."""

import time

from moodstream.messages.received import MAX_BYTES
from moodstream.mqtt.subscriber import subscribed
from tests.support.program import wait_until


def test_it_hears_a_daemon_and_nothing_else(mosquitto):
    mosquitto.publish("den/availability", "online", "-r")
    heard, links = [], []
    connection = mosquitto.connection()
    with subscribed(connection, "den", lambda *message: heard.append(message), links.append):
        wait_until(lambda: heard == [("den/availability", b"online")])
        mosquitto.publish("den/set", "pause")
        mosquitto.publish("other/current", "x")
        mosquitto.publish("den/event", "x" * 2 * MAX_BYTES)
        wait_until(lambda: len(heard) == 2)
    assert len(heard[1][1]) == MAX_BYTES + 1
    assert links == [""]


def test_it_says_what_is_wrong_and_connects_again(mosquitto):
    links = []
    with subscribed(mosquitto.connection(), "den", lambda *_: None, links.append):
        wait_until(lambda: links == [""])
        mosquitto.kill()
        wait_until(lambda: len(links) > 2)
        mosquitto.start()
        wait_until(lambda: links[-1] == "")
    assert links[1] == "disconnected: connection lost"
    assert links[2].startswith("broker not reached: Connection refused; is the broker running")


def test_a_refusal_is_said_once_for_each_attempt(guarded):
    links = []
    connection = guarded.connection(username="me", password="wrong")
    with subscribed(connection, "den", lambda *_: None, links.append):
        wait_until(lambda: links)
        time.sleep(0.5)
    assert len(links) == 1
    assert links[0].startswith("broker refused: ")
    assert "see mqtt.username and the password" in links[0]
