"""Each fault is named, a good signal has none."""

import numpy as np
import pytest

from moodstream.audio.signal_faults import faults
from tests.support.signals import glide, noise

RATE = 16000
VOICE = glide(3)
OTHER = noise(3, level=0.02)
T = np.arange(len(VOICE)) / RATE


def stereo(first, second):
    return np.stack([first, second], axis=1).astype(np.float32)


@pytest.mark.parametrize("rate", [16000, 44100])
def test_a_good_signal_has_none(rate, recording):
    samples, recording_rate = recording
    music = samples[60 * recording_rate : 63 * recording_rate]
    assert not faults(stereo(music, music), recording_rate).sentences()
    assert not faults(
        stereo(glide(3, rate) + noise(3, rate, 0.01), glide(3, rate)), rate
    ).sentences()
    assert not faults(np.zeros((rate, 2), np.float32), rate).sentences()


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        (stereo(VOICE + 0.01, VOICE), "a constant offset of 1 % of full scale"),
        (stereo(VOICE, np.clip(20 * VOICE, -1, 1)), "of the samples are clipped"),
        (stereo(VOICE, 0 * VOICE), "channel 1 carries nothing"),
        (stereo(VOICE, -0.5 * VOICE), "channel 1 has the opposite phase"),
        (stereo(OTHER, OTHER + 0.1 * np.sin(100 * np.pi * T)), "hum of 50 Hz"),
        (stereo(OTHER, 0.1 * np.sign(np.sin(120 * np.pi * T))), "hum of 60 Hz"),
    ],
)
def test_each_fault_is_named(samples, said):
    (found,) = faults(samples, RATE).sentences()
    assert said in found
