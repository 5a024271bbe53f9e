"""The publisher against a real broker that is killed, restarted and late."""

import json
import subprocess
import sys
import time
from itertools import pairwise

import pytest

from moodstream.mqtt.identity import Identity
from moodstream.mqtt.journal import Journal
from tests.support.mosquitto import Mosquitto
from tests.support.program import wait_until


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


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_no_event_is_lost_or_out_of_order_when_the_broker_is_restarted(mosquitto, publish, version):
    publisher = publish(version=version)
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


STREAM = """
import sys, time
from pathlib import Path
from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.publisher import Publisher
from moodstream.mqtt.identity import Identity

journal = Journal(1000, Path(sys.argv[2]))
connection = Connection(mqtt_url.parse(sys.argv[1]))
publisher = Publisher(Identity(connection, "room/mood", "stream"), journal)
publisher.start()
for seq in range(journal.last + 1, journal.last + int(sys.argv[3]) + 1):
    publisher.event({"seq": seq})
    time.sleep(0.02)
time.sleep(0.5)  # an end before there is a connection leaves the event for the next run
publisher.stop()
"""


def test_no_event_is_lost_or_out_of_order_when_daemons_are_killed(mosquitto, tmp_path):
    command = [sys.executable, "-c", STREAM, mosquitto.url, str(tmp_path)]
    with mosquitto.subscriber("room/mood/event") as lines:
        for kills in range(5):
            until = len(lines) + 10 * (kills + 1)
            stream = subprocess.Popen([*command, "1000000"])
            try:
                wait_until(lambda until=until: len(lines) >= until, 60)
            finally:
                stream.kill()
                stream.wait()
        for _ in range(5):  # a busy machine may not deliver all of it before it stops
            subprocess.run([*command, "1"], check=True)
            journal = Journal(1000, tmp_path)
            if not journal.waiting:
                break
            journal.close()
        assert (journal.waiting, journal.lost) == (0, 0)
        wait_until(lambda: f'{{"seq":{journal.last}}}' in lines)
        journal.close()
    numbers = [json.loads(line)["seq"] for line in lines]
    assert list(dict.fromkeys(numbers)) == list(range(1, journal.last + 1))
    assert len(numbers) <= journal.last + 5  # with each kill, one may come twice


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


def test_the_newest_state_comes_before_online(mosquitto, publish):
    """Each time that there is a connection: nobody may believe what is retained until then."""
    mosquitto.publish("room/mood/current", '{"n":"old"}', "-r")
    publisher = publish()
    with mosquitto.subscriber("room/mood/#", "-F", "%t %p") as lines:
        wait_until(lambda: publisher._connected)
        for n in range(3):
            publisher.state({"n": n})
            wait_until(lambda n=n: lines.count("room/mood/availability online") == n + 1)
            publisher._link._client._paho.socket().shutdown(2)  # as if the network were gone
            wait_until(lambda: not publisher._connected)
    before = [first for first, second in pairwise(lines) if second.endswith("online")]
    assert before[0] == 'room/mood/current {"n":0}'
    assert all(line.startswith("room/mood/current") for line in before)


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_frozen_broker_is_noticed_and_costs_no_event(mosquitto, publish, version, told):
    publisher = publish(version=version, keepalive_s=1)
    with mosquitto.subscriber("room/mood/event") as lines:
        publisher.event({"seq": 0})
        wait_until(lambda: lines)
        mosquitto.freeze()
        publisher.event({"seq": 1})
        wait_until(lambda: not publisher._connected)
        wait_until(lambda: "did not answer" in told())
        for n in range(2, 20):
            publisher.event({"seq": n})
        mosquitto.thaw()
        publisher.state({"n": 19})
        wait_until(lambda: '{"seq":19}' in lines)
        seen = list(dict.fromkeys(lines))
        assert seen == [f'{{"seq":{n}}}' for n in range(20)]
        assert len(lines) <= 21  # the one that was on its way may come twice
    with mosquitto.subscriber("room/mood/availability") as lines:
        wait_until(lambda: lines == ["online"])


def test_moving_from_a_frozen_broker_takes_along_what_waits(mosquitto, publish, tmp_path):
    (tmp_path / "other").mkdir()
    other = Mosquitto(tmp_path / "other")
    other.start()
    publisher = publish()
    with (
        mosquitto.subscriber("room/mood/#", "-F", "%t %p") as left,
        other.subscriber("den/mood/#", "-F", "%t %p") as lines,
    ):
        publisher.state({"n": 0})
        wait_until(lambda: 'room/mood/current {"n":0}' in left)
        mosquitto.freeze()
        for n in range(1, 4):
            publisher.event({"seq": n})
            publisher.state({"n": n})
        publisher.move(Identity(mosquitto.connection(), "nowhere", "test"))
        publisher.move(Identity(other.connection(), "den/mood", "test"))
        wait_until(lambda: 'den/mood/current {"n":3}' in lines)
        wait_until(lambda: 'den/mood/event {"seq":3}' in lines)
        events = [line for line in lines if "event" in line]
        assert events == [f'den/mood/event {{"seq":{n}}}' for n in range(1, 4)]
        assert lines.count("den/mood/availability online") == 1
        mosquitto.thaw()
        wait_until(lambda: left[-1] == "room/mood/availability offline")
    publisher.stop()
    other.kill()


def test_an_event_that_the_broker_refuses_is_said_and_blocks_no_other(guarded, told, publish):
    publisher = publish(username="me", password="pass", version="5")
    publisher.event({"seq": 1})
    publisher.event({"seq": 2})
    wait_until(lambda: publisher.lost_events == 2)
    assert publisher.waiting_events == 0
    wait_until(lambda: "broker refused a message" in told())


def test_a_second_daemon_at_the_same_topics_takes_nothing_away(mosquitto, publish, told):
    """Each retained "offline" of the one is contradicted by the other, which says why."""
    with mosquitto.subscriber("room/mood/availability") as lines:
        stays, leaves = publish(), publish()
        for publisher in (stays, leaves):
            publisher.state({"n": 1})
        wait_until(lambda: lines == ["online", "online"])
        leaves.stop()
        wait_until(lambda: lines[2:] == ["offline", "online"])
    assert "each needs its own mqtt.prefix" in told()
    with mosquitto.subscriber("room/mood/availability", "-F", "%r %p") as lines:
        wait_until(lambda: lines == ["1 online"])


def test_an_availability_that_somebody_removes_is_there_again(mosquitto, publish):
    """Home Assistant would show the daemon as unavailable after its next start."""
    with mosquitto.subscriber("room/mood/availability") as lines:
        publish().state({"n": 1})
        wait_until(lambda: lines == ["online"])
        mosquitto.publish("room/mood/availability", "", "-r")
        wait_until(lambda: lines == ["online", "online"])
