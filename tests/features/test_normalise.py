from dataclasses import replace

import numpy as np
import pytest

from moodstream.features.normalise import NormalisationSpec, Normaliser, Room
from tests.support.signals import noise


def test_normaliser_starts_from_the_prior_and_learns_what_is_audible():
    spec = NormalisationSpec(
        mean=(0.0, 10.0), std=(1.0, 2.0), prior_frames=1000, memory_frames=10**6
    )
    normaliser = Normaliser(spec)
    frames = np.array([[1.0, 14.0]], np.float32)
    np.testing.assert_allclose(normaliser.process(frames, audible=False), [[1, 2]], rtol=1e-5)
    room = (np.random.default_rng(3).standard_normal((3200, 2)) * 4 + 5).astype(np.float32)
    for start in range(0, len(room), 32):
        normaliser.process(room[start : start + 32], audible=False)
    np.testing.assert_allclose(normaliser.process(frames, audible=False), [[1, 2]], rtol=1e-5)
    for _ in range(30):
        for start in range(0, len(room), 32):
            found = normaliser.process(room[start : start + 32], audible=True)
    assert normaliser.frames_heard == 30 * 3200
    heard = (room[-32:] - room.mean(axis=0)) / room.std(axis=0)
    np.testing.assert_allclose(found, heard, atol=0.15)
    normaliser.reset()
    np.testing.assert_allclose(normaliser.process(frames, audible=False), [[1, 2]], rtol=1e-5)


def test_what_was_heard_weighs_as_much_as_the_prior_after_its_frames():
    spec = NormalisationSpec(mean=(0.0,), std=(1.0,), prior_frames=640, memory_frames=10**6)
    normaliser = Normaliser(spec)
    for _ in range(20):
        normaliser.process(np.full((32, 1), 4, np.float32), audible=True)
    # Half of each: mean 2; mean square (1 + 16) / 2, so the variance is 8.5 - 4.
    found = normaliser.process(np.array([[5.0]], np.float32), audible=False)
    assert found[0, 0] == pytest.approx((5 - 2) / np.sqrt(4.5), rel=1e-3)


SPEC = NormalisationSpec(mean=(0.0, 3.0), std=(1.0, 2.0), prior_frames=50, memory_frames=200)


def test_what_was_learnt_can_be_taken_up_elsewhere():
    frames = noise(1).reshape(-1, 2) * 30
    one, other = Normaliser(SPEC), Normaliser(SPEC)
    one.process(frames, audible=True)
    assert one.room.problems() == []
    other.take_up(one.room)
    assert other.room == one.room
    for audible in (False, True, True):
        found, expected = (it.process(frames[:64], audible) for it in (other, one))
        np.testing.assert_array_equal(found, expected)


def test_what_is_older_than_the_memory_fades():
    normaliser = Normaliser(SPEC)
    for level in (8.0, -2.0):
        for _ in range(100):
            normaliser.process(np.full((32, 2), level, "f"), audible=True)
    np.testing.assert_allclose(normaliser.room.mean, -2, atol=1e-3)


def test_a_room_never_weighs_more_than_its_memory():
    assert [SPEC.trust(frames) for frames in (0, 50, 200, 10**9)] == [0, 0.5, 0.8, 0.8]
    normaliser = Normaliser(SPEC)
    for _ in range(1000):
        normaliser.process(np.full((32, 2), 8.0, "f"), audible=True)
    # Four parts of the room, whose values are all 8, and one of the prior.
    mean = 0.8 * 8 + 0.2 * np.array(SPEC.mean)
    square = 0.8 * 64 + 0.2 * (np.array(SPEC.std) ** 2 + np.array(SPEC.mean) ** 2)
    found = normaliser.process(np.full((1, 2), 5.0, "f"), audible=False)
    np.testing.assert_allclose(found[0], (5 - mean) / np.sqrt(square - mean**2), rtol=1e-3)


def test_no_frames_teach_nothing():
    normaliser = Normaliser(SPEC)
    assert normaliser.process(np.zeros((0, 2), "f"), audible=True).shape == (0, 2)
    assert normaliser.frames_heard == 0


def test_what_contradicts_itself_is_told():
    assert "mean has 2 values, std has 1" in replace(SPEC, std=(1.0,)).problems()[0]
    assert "mean has 1 values, square has 2" in Room(1, (0.0,), (1.0, 1.0)).problems()[0]
    assert "below the square of its mean" in Room(1, (2.0,), (3.0,)).problems()[0]
    assert Room(1, (2.0,), (4.0,)).problems() == []
