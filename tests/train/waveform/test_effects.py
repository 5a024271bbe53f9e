"""Variants of the waveform do what they say."""

import numpy as np
import pytest

from moodstream_train.waveform import effects

RATE = 16000


def test_white_noise_is_flat_and_pink_noise_falls_by_half_an_octave() -> None:
    for slope, ratio in ((0.0, 1.0), (0.5, 0.5)):
        noise = effects.coloured_noise(1 << 16, slope, np.random.default_rng(0))
        assert noise.std() == pytest.approx(1, abs=0.01)
        power = np.abs(np.fft.rfft(noise)) ** 2
        assert power[8192:16384].mean() / power[4096:8192].mean() == pytest.approx(ratio, rel=0.1)


def test_a_room_keeps_the_power_and_decays() -> None:
    response = effects.room_response(0.4, RATE, np.random.default_rng(0))
    assert np.sum(response**2) == pytest.approx(1, rel=1e-3)
    tail = response[400:]
    assert np.sum(tail[:1600] ** 2) > 30 * np.sum(tail[3200:4800] ** 2)


def spectrum_db(samples: np.ndarray, low_hz: float, high_hz: float) -> float:
    """Level of a band, decibels."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(10 * np.log10(power[(hz >= low_hz) & (hz < high_hz)].sum()))


def test_those_who_talk_are_equally_loud() -> None:
    times = np.arange(2 * RATE) / RATE
    low, high = (np.sin(2 * np.pi * hz * times).astype(np.float32) for hz in (300, 3000))
    both = effects.babble([low, 0.01 * high], RATE, np.random.default_rng(0))
    assert spectrum_db(both, 200, 400) == pytest.approx(spectrum_db(both, 2900, 3100), abs=0.1)


def test_a_microphone_is_thin_below_or_dull_above_and_never_the_same() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([[db for _, db in effects.microphone(0.0, rng)] for _ in range(200)])
    assert drawn.max() == 0
    assert -36 <= drawn[:, 0].min() < -30
    assert -18 <= drawn[:, -1].min() < -15
    assert drawn[:, 0].max() > -3
    assert (drawn[:, 3:5] == 0).all()
    uneven = np.array([[db for _, db in effects.microphone(3.0, rng)] for _ in range(400)])
    assert uneven[:, 3].std() == pytest.approx(3, rel=0.2)
