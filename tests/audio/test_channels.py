"""Faults of channels change nothing of what is heard, ordinary channels are the plain mean."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from moodstream.arrays import Float32
from moodstream.audio.channels import Mix
from moodstream.audio.chunk import mono
from moodstream.audio.formats.uncompressed.layout import raw_layout
from moodstream.audio.formats.uncompressed.pcm import decoded
from tests.support.signals import glide, noise

RATE = 16000
SETTLED_N = 3 * RATE
"""Samples after which a fault must have been recognised."""


def mixed(samples: Float32, sizes=(1000,), chosen=()) -> Float32:
    mix = Mix(samples.shape[1], RATE, chosen)
    parts, start, turn = [], 0, 0
    while start < len(samples):
        end = start + sizes[turn % len(sizes)]
        parts.append(mix.process(samples[start:end]))
        start, turn = end, turn + 1
    return np.concatenate(parts)


def faulty(seconds: float) -> Float32:
    """Six channels with one fault each, which come and go."""
    voice, hiss = glide(seconds), noise(seconds, level=0.003)
    other = np.where(np.arange(len(voice)) // (4 * RATE) % 2, voice, -voice)
    channels = [voice, other, voice * 0, voice + np.float32(0.02), hiss, voice]
    return np.stack(channels, axis=1).astype("f")


@cache
def in_one_block() -> list[tuple[NDArray[Any], Float32]]:
    """Floats and integers, and what they are mixed to at once."""
    floats = faulty(16)
    both = floats, np.round(floats * 2**15).astype(np.int16)
    return [(samples, mixed(samples, [1 << 20])) for samples in both]


@given(sizes=st.lists(st.integers(1, 30_000), min_size=1, max_size=5))
def test_blocks_of_any_sizes_give_the_same_bytes(sizes):
    if max(sizes) < 50:
        sizes = [*sizes, 1000]
    for samples, expected in in_one_block():
        np.testing.assert_array_equal(mixed(samples, sizes), expected)


@pytest.mark.parametrize("channels", [1, 2, 4])
@pytest.mark.parametrize("dtype", ["f4", "i2"])
def test_ordinary_channels_are_the_plain_mean(channels, dtype):
    samples = noise(8 * channels).reshape(-1, channels)
    samples += glide(8)[:, None] * np.linspace(1, 0.3, channels, dtype="f")
    if dtype == "i2":
        samples = np.round(samples * 2**14).astype(np.int16)
    np.testing.assert_array_equal(mixed(samples), mono(samples))


def test_opposite_phase_is_no_silence():
    voice = glide(8)
    found = mixed(np.stack([voice, -0.9 * voice], axis=1))[SETTLED_N:]
    np.testing.assert_allclose(np.abs(found), 0.95 * np.abs(voice[SETTLED_N:]), atol=1e-6)


def test_a_phase_that_turns_over_later_is_soon_heard():
    """A plug that is put in the other way round, half a minute after the start."""
    voice = glide(60)
    turned = np.where(np.arange(len(voice)) < 30 * RATE, voice, -voice)
    heard = mixed(np.stack([voice, turned], axis=1).astype("f"))
    np.testing.assert_allclose(np.abs(heard[39 * RATE :]), np.abs(voice[39 * RATE :]), atol=1e-6)


def test_a_dead_channel_takes_nothing_from_the_level():
    voice = glide(8)
    hiss = noise(8, level=1e-5)
    found = mixed(np.stack([hiss, voice], axis=1))[SETTLED_N:]
    np.testing.assert_array_equal(found, voice[SETTLED_N:])


def test_a_channel_that_comes_back_is_heard_again():
    first, second = glide(16), glide(16)
    second[: 8 * RATE] = 0
    found = mixed(np.stack([first, second], axis=1))
    np.testing.assert_allclose(found[11 * RATE :], first[11 * RATE :], atol=1e-6)


@pytest.mark.parametrize("offset", [0.01, 0.05, -0.4])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_constant_offset_is_taken_away(offset, channels):
    voice = glide(12)
    found = mixed(np.stack([voice] * channels, axis=1) + np.float32(offset))
    assert np.abs(found - voice)[SETTLED_N:].max() < 2e-3 * abs(offset) + 2e-4


def test_a_small_offset_in_a_quiet_room_is_taken_away():
    room = noise(12, level=3e-4)[:, None]
    found = mixed(room + np.float32(1e-3))
    assert np.abs(found - room[:, 0])[SETTLED_N:].max() < 1e-4


def test_deep_bass_is_no_offset():
    t = np.arange(20 * RATE) / RATE
    bass = (0.5 * np.sin(2 * np.pi * 21.3 * t)).astype("f")[:, None]
    np.testing.assert_array_equal(mixed(bass), mono(bass))


def test_the_chosen_channels_alone_are_heard():
    samples = faulty(3)
    np.testing.assert_array_equal(mixed(samples, chosen=(4,)), samples[:, 4])
    np.testing.assert_array_equal(mixed(samples, chosen=(0, 4)), mixed(samples[:, [0, 4]]))


def test_what_is_no_number_spoils_nothing_for_later():
    samples = faulty(8)
    samples[RATE : RATE + 5] = np.nan
    assert np.isfinite(mixed(samples)[RATE + 5 :]).all()


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("encoding", ["f32", "f64"])
def test_garbage_in_place_of_numbers_is_no_warning_and_is_forgotten(encoding):
    """A command that writes another encoding than the settings say, say."""
    layout = raw_layout(f"{RATE},2,{encoding}")
    mix = Mix(2, RATE)
    mix.process(decoded(np.random.default_rng(5).bytes(4 * RATE * layout.frame), layout))
    voice = np.stack([glide(4), glide(4)], axis=1)
    np.testing.assert_array_equal(mix.process(voice)[-RATE:], mono(voice)[-RATE:])
