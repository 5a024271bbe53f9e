"""A program that publishes."""

import subprocess

import pytest

from tests.support.program import program


@pytest.fixture
def publish(mosquitto):
    def publish(topic, payload, *options):
        command = [program("mosquitto_pub"), "-p", str(mosquitto.port), "-t", topic, "-s", *options]
        subprocess.run(command, input=payload, check=True)

    return publish
