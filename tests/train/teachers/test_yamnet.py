"""How a clip is cut for YAMNet, and which files are refused as YAMNet."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream_train.errors import TrainingError
from moodstream_train.teachers import yamnet
from moodstream_train.teachers.yamnet import Yamnet, frames

ROOT = Path(__file__).parents[3]


def noise(length: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, length).astype(np.float32)


@given(st.integers(1, 60_000))
def test_frames_hold_every_sample_once_in_its_place(length: int) -> None:
    samples = noise(length)
    found = frames(samples)
    hops = np.concatenate([found[:-1, : yamnet.HOP].ravel(), found[-1]])
    expected = samples * (0.9 / np.abs(samples).max())
    np.testing.assert_allclose(hops[:length], expected, rtol=1e-5)
    assert not hops[length:].any()
    for first, second in itertools.pairwise(found):
        np.testing.assert_array_equal(first[yamnet.HOP :], second[: yamnet.FRAME - yamnet.HOP])


@pytest.mark.parametrize(
    ("length", "count"), [(1, 1), (15_600, 1), (15_601, 2), (23_280, 2), (23_281, 3), (0, 0)]
)
def test_a_frame_is_added_only_for_samples_not_yet_heard(length: int, count: int) -> None:
    assert frames(noise(length)).shape == (count, 15_600)


def test_loudness_does_not_matter_and_silence_stays_silent() -> None:
    samples = noise(20_000)
    np.testing.assert_allclose(frames(samples), frames(samples * np.float32(0.01)), rtol=1e-4)
    assert not frames(np.zeros(20_000, np.float32)).any()


def test_another_model_is_not_taken_for_yamnet(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="not YAMNet"):
        Yamnet(ROOT / "models" / "cnn.tflite")
    (tmp_path / "text.tflite").write_text("no model")
    with pytest.raises(TrainingError, match="not a TFLite model"):
        Yamnet(tmp_path / "text.tflite")
    with pytest.raises(TrainingError, match="cannot be read"):
        Yamnet(tmp_path / "missing.tflite")
