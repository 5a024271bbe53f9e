"""A sample keeps the share of each label and the order."""

from pathlib import Path

import pytest

from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError
from moodstream_train.measure import sample

CLIPS = [
    Clip(Path(f"{label}-{i}.wav"), "speech", "actor 01", (0,), label)
    for label, count in (("sad", 20), ("calm", 10), ("happy", 1))
    for i in range(count)
]


def test_each_label_keeps_its_share_and_rare_labels_stay() -> None:
    drawn = sample.stratified(CLIPS, 0.5)
    labels = [clip.label for clip in drawn]
    assert [labels.count(label) for label in ("sad", "calm", "happy")] == [10, 5, 1]
    assert drawn == [clip for clip in CLIPS if clip in drawn]
    assert drawn == sample.stratified(CLIPS, 0.5)
    assert drawn != sample.stratified(CLIPS, 0.5, seed=1)


def test_few_clips_are_all_taken() -> None:
    assert sample.at_most(CLIPS, 100) == CLIPS
    assert len(sample.at_most(CLIPS, 10)) == pytest.approx(10, abs=2)


@pytest.mark.parametrize("share", [0, 1.5])
def test_a_share_outside_of_its_range_is_refused(share: float) -> None:
    with pytest.raises(TrainingError, match="share"):
        sample.stratified(CLIPS, share)
