"""A microphone that is listened to for three seconds: a null sink of a real sound server."""

import numpy as np
import pytest
import soundfile

from tests.support.program import run_program
from tests.support.signals import noise


@pytest.fixture
def judged(pulseaudio, tmp_path):
    """What the doctor finds while channels are played."""

    def judge(*channels):
        path = tmp_path / "played.wav"
        soundfile.write(path, np.stack(channels, axis=1), 48000, "FLOAT")
        player = pulseaudio.play(path)
        try:
            environment = {**pulseaudio.environment, "HOME": str(tmp_path)}
            text = run_program("doctor", "--broker", "mqtt://127.0.0.1:1", env=environment).stdout
        finally:
            player.kill()
            player.wait()
        return text[text.index("\nMicrophone\n") : text.index("\nBroker\n")]

    return judge


def test_two_channels_of_opposite_phase_are_no_silence(judged):
    sound = noise(60, 48000)
    text = judged(sound, -sound)
    assert "of opposite phase to the loudest channel" in text


def test_a_dead_channel_and_an_offset_are_named(judged):
    sound = noise(60, 48000) + 0.2
    text = judged(sound, 0 * sound)
    assert "channel 0 with a constant offset: +20%" in text
    assert "channel 1 without a signal" in text
