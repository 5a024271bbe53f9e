"""Variants of the waveform do what they say."""

from dataclasses import replace

import numpy as np
import pytest

from moodstream_train.recipe import Variants
from moodstream_train.waveform import effects as augment

RATE = 16000
UNVARIED = Variants(
    speed=0,
    reverb_share=0,
    babble_share=0,
    microphone_share=0,
    band_share=0,
    noise_share=0,
    clip_share=0,
)


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
    recipe = replace(UNVARIED, noise_share=1, noise_db=(20.0, 20.0))
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    varied = augment.vary(tone, RATE, recipe, np.random.default_rng(0))
    noise_db = 10 * np.log10(np.mean((varied - tone) ** 2) / np.mean(tone**2))
    assert noise_db == pytest.approx(-20, abs=0.2)


def test_speed_moves_length_and_pitch_together() -> None:
    recipe = replace(UNVARIED, speed=0.08)
    tone = np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE).astype(np.float32)
    varied = augment.vary(tone, RATE, recipe, np.random.default_rng(0))
    factor = len(tone) / len(varied)
    assert 0.01 < abs(factor - 1) <= 0.08
    peak = np.abs(np.fft.rfft(varied)).argmax() * RATE / len(varied)
    assert peak == pytest.approx(440 * factor, rel=0.01)


def spectrum_db(samples: np.ndarray, low_hz: float, high_hz: float) -> float:
    """Level of a band, decibels."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(10 * np.log10(power[(hz >= low_hz) & (hz < high_hz)].sum()))


def test_others_who_talk_lie_as_far_below_as_asked_and_are_drawn_anew_each_time() -> None:
    recipe = replace(UNVARIED, babble_share=1, noise_db=(10.0, 10.0))
    rng = np.random.default_rng(0)
    voices = [rng.standard_normal(5000).astype(np.float32) * level for level in (0.01, 1.0)]
    asked: list[int] = []

    def talker() -> np.ndarray:
        asked.append(len(asked) % 2)
        return voices[asked[-1]]

    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    varied = augment.vary(tone, RATE, recipe, rng, talker)
    below_db = 10 * np.log10(np.mean((varied - tone) ** 2) / np.mean(tone**2))
    assert below_db == pytest.approx(-10, abs=0.1)
    assert augment.TALKERS[0] <= len(asked) <= augment.TALKERS[1]
    alone = augment.vary(tone, RATE, recipe, rng)
    np.testing.assert_array_equal(alone, tone)


def test_those_who_talk_are_equally_loud() -> None:
    times = np.arange(2 * RATE) / RATE
    low, high = (np.sin(2 * np.pi * hz * times).astype(np.float32) for hz in (300, 3000))
    both = augment.babble([low, 0.01 * high], RATE, np.random.default_rng(0))
    assert spectrum_db(both, 200, 400) == pytest.approx(spectrum_db(both, 2900, 3100), abs=0.1)


def test_a_line_carries_its_band_alone() -> None:
    recipe = replace(
        UNVARIED, band_share=1, band_low_hz=(300.0, 300.0), band_high_hz=(3000.0, 3000.0)
    )
    noise = augment.coloured_noise(4 * RATE, 0, np.random.default_rng(0))
    varied = augment.vary(noise, RATE, recipe, np.random.default_rng(0))
    assert spectrum_db(varied, 400, 2900) == pytest.approx(spectrum_db(noise, 400, 2900), abs=0.1)
    for low_hz, high_hz in ((50, 190), (3700, 7900)):
        lost_db = spectrum_db(noise, low_hz, high_hz) - spectrum_db(varied, low_hz, high_hz)
        assert lost_db > 40  # of 60, as the ends of the noise click


def test_a_microphone_is_thin_below_or_dull_above_and_never_the_same() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([[db for _, db in augment.microphone(0.0, rng)] for _ in range(200)])
    assert drawn.max() == 0
    assert -36 <= drawn[:, 0].min() < -30
    assert -18 <= drawn[:, -1].min() < -15
    assert drawn[:, 0].max() > -3
    assert (drawn[:, 3:5] == 0).all()
    uneven = np.array([[db for _, db in augment.microphone(3.0, rng)] for _ in range(400)])
    assert uneven[:, 3].std() == pytest.approx(3, rel=0.2)


def test_what_is_too_loud_is_cut() -> None:
    recipe = replace(UNVARIED, clip_share=1, clip_db=(6.0, 6.0))
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    varied = augment.vary(tone, RATE, recipe, np.random.default_rng(0))
    most = 10 ** (-6 / 20)
    assert np.abs(varied).max() == pytest.approx(most, rel=1e-3)
    kept = np.abs(tone) < most * 0.99
    np.testing.assert_allclose(varied[kept], tone[kept], atol=1e-6)
