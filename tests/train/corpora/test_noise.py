"""The sounds without a mood: the same everywhere, of every level, right nowhere."""

from pathlib import Path

import numpy as np
import soundfile

from moodstream_train.corpora import noise
from moodstream_train.dataset import splits
from moodstream_train.dataset.inputs import masks_of


def test_a_number_always_gives_the_same_noise_and_others_another() -> None:
    first = noise.make(3)
    assert first.dtype == np.float32
    assert len(first) == noise.SECONDS * noise.RATE
    np.testing.assert_array_equal(noise.make(3), first)
    assert not np.allclose(noise.make(4), first, atol=1e-3)


def test_levels_lie_in_their_range_and_nothing_clips_badly() -> None:
    made = [noise.make(number) for number in range(20)]
    levels = [20 * np.log10(np.sqrt(np.mean(samples**2))) for samples in made]
    assert min(levels) >= noise.LEVELS_DBFS[0] - 1
    assert max(levels) <= noise.LEVELS_DBFS[1] + 1
    assert max(levels) - min(levels) > 20
    assert all(np.isfinite(samples).all() for samples in made)


def test_they_are_written_once_and_no_mood_is_right(tmp_path: Path, few_noises: None) -> None:
    del few_noises
    clips = noise.load(tmp_path)
    samples, rate = soundfile.read(clips[0].path, dtype="float32")
    assert rate == noise.RATE
    np.testing.assert_allclose(samples, noise.make(0), atol=2**-15)
    written = clips[0].path.stat().st_mtime_ns
    assert noise.load(tmp_path) == clips
    assert clips[0].path.stat().st_mtime_ns == written
    assert not masks_of(clips).any()
    folds = splits.fold_of_groups(clips)
    assert all(0 <= folds[clip.group] < splits.FOLD_COUNT for clip in clips)
