"""Errors of commands, and their exit statuses."""

import subprocess
import sys

import pytest

from moodstream.audio.portaudio import CaptureError
from moodstream.bundle.bundle import BundleError
from moodstream.cli.failure import EX_CONFIG, EX_TEMPFAIL, Failure, failures
from moodstream.config.sections import ConfigError
from moodstream.mqtt.trouble import BrokerError


@pytest.mark.parametrize(
    ("error", "status"),
    [(ConfigError, EX_CONFIG), (BundleError, EX_CONFIG), (BrokerError, 1), (CaptureError, 1)],
)
def test_each_kind_has_its_exit_status(error, status):
    with pytest.raises(Failure) as caught, failures():
        raise error("what was found")
    assert caught.value.exit_code == status
    assert caught.value.message == "what was found"


def test_other_errors_stay_what_they_are():
    with pytest.raises(ZeroDivisionError), failures():
        raise ZeroDivisionError


def test_a_frozen_audio_server_ends_the_process_at_once():
    code = """
import atexit
from moodstream.audio.portaudio import CaptureStuckError
from moodstream.cli.failure import failures
atexit.register(print, "a farewell, which would hang")
with failures():
    raise CaptureStuckError
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (EX_TEMPFAIL, "")
