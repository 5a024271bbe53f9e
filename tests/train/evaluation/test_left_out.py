"""Corpora that a part leaves out are heard cold and warm."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora.clip import Clip
from moodstream_train.evaluation import left_out as module
from moodstream_train.evaluation.left_out import figures_of, left_out, sample
from moodstream_train.evaluation.measured import Evaluation
from moodstream_train.measure.verdict import Verdict
from moodstream_train.parts import WITHOUT
from moodstream_train.training import run as runs
from moodstream_train.training.calibrate import Calibration
from tests.train.conftest import Work


def says(mood: str, label: str, corpus: str = "turev") -> Verdict:
    scores = [0.02] * len(MOODS)
    scores[MOODS.index(mood)] += 1 - sum(scores)
    return Verdict("x", corpus, "one", None, label, [scores] * 3)


def test_calm_counts_as_neutral_on_both_sides() -> None:
    cold = [says("calm", "neutral"), says("neutral", "calm"), says("sad", "sad")]
    warm = [says("sad", "neutral"), says("neutral", "calm"), says("sad", "sad")]
    found = figures_of(cold, [warm, cold])
    assert found == {"clips": 3, "cold": 100.0, "warm": 87.5}


def test_only_the_moods_of_the_corpus_are_to_choose_from() -> None:
    scores = np.full(len(MOODS), 0.02)
    scores[MOODS.index("fearful")], scores[MOODS.index("angry")] = 0.6, 0.3
    one = replace(says("angry", "angry"), scores=[scores.tolist()] * 3)
    assert figures_of([one, says("sad", "sad")], [[one, says("sad", "sad")]])["cold"] == 100.0


def test_valence_and_arousal_of_music_are_told_apart() -> None:
    # One of each quadrant: right, wrong valence, wrong arousal, both wrong.
    cold = [
        says("happy", "Q1", "music"),
        says("happy", "Q2", "music"),
        says("angry", "Q3", "music"),
        says("angry", "Q4", "music"),
    ]
    found = figures_of(cold, [cold])
    assert (found["cold"], found["valence"], found["arousal"]) == (25.0, 50.0, 50.0)


def test_a_large_corpus_is_sampled_over_its_whole_length() -> None:
    clips = [
        Clip(Path(f"{i}.wav"), "music", "a", (0,), "Q1") for i in range(10 * module.MUSIC_CLIPS)
    ]
    names = [int(clip.name) for clip in sample(clips)]
    assert len(names) == module.MUSIC_CLIPS
    assert names[-1] >= len(clips) - 10
    assert sample(clips[:7]) == clips[:7]


def test_each_corpus_of_a_finished_part_is_heard_and_no_other(
    work: Work, all_clips: list[Clip], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.find(work.run)
    (tmp_path / runs.RUN).write_text((work.run / runs.RUN).read_text())
    copied = runs.find(tmp_path)
    part = next(part for part, names in WITHOUT.items() if "speech" in names)
    copied.part(part).mkdir()
    (copied.part(part) / runs.CALIBRATION).write_text(json.dumps(asdict(Calibration())))
    bundle = run.part("fold-0") / "bundle-int8"
    monkeypatch.setattr(Evaluation, "bundle", lambda *_: bundle)
    monkeypatch.setattr(module, "VOICE_CLIPS", 6)
    monkeypatch.setattr(module, "MUSIC_CLIPS", 2)
    features = None
    found = left_out(Evaluation(copied, all_clips, features, print))  # type: ignore[arg-type]
    assert {*found} == {*WITHOUT[part]} & {clip.corpus for clip in all_clips if clip.moods}
    assert found["speech"]["clips"] == 6
    assert 0 <= found["music"]["valence"] <= 100
    again = left_out(Evaluation(copied, all_clips, features, print))  # type: ignore[arg-type]
    assert again == found
