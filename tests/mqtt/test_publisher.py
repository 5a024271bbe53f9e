"""The publisher against a real broker that is killed, restarted and late."""

import json
import re
import subprocess
import sys
import time
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection, tls_context
from moodstream.mqtt.identity import Identity
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.publisher import Publisher
from tests.support.mosquitto import Mosquitto
from tests.support.program import program, wait_until


@pytest.fixture
def told():
    """What is logged; not by pytest's capture, which must not be read while threads write."""
    with capture_logs() as entries:
        yield lambda: json.dumps(entries, default=str)


@pytest.fixture
def publish(mosquitto):
    made = []

    def make(journal_events=1000, listeners=(), url=mosquitto.url, **more):
        connection = Connection(mqtt_url.parse(url), **more)
        name, journal = f"test-{len(made)}", Journal(journal_events)
        identity = Identity(connection, "room/mood", name)
        publisher = Publisher(identity, journal, dict(listeners))
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
        subprocess.run([*command, "1"], check=True)
        journal = Journal(1000, tmp_path)
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


@pytest.fixture
def guarded(mosquitto, tmp_path):
    """The broker, with a user "me" of password "pass" who may not write events."""
    mosquitto.kill()
    passwords, access = tmp_path / "passwords", tmp_path / "access"
    subprocess.run([program("mosquitto_passwd"), "-b", "-c", passwords, "me", "pass"], check=True)
    passwords.chmod(0o644)
    access.write_text("topic readwrite #\nuser me\ntopic readwrite #\ntopic deny room/mood/event\n")
    access.chmod(0o644)
    mosquitto.configure(f"password_file {passwords}", f"acl_file {access}")
    mosquitto.start()
    return mosquitto


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


def test_an_event_that_the_broker_refuses_is_said_and_blocks_no_other(guarded, told, publish):
    publisher = publish(username="me", password="pass", version="5")
    publisher.event({"seq": 1})
    publisher.event({"seq": 2})
    wait_until(lambda: publisher.lost_events == 2)
    assert publisher.waiting_events == 0
    wait_until(lambda: "broker refused a message" in told())


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_tls_with_certificates_of_both(mosquitto, encrypted, certificates, publish, version):
    url = encrypted()
    files = [str(certificates / name) for name in ("authority.crt", "client.crt", "client.key")]
    publisher = publish(url=url, tls=tls_context(*files), version=version)
    with mosquitto.subscriber("room/mood/event") as lines:
        publisher.event({"seq": 1})
        wait_until(lambda: lines == ['{"seq":1}'])


@pytest.mark.parametrize(
    ("broker", "files", "reason"),
    [
        ("broker", ("", "", ""), "mqtt.ca_file must hold"),
        ("broker", ("stranger.crt", "", ""), "mqtt.ca_file must hold"),
        ("misplaced", ("authority.crt", "", ""), "IP address mismatch"),
        ("broker", ("authority.crt", "", ""), "the broker may want a certificate"),
    ],
)
def test_why_tls_fails_is_said(encrypted, certificates, publish, told, broker, files, reason):
    url = encrypted(broker)
    tls = tls_context(*[name and str(certificates / name) for name in files])
    publisher = publish(url=url, tls=tls)
    wait_until(lambda: reason in told())
    assert not publisher._connected


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


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_huge_message_neither_fills_the_memory_nor_costs_the_connection(
    mosquitto, publish, tmp_path, version
):
    heard = []
    publisher = publish(listeners={"set": heard.append}, version=version)
    publisher.state({"n": 1})
    with mosquitto.subscriber("room/mood/availability") as lines:
        wait_until(lambda: lines == ["online"])
    (tmp_path / "huge").write_bytes(b"x" * (64 << 20))
    tracemalloc.start()
    command = [
        program("mosquitto_pub"),
        "-p",
        str(mosquitto.port),
        "-t",
        "room/mood/set",
        "-q",
        "1",
    ]
    subprocess.run([*command, "-f", str(tmp_path / "huge")], check=True)
    mosquitto.publish("room/mood/set", "pause")
    wait_until(lambda: heard and heard[-1] == b"pause")
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 2_000_000
    assert publisher.reconnects == 0


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://host", ("host", 1883)),
        ("mqtt://host:1", ("host", 1)),
        ("mqtt://[::1]:8883/", ("::1", 8883)),
        ("mqtts://host", ("host", 8883)),
    ],
)
def test_urls(url, address):
    found = mqtt_url.parse(url)
    assert (found.host, found.port) == address
    assert mqtt_url.parse(str(found)) == found
    assert found.tls == url.startswith("mqtts")


@pytest.mark.parametrize("url", ["mqtt://host:0", "mqtts://host:0", "mqtt://host:65536", "mqtt://"])
def test_what_is_no_url_is_refused(url):
    with pytest.raises(ValueError, match=r"expected mqtt://HOST\[:PORT\]"):
        mqtt_url.parse(url)


@pytest.mark.parametrize(
    ("url", "listening", "reached"),
    [
        ("embedded", "mqtt://127.0.0.1:1883", "mqtt://127.0.0.1:1883"),
        ("embedded://0.0.0.0", "mqtt://0.0.0.0:1883", "mqtt://127.0.0.1:1883"),
        ("embedded://[::]:1", "mqtt://[::]:1", "mqtt://[::1]:1"),
        ("embedded://192.168.1.2:3", "mqtt://192.168.1.2:3", "mqtt://192.168.1.2:3"),
    ],
)
def test_where_the_embedded_broker_is(url, listening, reached):
    address = mqtt_url.embedded(url)
    assert str(address) == listening
    assert str(mqtt_url.reached(address)) == reached
    assert mqtt_url.embedded("mqtt://host") is None


@given(st.text())
def test_any_text_is_an_address_or_a_value_error(text):
    try:
        mqtt_url.parse("mqtt://" + text)
    except ValueError as error:
        assert str(error)
