"""The listener of the embedded broker: clients of any protocol, floods, a quick end."""

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mqtt.embedded.broker import EmbeddedBroker
from moodstream.mqtt.embedded.gate import MAX_CLIENTS, MAX_PACKET_BYTES, MAX_RETAINED
from moodstream.mqtt.url import Address
from tests.support.program import MOODSTREAM, free_port, program, wait_until


@pytest.fixture(scope="module")
def port():
    """Where a broker listens."""
    address = Address("127.0.0.1", free_port())
    broker = EmbeddedBroker(address)
    broker.start()
    yield address.port
    broker.stop()


def subscribe(port, *options):
    command = [program("mosquitto_sub"), "-p", str(port), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def publish(port, topic, payload, *options):
    command = [program("mosquitto_pub"), "-p", str(port), "-t", topic, "-s", "-q", "1", *options]
    return subprocess.run(command, input=payload, timeout=30, capture_output=True)


def reaches(port):
    """Whether a message still comes back."""
    with subscribe(port, "-t", "sign", "-C", "1", "-W", "10") as subscriber:
        publish(port, "sign", b"x", "-r")
        return subscriber.stdout.read() == "x\n"


@contextmanager
def connected(port, content):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(content)
        yield client


CONNECT = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01"
SUBSCRIBE = b"\x82\x06\x00\x01\x00\x01z\x01"


@pytest.mark.parametrize("version", ["5", "31"])
def test_other_versions_are_refused_in_their_own_words(port, version):
    with subscribe(port, "-V", version, "-t", "x", "-W", "10") as refused:
        _, error = refused.communicate(timeout=15)
    assert refused.returncode != 0
    assert "protocol version" in error.lower()
    assert reaches(port)


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda tail: CONNECT + tail))
def test_garbage_harms_nobody_else(port, content):
    with connected(port, content) as client:
        client.shutdown(socket.SHUT_WR)
        client.settimeout(5)
        client.recv(1 << 16)
    with connected(port, CONNECT + b"x") as client:
        client.settimeout(5)
        assert client.recv(4) == b"\x20\x02\x00\x00"


def test_a_session_ends_with_its_connection(port):
    """What waited for it would fill the memory."""
    keep = ["-t", "kept", "-q", "1", "-c", "-i", "keeper"]
    with subscribe(port, *keep) as keeper:
        time.sleep(1)
        keeper.kill()
    publish(port, "kept", b"missed")
    with subscribe(port, *keep, "-W", "2") as keeper:
        assert keeper.stdout.read() == ""


def test_a_client_that_has_not_subscribed_gets_nothing(port):
    """Not even what is retained at a topic that others have subscribed to."""
    publish(port, "others/current", b"state", "-r")
    with (
        subscribe(port, "-t", "others/current", "-W", "5") as other,
        connected(port, CONNECT + b"n") as client,
    ):
        assert other.stdout.readline() == "state\n"
        client.settimeout(3)
        assert client.recv(4) == b"\x20\x02\x00\x00"
        time.sleep(0.5)
        client.sendall(SUBSCRIBE)
        assert client.recv(100) == b"\x90\x03\x00\x01\x01"


def test_a_second_client_of_a_name_ends_the_first(port):
    """Otherwise the first would stay, without its subscriptions."""
    with connected(port, CONNECT + b"t") as first:
        first.settimeout(3)
        assert first.recv(4) == b"\x20\x02\x00\x00"
        with connected(port, CONNECT + b"t") as second:
            second.settimeout(3)
            assert second.recv(4) == b"\x20\x02\x00\x00"
            with suppress(ConnectionResetError):
                assert first.recv(4) == b""
            second.sendall(SUBSCRIBE)
            assert second.recv(5) == b"\x90\x03\x00\x01\x01"
            publish(port, "z", b"x")
            assert b"\x00\x01zx" in second.recv(100).replace(b"z\x00\x01", b"z")


def test_a_client_that_says_nothing_is_cut_off(port):
    keepalive_1_s = CONNECT[:10] + b"\x00\x01" + CONNECT[12:] + b"y"
    with connected(port, keepalive_1_s) as client:
        client.settimeout(5)
        assert client.recv(4) == b"\x20\x02\x00\x00"
        begun_s = time.monotonic()
        assert client.recv(4) == b""
        assert 1 < time.monotonic() - begun_s < 4


