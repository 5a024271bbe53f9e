"""Conditions do to the waveform what they are called."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from moodstream_train.errors import TrainingError
from moodstream_train.measure.robustness import conditions
from moodstream_train.measure.robustness.conditions import CHEAP_MICROPHONE_HZ, PHONE_HZ
from tests.train.conftest import RATE
from tests.train.measuring import clip


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def sine(hz: float, level: float = 0.3, seconds: float = 2.0) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)).astype("f")


def gain_db(after: np.ndarray, before: np.ndarray) -> float:
    inside = slice(RATE // 2, -RATE // 2)
    return float(10 * np.log10(np.mean(after[inside] ** 2) / np.mean(before[inside] ** 2)))


def test_every_condition_of_the_protocol_is_there_and_keeps_length_and_scale() -> None:
    babble = np.random.default_rng(1).standard_normal(RATE).astype("f"), RATE
    street = np.random.default_rng(2).standard_normal(RATE).astype("f"), RATE
    room = np.exp(-np.arange(800) / 100).astype("f"), 16_000
    found = conditions.conditions(babble, [street], [room])
    assert list(found) == [
        *("gain -20 dB", "gain -10 dB", "gain +6 dB", "gain +12 dB"),
        *("white noise 20 dB", "pink noise 20 dB", "babble 20 dB", "street 20 dB"),
        *("white noise 10 dB", "pink noise 10 dB", "babble 10 dB", "street 10 dB"),
        *("small room", "measured room", "MP3 64 kb/s", "phone band", "cheap microphone"),
    ]
    samples = sine(440)
    for change in found.values():
        changed = change(samples, RATE, rng())
        assert changed.shape == samples.shape
        assert changed.dtype == np.float32
        assert np.abs(changed).max() <= 1.2
        again = pickle.loads(pickle.dumps(change))(samples, RATE, rng())  # noqa: S301
        assert np.array_equal(changed, again)
    assert "babble 10 dB" not in conditions.conditions()


def test_gain_is_clipped_at_full_scale() -> None:
    assert np.allclose(conditions.with_gain(sine(100, 0.1), RATE, rng(), 20), sine(100, 1.0))
    loud = conditions.with_gain(sine(100, 0.5), RATE, rng(), 12)
    assert loud.max() == 1
    assert loud.min() == -1


@pytest.mark.parametrize("snr_db", [20, 10])
def test_noise_and_babble_lie_as_far_below_the_clip_as_asked(snr_db: float) -> None:
    samples = sine(440)
    babble = np.random.default_rng(1).standard_normal(RATE // 2).astype("f"), RATE // 2
    for noisy in (
        conditions.with_noise(samples, RATE, rng(), 0.5, snr_db),
        conditions.with_sound(samples, RATE, rng(), [babble], snr_db),
    ):
        assert gain_db(noisy - samples, samples) == pytest.approx(-snr_db, abs=0.5)


def test_a_room_keeps_the_power_and_adds_a_tail() -> None:
    samples = sine(440)
    samples[RATE:] = 0
    echo = np.zeros(RATE // 2, "f")
    echo[[0, -1]] = 1.0
    heard = conditions.in_a_room(samples, RATE, rng(), [(echo, RATE)])
    assert np.mean(heard**2) == pytest.approx(np.mean(samples**2), rel=1e-3)
    assert np.abs(heard[RATE + 100 : RATE + RATE // 2 - 100]).max() > 0.05


def test_silence_stays_silence_in_noise() -> None:
    assert not conditions.with_noise(np.zeros(RATE, "f"), RATE, rng(), 0, 10).any()


def test_noise_has_its_colour() -> None:
    for slope, ratio in ((0.0, 1.0), (0.5, 0.5), (1.0, 0.25)):
        noise = conditions.coloured_noise(1 << 16, slope, rng())
        power = np.abs(np.fft.rfft(noise)) ** 2
        assert noise.std() == pytest.approx(1, abs=0.01)
        assert power[8192:16384].mean() / power[4096:8192].mean() == pytest.approx(ratio, rel=0.1)


@pytest.mark.parametrize(
    ("points", "hz", "expected_db"),
    [
        (PHONE_HZ, 1000, 0),
        (PHONE_HZ, 3300, 0),
        (PHONE_HZ, 100, -60),
        (PHONE_HZ, 5000, -60),
        (CHEAP_MICROPHONE_HZ, 1000, 0),
        (CHEAP_MICROPHONE_HZ, 3800, 9),
        (CHEAP_MICROPHONE_HZ, 150, -14),
    ],
)
def test_a_filter_has_the_response_of_its_points(
    points: tuple[tuple[float, float], ...], hz: float, expected_db: float
) -> None:
    samples = sine(hz)
    filtered = conditions.through_response(samples, RATE, rng(), points)
    # What the cut at the ends of a tone spreads is as loud as what a stop band lets through.
    tolerance_db = 25 if expected_db == -60 else 0.3
    assert gain_db(filtered, samples) == pytest.approx(expected_db, abs=tolerance_db)


def test_mp3_is_nearly_the_clip_at_its_place() -> None:
    samples = sine(440)
    packed = conditions.through_mp3(samples, RATE, rng())
    assert not np.array_equal(packed, samples)
    assert gain_db(packed - samples, samples) < -20


def test_babble_is_of_all_who_were_given_and_repeats_by_seed(tmp_path: Path) -> None:
    voices = [clip(tmp_path, f"voice {i}", "sad", group=f"actor {i}") for i in range(8)]
    babble, rate = conditions.babble_of(voices, seed=1)
    assert len(babble) / rate == conditions.BABBLE_S
    assert np.array_equal(babble, conditions.babble_of(voices, seed=1)[0])
    assert not np.array_equal(babble, conditions.babble_of(voices, seed=2)[0])
    assert (np.abs(babble.reshape(40, -1)).max(axis=1) > 0.1).all()
    with pytest.raises(TrainingError, match="found 5 voices to make babble of; give 6 or more"):
        conditions.babble_of(voices[:5])
