"""Rows of the protocol that take more than the verdicts of the folds."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import soundfile

from moodstream_train import corpora
from moodstream_train.corpora import Clip
from moodstream_train.dataset import splits
from moodstream_train.dataset.features import Features
from moodstream_train.evaluation import evaluate, rows
from moodstream_train.evaluation.measured import Evaluation
from moodstream_train.measure import playback
from moodstream_train.measure.figures import SHARED_MOODS
from moodstream_train.measure.rooms import Evening, Learning, Rooms
from moodstream_train.parts import FINAL, RANDOM
from moodstream_train.recipes import RECIPES
from moodstream_train.training import record
from moodstream_train.training import run as runs
from moodstream_train.training.calibrate import Calibration
from tests.train.conftest import RATE, Work, tone


def test_a_voice_s_model_is_tried_on_music_of_its_own_fold(
    work: Work,
    all_clips: list[Clip],
    all_features: tuple[Features, Features],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[set[str]] = []

    def judge(_folder: Path, clips: list[Clip]) -> list[Any]:
        heard.append({clip.group for clip in clips})
        return []

    monkeypatch.setattr(playback, "judge", judge)
    monkeypatch.setattr(Evaluation, "once", lambda _self, _part, _name, make: make())
    monkeypatch.setattr(Evaluation, "bundle", lambda *_: Path())
    monkeypatch.setattr(rows.figures, "by_corpus", lambda *_: {})
    run = runs.find(work.run)
    rows.on_music(Evaluation(run, all_clips, all_features[0], print), ["fold-3"])
    music, _ = corpora.load(run.data, ["4q"])
    of_group = splits.fold_of_groups(music)
    assert heard == [{clip.group for clip in music if of_group[clip.group] == 3}]


@pytest.mark.parametrize(("name", "other"), [("speech", "cremad"), ("cremad", "speech")])
@pytest.mark.usefixtures("tiny_recipes")
def test_a_voice_s_model_is_tried_on_the_other_corpus_of_voices(
    shipped_data: Path,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    other: str,
) -> None:
    tried: list[tuple[set[str], Any]] = []

    def rooms(_folder: Path, clips: list[Clip], among: Any) -> Rooms:
        tried.append(({clip.corpus for clip in clips}, among))
        return Rooms(Learning(), len(clips), 1.0, 2.0, (2.0,))

    def evening(_folder: Path, warmup: list[Clip], clips: list[Clip], among: Any) -> Evening:
        assert {clip.name for clip in clips} < {clip.name for clip in warmup}
        tried.append(({clip.corpus for clip in clips}, among))
        return Evening(3.0, {"sad": 1.0}, 1.0)

    monkeypatch.setattr(rows.rooms, "rooms", rooms)
    monkeypatch.setattr(rows.rooms, "evening", evening)
    monkeypatch.setattr(Evaluation, "bundle", lambda *_: tmp_path)
    run = record.begin(tmp_path, shipped_data, cache, 1, name, RECIPES[name], print)
    _finish(run, FINAL)
    found = evaluate.measure(run, print)
    assert tried == [({other}, SHARED_MOODS)] * 2
    assert found["rooms"]["on"] == other
    assert found["rooms"]["evening"]["drops"] == {"sad": 1.0}


@pytest.mark.usefixtures("tiny_recipes")
def test_a_random_split_is_marked_leaky(
    work: Work, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    songs = tmp_path / "data" / "ravdess"
    songs.mkdir(parents=True)
    for i in range(72):
        name = f"03-02-{i % 6 + 1:02}-01-01-{i // 24 + 1:02}-{i // 6 % 12 + 1:02}"
        soundfile.write(songs / f"{name}.wav", tone(i % 6, 0.6, RATE, i), RATE)
    folder = work.run / "fold-0" / "bundle-int8"
    monkeypatch.setattr(Evaluation, "bundle", lambda *_: folder)
    made = tmp_path / "run"
    run = record.begin(made, songs.parent, cache, 1, "songs-80", RECIPES["songs-80"], print)
    _finish(run, RANDOM)
    found = evaluate.measure(run, print)
    assert found["parts"] == ["random"]
    assert "folds" not in found
    assert found["leaky"]["int8"] == found["leaky"]["float32"]
    assert found["leaky"]["int8"]["cnn"]["clips"] == 15
    assert (made / "confusion-song.png").exists()


def _finish(run: runs.Run, part: str) -> None:
    """As if it had been trained."""
    run.part(part).mkdir()
    (run.part(part) / runs.CALIBRATION).write_text(json.dumps(asdict(Calibration())))
