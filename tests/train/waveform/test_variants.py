"""Variants of a clip change as their recipe says."""

from dataclasses import replace

import numpy as np
import pytest

from moodstream_train.recipe import Variants
from moodstream_train.waveform import effects, variants
from moodstream_train.waveform.background import Background, Presence
from moodstream_train.waveform.variants import Surroundings

RATE = 16000
UNVARIED = Variants(
    speed=0,
    reverb_share=0,
    background_share=0,
    pause_share=0,
    babble_share=0,
    microphone_share=0,
    band_share=0,
    noise_share=0,
    clip_share=0,
)


ALONE = Surroundings()
VOICE: Presence = (1.0, 0.0)


def changed(
    samples: np.ndarray,
    recipe: Variants,
    rng: np.random.Generator,
    around: Surroundings = ALONE,
) -> np.ndarray:
    """Return the samples of a variant of a voice."""
    return variants.vary(samples, RATE, VOICE, recipe, rng, around).samples


def test_noise_lies_as_far_below_the_signal_as_asked() -> None:
    recipe = replace(UNVARIED, noise_share=1, noise_db=(20.0, 20.0))
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    varied = changed(tone, recipe, np.random.default_rng(0))
    noise_db = 10 * np.log10(np.mean((varied - tone) ** 2) / np.mean(tone**2))
    assert noise_db == pytest.approx(-20, abs=0.2)


def test_speed_moves_length_and_pitch_together() -> None:
    recipe = replace(UNVARIED, speed=0.08)
    tone = np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE).astype(np.float32)
    varied = changed(tone, recipe, np.random.default_rng(0))
    factor = len(tone) / len(varied)
    assert 0.01 < abs(factor - 1) <= 0.08
    peak = np.abs(np.fft.rfft(varied)).argmax() * RATE / len(varied)
    assert peak == pytest.approx(440 * factor, rel=0.01)


def test_a_pause_is_silent_and_leaves_the_rest_as_it_was() -> None:
    recipe = replace(UNVARIED, pause_share=1, pause_s=(0.5, 1.0), until_pause_s=(1.0, 2.0))
    sound = np.random.default_rng(1).uniform(0.1, 1, 20 * RATE).astype(np.float32)
    varied = changed(sound, recipe, np.random.default_rng(0))
    silent = varied == 0
    kept = np.isclose(varied, sound, atol=1e-6)
    edges = np.flatnonzero(np.diff(silent.astype(int)))
    lengths_s = np.diff(edges)[::2] / RATE
    assert len(lengths_s) > 5
    assert lengths_s.min() > 0.45
    assert lengths_s.max() <= 1.0
    ramps_s = (~silent & ~kept).sum() / RATE
    assert ramps_s <= 2 * effects.RAMP_S * (len(lengths_s) + 1)


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
    varied = changed(tone, recipe, rng, Surroundings(talker=talker))
    below_db = 10 * np.log10(np.mean((varied - tone) ** 2) / np.mean(tone**2))
    assert below_db == pytest.approx(-10, abs=0.1)
    assert variants.BABBLE_TALKERS[0] <= len(asked) <= variants.BABBLE_TALKERS[1]
    alone = changed(tone, recipe, rng)
    np.testing.assert_array_equal(alone, tone)


def test_a_line_carries_its_band_alone() -> None:
    recipe = replace(
        UNVARIED, band_share=1, band_low_hz=(300.0, 300.0), band_high_hz=(3000.0, 3000.0)
    )
    noise = effects.coloured_noise(4 * RATE, 0, np.random.default_rng(0))
    varied = changed(noise, recipe, np.random.default_rng(0))
    assert spectrum_db(varied, 400, 2900) == pytest.approx(spectrum_db(noise, 400, 2900), abs=0.1)
    for low_hz, high_hz in ((50, 190), (3700, 7900)):
        lost_db = spectrum_db(noise, low_hz, high_hz) - spectrum_db(varied, low_hz, high_hz)
        assert lost_db > 40  # of 60, as the ends of the noise click


def test_what_is_too_loud_is_cut() -> None:
    recipe = replace(UNVARIED, clip_share=1, clip_db=(6.0, 6.0))
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    varied = changed(tone, recipe, np.random.default_rng(0))
    most = 10 ** (-6 / 20)
    assert np.abs(varied).max() == pytest.approx(most, rel=1e-3)
    kept = np.abs(tone) < most * 0.99
    np.testing.assert_allclose(varied[kept], tone[kept], atol=1e-6)


def test_a_background_lies_as_far_below_as_asked_and_may_be_heard() -> None:
    music = np.random.default_rng(1).standard_normal(5000).astype(np.float32)
    around = Surroundings(background=lambda: Background(music, (None, 1.0)))
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    for below_db, heard in ((10.0, (1.0, 1.0)), (24.0, (1.0, None))):
        recipe = replace(UNVARIED, background_share=1, background_db=(below_db, below_db))
        made = variants.vary(tone, RATE, VOICE, recipe, np.random.default_rng(0), around)
        added = np.mean((made.samples - tone) ** 2) / np.mean(tone**2)
        assert 10 * np.log10(added) == pytest.approx(-below_db, abs=0.1)
        assert made.heard == heard


def test_without_a_background_the_same_is_heard_as_before() -> None:
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    loud = replace(UNVARIED, noise_share=1, noise_db=(0.0, 0.0), clip_share=1)
    for heard in (VOICE, (None, 1.0), (0.0, 0.0)):
        made = variants.vary(tone, RATE, heard, loud, np.random.default_rng(0), ALONE)
        assert made.heard == heard
        assert made.samples.dtype == np.float32


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_room_is_measured_or_drawn_by_its_share(share: float) -> None:
    recipe = replace(UNVARIED, reverb_share=1, measured_share=share)
    response = np.zeros(800, np.float32)
    response[[0, 700]] = 0.8, 0.6
    around = Surroundings(room=lambda: response)
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    made = changed(tone, recipe, np.random.default_rng(0), around)
    echoed = 0.8 * tone
    echoed[700:] += 0.6 * tone[:-700]
    assert np.allclose(made, echoed, atol=1e-4) == bool(share)
