"""The client: bounded memory, encryption, growing waits, a quick end."""

import subprocess
import tracemalloc

import pytest

from moodstream.mqtt.connection import tls_context
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
