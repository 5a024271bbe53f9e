"""Findings about signals, made by formula; the measures are tested in tests/audio."""

import numpy as np
import pytest

from moodstream.doctor.signal_faults import faults
from tests.support.signals import glide, noise

RATE = 48000


def found(*channels, rate=RATE):
    return [finding.what for finding in faults(np.stack(channels, axis=1).astype("f"), rate)]


def tones(mains_hz, level=0.1, seconds=3):
    t = np.arange(seconds * RATE) / RATE
    return level * sum(np.sin(2 * np.pi * k * mains_hz * t) / k for k in (1, 2, 3))


@pytest.mark.parametrize("sound", [glide(3, RATE), noise(3, RATE, 0.01), noise(3, RATE, 0.2)])
def test_a_sound_that_is_well_has_none(sound):
    sound = np.clip(sound, -0.99, 0.99)
    assert found(sound) == []
    assert found(sound, sound) == []
    assert found(sound, 0.3 * sound) == []
    assert found(sound + 0.001) == []


def test_the_recording_has_none(recording):
    samples, rate = recording
    for start in range(0, len(samples) - 3 * rate, 20 * rate):
        part = samples[start : start + 3 * rate]
        if np.abs(part).max() > 0.01:
            assert found(part, part, rate=rate) == [], start / rate


def test_a_constant_offset():
    (what,) = found(noise(3, RATE, 0.05), noise(3, RATE, 0.05) - 0.12)
    assert what == "channel 1 with a constant offset: -12% of full scale"


def test_clipping_of_one_channel_and_of_two():
    clipped = np.clip(noise(3, RATE, 0.6), -1, 1)
    assert found(clipped)[0].startswith("a signal with clipping")
    (what,) = found(clipped, clipped, 0.5 * clipped)
    assert what.startswith("channels 0 and 1 with clipping")


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_hum_of_the_mains(mains_hz):
    (what,) = found(tones(mains_hz * 1.001) + noise(3, RATE, 0.005))
    assert what.startswith(f"hum of {mains_hz} Hz from the mains is ")


def test_a_low_note_is_no_hum():
    assert found(tones(55)) == []


def test_a_dead_channel():
    (finding,) = faults(np.stack([0 * noise(3, RATE), noise(3, RATE, 0.1)], axis=1), RATE)
    assert finding.what == "channel 0 without a signal, unlike the others"
    assert finding.todo.startswith("set audio.channels = [1]")


def test_opposite_phase():
    sound = glide(3, RATE)
    (what,) = found(sound, -0.9 * sound)
    assert what == "channel 1 of opposite phase to the loudest channel"


@pytest.mark.parametrize("offset", [0.03, -0.4])
def test_opposite_phase_with_an_offset(offset):
    sound = glide(3, RATE)
    first, second = found(sound + np.float32(offset), np.float32(offset) - 0.9 * sound)
    assert first.startswith("channels 0 and 1 with a constant offset: ")
    assert second == "channel 1 of opposite phase to the loudest channel"


def test_silence_has_no_faults():
    assert found(noise(3, RATE, 1e-6), noise(3, RATE, 1e-6)) == []