def test_a_packet_that_is_too_long_ends_the_connection(port):
    assert publish(port, "x", b"x" * (2 * MAX_PACKET_BYTES)).returncode != 0
    assert reaches(port)


def test_there_is_an_end_to_clients(port):
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(MAX_CLIENTS + 10)]
    time.sleep(0.5)
    ended = 0
    for one in sockets:
        one.setblocking(False)
        with suppress(BlockingIOError):
            try:
                ended += one.recv(1) == b""
            except ConnectionResetError:
                ended += 1
    assert ended >= 10
    for one in sockets:
        one.close()
    wait_until(lambda: reaches(port))


def test_a_subscriber_that_stopped_reading_does_not_fill_the_memory(port):
    process = psutil.Process()
    before_bytes = process.memory_info().rss
    with subscribe(port, "-t", "flood", "-q", "1") as stuck:
        time.sleep(1)
        stuck.send_signal(signal.SIGSTOP)
        line = b"x" * 100_000 + b"\n"
        command = [program("mosquitto_pub"), "-p", str(port), "-t", "flood", "-l"]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as flood:
            until_s = time.monotonic() + 5
            while time.monotonic() < until_s:
                flood.stdin.write(line)
            peak_bytes = process.memory_info().rss
            flood.kill()
        stuck.kill()
    assert peak_bytes - before_bytes < 100 << 20


def test_endless_topics_do_not_fill_the_memory(port):
    wait_until(lambda: reaches(port))
    with connected(port, CONNECT + b"r") as client:
        for n in range(MAX_RETAINED + 500):
            topic = b"many/%04d" % n
            client.sendall(b"\x31" + bytes([len(topic) + 3]) + b"\x00\x09" + topic + b"x")
        time.sleep(3)
        with subscribe(port, "-t", "many/#", "-W", "5", "-F", "%t") as subscriber:
            topics = subscriber.stdout.read().split()
    assert 0 < len(topics) <= MAX_RETAINED
    assert f"many/{MAX_RETAINED + 499}" in topics


def test_a_flood_of_small_messages_lets_others_in_and_the_broker_end():
    """Many of them stand in a buffer, and are read without waiting for anything."""
    port = free_port()
    broker = EmbeddedBroker(Address("127.0.0.1", port))
    broker.start()
    yes = subprocess.Popen(["yes"], stdout=subprocess.PIPE)
    command = [program("mosquitto_pub"), "-p", str(port), "-t", "x", "-l"]
    flood = subprocess.Popen(command, stdin=yes.stdout, stderr=subprocess.DEVNULL)
    try:
        with subscribe(port, "-t", "x", "-C", "300", "-W", "60") as subscriber:
            subscriber.communicate()
            assert subscriber.returncode == 0
        begun_s = time.monotonic()
        broker.stop()
        assert not broker._thread.is_alive()
        assert time.monotonic() - begun_s < 1
    finally:
        for process in (flood, yes):
            process.kill()
            process.communicate()


@pytest.mark.parametrize("stuck", [False, True])
def test_a_daemon_with_subscribers_of_any_protocol_stops_at_once(tmp_path, stuck):
    port = free_port()
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    command = [*MOODSTREAM, "run", "--broker", f"embedded://127.0.0.1:{port}"]
    log = (tmp_path / "log").open("w")
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=log
    ) as daemon:
        wait_until(lambda: reaches(port))
        subscribers = [
            subscribe(port, "-t", "#", *options)
            for options in (["-q", "1"], ["-q", "2"], ["-V", "5"], ["-V", "31"], ["-c", "-i", "k"])
        ]
        time.sleep(1)
        if stuck:
            for one in subscribers:
                one.send_signal(signal.SIGSTOP)
        begun_s = time.monotonic()
        daemon.terminate()
        assert daemon.wait(10) == 0
        assert time.monotonic() - begun_s < 5
        for one in subscribers:
            one.kill()
            one.communicate()
    log.close()
    assert "Traceback" not in (tmp_path / "log").read_text()
