"""Variants of the waveform do what they say."""

import numpy as np
import pytest

from moodstream_train import augment
from moodstream_train.recipe import Variants

RATE = 16000


def test_white_noise_is_flat_and_pink_noise_falls_by_half_an_octave() -> None:
    for slope, ratio in ((0.0, 1.0), (0.5, 0.5)):
        noise = augment.coloured_noise(1 << 16, slope, np.random.default_rng(0))
        assert noise.std() == pytest.approx(1, abs=0.01)
        power = np.abs(np.fft.rfft(noise)) ** 2
        assert power[8192:16384].mean() / power[4096:8192].mean() == pytest.approx(ratio, rel=0.1)


def test_a_room_keeps_the_power_and_decays() -> None:
    response = augment.room_response(0.4, RATE, np.random.default_rng(0))
    assert np.sum(response**2) == pytest.approx(1, rel=1e-3)
    tail = response[400:]
    assert np.sum(tail[:1600] ** 2) > 30 * np.sum(tail[3200:4800] ** 2)


def test_noise_lies_as_far_below_the_signal_as_asked() -> None:
    recipe = Variants(speed=0, reverb_share=0, noise_share=1, noise_db=(20.0, 20.0))
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    varied = augment.vary(tone, RATE, recipe, np.random.default_rng(0))
    noise_db = 10 * np.log10(np.mean((varied - tone) ** 2) / np.mean(tone**2))
    assert noise_db == pytest.approx(-20, abs=0.2)


def test_speed_moves_length_and_pitch_together() -> None:
    recipe = Variants(speed=0.08, reverb_share=0, noise_share=0)
    tone = np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE).astype(np.float32)
    varied = augment.vary(tone, RATE, recipe, np.random.default_rng(0))
    factor = len(tone) / len(varied)
    assert 0.01 < abs(factor - 1) <= 0.08
    peak = np.abs(np.fft.rfft(varied)).argmax() * RATE / len(varied)
    assert peak == pytest.approx(440 * factor, rel=0.01)
