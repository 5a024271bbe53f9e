"""The publisher against a real broker that is killed, restarted and late."""

import json
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream import mqtt_url
from moodstream.journal import Journal
from moodstream.mqtt import Publisher
from moodstream.subscriber import line
from tests.conftest import program, wait_until


@pytest.fixture
def publish(mosquitto):
    made = []

    def make(journal_events=1000, **more):
        address = mqtt_url.parse(mosquitto.url)
        journal = Journal(journal_events)
        publisher = Publisher(address, "room/mood", f"test-{len(made)}", journal, **more)
        publisher.start()
        made.append(publisher)
        return publisher

    yield make
    for publisher in made:
        publisher.stop()


def test_the_newest_state_is_retained_and_events_are_not(mosquitto, publish):
    publisher = publish()
    with mosquitto.subscriber("room/mood/#", "-F", "%t %r %q %p") as lines:
        for n in range(20):
            publisher.state({"n": n})
            publisher.event({"seq": n})
        wait_until(lambda: 'room/mood/event 0 1 {"seq":19}' in lines)
        wait_until(lambda: 'room/mood/current 0 1 {"n":19}' in lines)
        events = [line for line in lines if "/event" in line]
        assert events == [f'room/mood/event 0 1 {{"seq":{n}}}' for n in range(20)]
    with mosquitto.subscriber("room/mood/#", "-F", "%t %r %q %p") as lines:
        wait_until(lambda: len(lines) == 2)
        assert sorted(lines) == [
            "room/mood/availability 1 1 online",
            'room/mood/current 1 1 {"n":19}',
        ]


def test_a_broker_that_comes_late_gets_every_event_and_the_newest_state(mosquitto, publish):
    mosquitto.kill()
    publisher = publish()
    for n in range(50):
        publisher.state({"n": n})
        publisher.event({"seq": n})
    mosquitto.start()
    with mosquitto.subscriber("room/mood/#", "-F", "%t %p") as lines:
        wait_until(lambda: 'room/mood/event {"seq":49}' in lines or len(lines) > 40)
        wait_until(lambda: 'room/mood/current {"n":49}' in lines)
        states = [line for line in lines if "/current" in line]
    assert states == ['room/mood/current {"n":49}']


def test_no_event_is_lost_or_out_of_order_when_the_broker_is_restarted(mosquitto, publish):
    publisher = publish()
    seen = []
    sent = 0
    for _ in range(3):
        with mosquitto.subscriber("room/mood/#", "-F", "%t %p", "-c", "-i", "sub") as lines:
            for _ in range(30):
                publisher.event({"seq": sent})
                sent += 1
                time.sleep(0.01)
            last = f'room/mood/event {{"seq":{sent - 1}}}'
            wait_until(lambda last=last: last in lines)
            mosquitto.kill()
            # Made while nobody is there; they must wait.
            publisher.event({"seq": sent})
            sent += 1
            publisher.state({"n": sent})
            mosquitto.start()
            seen += [json.loads(line.split(" ", 1)[1])["seq"] for line in lines if "event" in line]
    with mosquitto.subscriber("room/mood/#", "-F", "%t %p") as lines:
        wait_until(lambda: f'room/mood/current {{"n":{sent}}}' in lines)
        wait_until(lambda: "room/mood/availability online" in lines)
    # The first events of a restart may come before mosquitto_sub is back: what it saw is in order.
    assert sorted(set(seen)) == sorted(seen)
    assert len(seen) >= 90


def test_the_oldest_events_are_dropped_and_counted(mosquitto, publish):
    mosquitto.kill()
    publisher = publish(journal_events=10)
    for n in range(25):
        publisher.event({"seq": n})
    wait_until(lambda: publisher._journal.lost == 15)
    mosquitto.start()
    with mosquitto.subscriber("room/mood/event") as lines:
        wait_until(lambda: '{"seq":24}' in lines)
        assert set(lines) <= {f'{{"seq":{n}}}' for n in range(15, 25)}


def test_leaving_is_said_and_dying_too(mosquitto, publish):
    with mosquitto.subscriber("room/mood/availability") as lines:
        publisher = publish()
        wait_until(lambda: lines[-1:] == ["online"])
        publisher.stop()
        wait_until(lambda: lines[-1:] == ["offline"])
        publisher = publish()
        wait_until(lambda: lines[-1:] == ["online"])
        publisher._client.socket().shutdown(2)  # as if the network were gone
        wait_until(lambda: "offline" in lines[2:])
        wait_until(lambda: lines[-1:] == ["online"])


def test_a_login_is_used_and_never_told(tmp_path, mosquitto, capfd, publish):
    mosquitto.kill()
    passwords = tmp_path / "passwords"
    subprocess.run([program("mosquitto_passwd"), "-b", "-c", passwords, "me", "pass"], check=True)
    passwords.chmod(0o644)
    text = mosquitto._config.read_text().replace("anonymous true", "anonymous false")
    mosquitto._config.write_text(f"{text}password_file {passwords}\nuser root\n")
    mosquitto.start()
    publisher = publish(username="me", password="pass")
    publisher.state({"n": 1})
    wait_until(lambda: publisher._connected)
    refused = publish(username="me", password="hunter2")
    time.sleep(1)
    assert not refused._connected
    out, err = capfd.readouterr()
    assert "refused" in out + err
    assert "hunter2" not in out + err


def test_what_arrives_is_passed_on_but_not_what_was_retained(mosquitto, publish, capfd):
    heard = []
    mosquitto.publish("room/mood/set", "old", "-r")
    publish(listeners={"room/mood/set": heard.append, "else": heard.append})
    with mosquitto.subscriber("room/mood/availability") as lines:
        wait_until(lambda: lines == ["online"])
        mosquitto.publish("room/mood/set", "first")
        mosquitto.publish("else", "second", "-r")
        wait_until(lambda: heard == [b"first", b"second"])
        mosquitto.kill()
        mosquitto.start()
    with mosquitto.subscriber("room/mood/availability") as lines:
        wait_until(lambda: lines[-1:] == ["online"])
        mosquitto.publish("room/mood/set", "third")
        wait_until(lambda: heard == [b"first", b"second", b"third"])
    assert "retained message ignored" in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://host", ("host", 1883)),
        ("mqtt://host:1", ("host", 1)),
        ("mqtt://[::1]:8883/", ("::1", 8883)),
    ],
)
def test_urls(url, address):
    found = mqtt_url.parse(url)
    assert (found.host, found.port) == address


@given(st.text())
def test_any_text_is_an_address_or_a_value_error(text):
    try:
        mqtt_url.parse("mqtt://" + text)
    except ValueError as error:
        assert str(error)


@given(st.binary(), st.text())
def test_any_payload_can_be_shown(payload, topic):
    assert line(topic, payload)


def test_a_message_is_shown_in_a_line():
    message = {"time": "2026-11-22T20:15:03.250Z", "status": "ok", "mood": "sad", "confidence": 0.5}
    shown = line("mood/current", json.dumps(message).encode())
    assert "20:15:03" in shown
    assert "sad" in shown
    assert "50%" in shown
