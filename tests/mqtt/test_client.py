"""The client: bounded memory, encryption, growing waits, a quick end."""

import socket
import subprocess
import time
import tracemalloc

import pytest

from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.client import Client, Handlers
from moodstream.mqtt.connection import Connection, tls_context
from moodstream.mqtt.identity import Identity
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.publisher import Publisher
from moodstream.mqtt.trouble import Trouble
from tests.support.program import program, wait_until


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


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_tls_with_certificates_of_both(mosquitto, encrypted, certificates, publish, version):
    url = encrypted()
    files = [str(certificates / name) for name in ("authority.crt", "client.crt", "client.key")]
    publisher = publish(url=url, tls=tls_context(*files), version=version)
    with mosquitto.subscriber("room/mood/event") as lines:
        publisher.event({"seq": 1})
        wait_until(lambda: lines == ['{"seq":1}'])


def test_two_of_one_name_do_not_fight_for_ever(mosquitto, told):
    """They alternate, ever more slowly, and the log names the cause."""
    identity = Identity(mosquitto.connection(), "room/mood", "one-name")
    rivals = [Publisher(identity, Journal(10)) for _ in range(2)]
    for rival in rivals:
        rival.start()
    try:
        wait_until(lambda: "another client may have the same mqtt.client_id ('one-name')" in told())
        time.sleep(8)
        assert max(rival.reconnects for rival in rivals) <= 5  # after 1, 2, 4, 8 s
        assert told().count("log_level") <= 14  # of two
    finally:
        for rival in rivals:
            rival.stop()


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_broker_that_finds_a_message_too_large_is_named(mosquitto, publish, told, version):
    mosquitto.kill()
    mosquitto.configure("allow_anonymous true", "max_packet_size 500")
    mosquitto.start()
    publisher = publish(version=version)
    publisher.state({"filler": "x" * 1000})
    wait_until(lambda: "the largest without an answer has 1013 bytes, to room/mood/" in told())
    assert "max_packet_size" in told()
    time.sleep(3)
    assert told().count("log_level") <= 8


def test_closing_does_not_wait_for_a_host_that_does_not_answer():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        address = silent.getsockname()
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:  # the queue is full: who comes now gets no answer
            filler.setblocking(False)
            filler.connect_ex(address)
        client = Client(Connection(mqtt_url.Address(*address)), Handlers(), "x")
        client.open()
        time.sleep(0.3)
        begun_s = time.monotonic()
        client.close(5.0)
        assert time.monotonic() - begun_s < 1
        for filler in fillers:
            filler.close()


@pytest.mark.parametrize("away_s", [0, 2])
def test_a_broker_that_was_away_is_found_soon_however_often(mosquitto, away_s):
    troubles, ups = [], []
    handlers = Handlers(
        up=lambda: ups.append(time.monotonic()), down=lambda trouble, _: troubles.append(trouble)
    )
    client = Client(mosquitto.connection(), handlers, "den")
    client.open()
    try:
        for number in range(1, 6):
            wait_until(lambda number=number: len(ups) == number, 5)
            mosquitto.kill()
            time.sleep(away_s)
            mosquitto.start()
    finally:
        client.close(2)
    assert Trouble.DROPPED not in troubles


CONNACKS = {"3.1.1": b"\x20\x02\x00\x00", "5": b"\x20\x03\x00\x00\x00"}


def next_client(broker):
    while True:
        taken, _ = broker.accept()
        if taken.recv(1000):
            return taken
        taken.close()  # the client only looked whether the broker is there


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_nothing_that_a_broker_sends_ends_the_client(version):
    """Its thread would be gone, and with it all later connections."""
    properties = b"\x00" if version == "5" else b""
    topic_not_utf_8 = b"\x00\x02\xff\xfe" + properties
    packets = [
        b"\x30" + bytes([len(topic_not_utf_8)]) + topic_not_utf_8,
        *(b"\x30\x00", b"\x30\x03\x00\x09a", b"\x90\x02\x00\x01", b"\x40\x03\x00\x01\x55"),
        *(b"\xe0\x02\x82\x05", b"\x20\x02\x00\x55", b"\xff\xff\xff\xff\xff\xff", b"\xf0\x00"),
    ]
    with socket.create_server(("127.0.0.1", 0)) as broker:
        broker.settimeout(20)
        connection = Connection(mqtt_url.Address(*broker.getsockname()), version)
        client = Client(connection, Handlers(), "x", longest_wait_s=1)
        client.open()
        for packet in [*packets, b""]:
            with next_client(broker) as taken:
                taken.sendall(CONNACKS[version] + packet)
                time.sleep(0.05)
        client.close(1.0)
