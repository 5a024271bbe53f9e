"""Publishers at a real broker, and what they log."""

import json
import subprocess

import pytest
from structlog.testing import capture_logs

from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection
from moodstream.mqtt.identity import Identity
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.publisher import Publisher
from tests.support.program import program


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
