"""Streams are of the clips that were given, change when they say, and are heard as they are."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError
from moodstream_train.measure import playback, streams
from tests.train.measuring import clip


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    voices = [clip(tmp_path, f"{mood} {i}", mood, 1 + 0.3 * i) for mood in MOODS for i in range(2)]
    return voices + [clip(tmp_path, f"{q} {i}", q, 3 + i) for q in QUADRANTS for i in range(2)]


@pytest.mark.parametrize("kind", streams.KINDS)
def test_a_stream_is_as_long_and_changes_as_often_as_asked(
    clips: list[Clip], kind: streams.Kind
) -> None:
    stream = streams.make(clips, kind, 1, length_s=60, segment_s=(5, 12))
    lengths_s = [segment.length_n / streams.RATE for segment in stream.segments]
    assert sum(lengths_s) == 60
    assert all(5 <= own <= 17 for own in lengths_s)  # the last takes what is too short to stand
    named = [segment.quadrant for segment in stream.segments]
    assert all(a != b for a, b in pairwise(named))
    for segment in stream.segments:
        assert {streams.quadrant_of(one) for one in segment.clips} == {segment.quadrant}
        corpora = {one.corpus for one in segment.clips}
        assert len(corpora) == 1
        if kind != "mixed":
            assert corpora == {{"voice": "speech", "music": "music"}[kind]}
    assert stream == streams.make(clips, kind, 1, length_s=60, segment_s=(5, 12))
    assert stream != streams.make(clips, kind, 2, length_s=60, segment_s=(5, 12))


def test_both_sounds_are_in_a_mixture(clips: list[Clip]) -> None:
    stream = streams.make(clips, "mixed", 1, length_s=120, segment_s=(5, 12))
    assert {one.corpus for segment in stream.segments for one in segment.clips} == {
        "speech",
        "music",
    }


def test_clips_follow_each_other_as_they_are(clips: list[Clip]) -> None:
    stream = streams.make(clips, "voice", 1, length_s=20, segment_s=(5, 10))
    samples = streams.audio(stream)
    assert len(samples) == 20 * streams.RATE
    for start_n, segment in zip(stream.starts_n, stream.segments, strict=True):
        joined = np.concatenate([playback.read(one.path)[0] for one in segment.clips])
        own = samples[start_n : start_n + segment.length_n]
        assert np.array_equal(own, joined[: segment.length_n])


def test_all_clips_of_a_quadrant_come_before_one_comes_again(clips: list[Clip]) -> None:
    stream = streams.make(clips, "voice", 1, length_s=60, segment_s=(5, 12))
    for own in QUADRANTS:
        played = [
            one.name
            for segment in stream.segments
            if segment.quadrant == own
            for one in segment.clips
        ]
        count = sum(streams.quadrant_of(one) == own and one.corpus == "speech" for one in clips)
        assert len(set(played[:count])) == min(count, len(played))


def test_without_moods_to_change_between_there_is_no_stream(clips: list[Clip]) -> None:
    alone = [one for one in clips if one.label == "sad"]
    with pytest.raises(TrainingError, match="'voice' needs at least two"):
        streams.make(alone, "voice", 1)
    with pytest.raises(TrainingError, match="fewer than two quadrants"):
        streams.make(clips[:16], "mixed", 1)
