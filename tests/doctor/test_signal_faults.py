"""Faults of microphones, made by formula, and sounds that have none."""

import numpy as np
import pytest

from moodstream.doctor.signal_faults import faults, hum
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


def test_the_recording_has_none(recording):
    samples, rate = recording
    for start in range(0, len(samples) - 3 * rate, 20 * rate):
        part = samples[start : start + 3 * rate]
        if np.abs(part).max() > 0.01:
            assert found(part, part, rate=rate) == [], start / rate


def test_a_constant_offset():
    (what,) = found(noise(3, RATE, 0.05), noise(3, RATE, 0.05) - 0.12)
    assert what == "channel 1 with a constant offset: -12% of full scale"


def test_clipping():
    (what,) = found(np.clip(noise(3, RATE, 0.6), -1, 1))
    assert what.startswith("a signal with clipping")


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_hum_of_the_mains(mains_hz):
    sound = tones(mains_hz * 1.002) + noise(3, RATE, 0.005)
    assert hum(sound, RATE) == mains_hz
    (what,) = found(sound)
    assert what == f"a signal with hum: mostly {mains_hz} Hz of the mains"


def test_a_low_note_is_no_hum():
    assert hum(tones(55), RATE) == 0


def test_a_dead_channel():
    (what,) = found(noise(3, RATE, 0.1), noise(3, RATE, 1e-5), noise(3, RATE, 0.05))
    assert what.startswith("channel 1 without a signal: -100 dBFS, -20 in another channel")
    (finding,) = faults(np.stack([0 * noise(3, RATE), noise(3, RATE, 0.1)], axis=1), RATE)
    assert finding.todo.startswith("set audio.channels = [1]")


def test_opposite_phase():
    sound = glide(3, RATE)
    (what,) = found(sound, -0.9 * sound)
    assert what.startswith("channels 0 and 1 are of opposite phase")
    assert found(sound, np.roll(sound, 200)) == []


def test_silence_has_no_faults_but_those_that_can_be_seen():
    assert found(noise(3, RATE, 1e-6), noise(3, RATE, 1e-6)) == []


def test_a_fault_of_several_channels_is_one_finding():
    clipped = np.clip(noise(3, RATE, 0.6), -1, 1)
    (what,) = found(clipped, clipped, 0.5 * clipped)
    assert what.startswith("channels 0 and 1 with clipping")
