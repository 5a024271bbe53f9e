"""What is measured of a run, on the miniature: of whom, and that each row is there."""

import json
import shutil
from collections import Counter
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from moodstream import self_test
from moodstream.mood.circumplex import MOODS
from moodstream_train import corpora
from moodstream_train.corpora import Clip
from moodstream_train.dataset import splits
from moodstream_train.evaluation import evaluate
from moodstream_train.measure import hear
from moodstream_train.measure.figures import SHARED_MOODS
from moodstream_train.measure.rooms import Evening, Learning, Rooms
from moodstream_train.recipe import RECIPES
from moodstream_train.training import run as runs
from moodstream_train.training.calibrate import Calibration
from tests.train.conftest import RATE, Work, command, few_measurements, tone


@pytest.fixture(scope="module")
def results(work: Work) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((work.run / "results.json").read_text())
    return found


def verdicts(work: Work, name: str) -> list[dict[str, Any]]:
    path = work.run / "fold-0" / "measured" / f"verdicts-{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text())
    return found


def test_what_was_measured_is_of_the_held_out_groups_alone(
    work: Work, results: dict[str, Any], all_clips: list[Clip]
) -> None:
    test = [i for i in splits.split(all_clips, 0).test if all_clips[i].corpus != "noise"]
    for precision in ("int8", "float32"):
        assert {one["clip"] for one in verdicts(work, precision)} == {
            all_clips[i].name for i in test
        }
        found = results["folds"][precision]["fused"]
        assert {corpus: one["clips"] for corpus, one in found.items()} == dict(
            Counter(all_clips[i].corpus for i in test)
        )
        assert all(one["silent"] == 0 for one in found.values())


def test_the_figures_are_those_of_the_verdicts(work: Work, results: dict[str, Any]) -> None:
    own = [one for one in verdicts(work, "int8") if one["corpus"] == "cremad"]
    right = [int(np.argmax(one["scores"][1])) == _mood(one["label"]) for one in own]
    found = results["folds"]["int8"]["cnn"]["cremad"]["accuracy"]
    assert found["mean"] == pytest.approx(100 * np.mean(right), abs=0.01)
    assert found["each"] == [found["mean"]]
    assert found["std"] == 0


def test_a_verdict_is_of_the_bundle_of_its_fold(work: Work, all_clips: list[Clip]) -> None:
    one = verdicts(work, "int8")[-1]
    clip = next(clip for clip in all_clips if clip.name == one["clip"])
    loaded = self_test.load(work.run / "fold-0" / "bundle-int8")
    assert asdict(hear.verdict(clip, loaded)) == one


def test_accuracy_can_be_measured_alone(
    work: Work, results: dict[str, Any], tmp_path: Path
) -> None:
    copied = Path(shutil.copytree(work.run, tmp_path / "run"))
    command("evaluate", str(copied), "--accuracy-only")
    found = json.loads((copied / "results.json").read_text())
    assert found["folds"] == results["folds"]
    assert results.keys() - found.keys() == {"robustness", "streams", "songs"}


def test_each_row_of_the_protocol_is_there(results: dict[str, Any]) -> None:
    assert results["parts"] == ["fold-0", "final"]
    assert results["training_minutes"] > 0
    assert set(results["folds"]["agreement"]) == {"fused", "cnn", "rnn"}
    assert set(results["folds"]["calibration"]) == {"speech", "song", "cremad", "music"}
    assert set(results["folds"]["sex"]) == {"speech", "song", "cremad"}
    assert results["folds"]["shared_moods"]["cremad"]["clips"] == 8
    assert set(results["robustness"]) == {"clean", "gain -10 dB", "babble 20 dB"}
    assert set(results["robustness"]["gain -10 dB"]) == {"speech", "song", "music"}
    assert all(one["mean"] == 0 for one in results["robustness"]["clean"].values())
    kinds = {name.partition(",")[0] for name in results["streams"]}
    assert kinds == {"voice", "music", "mixed", "noise"}
    assert results["songs"]["of"] == 4
    assert "Artist" in results["songs"]["table"]


def test_the_pictures_are_drawn(work: Work, results: dict[str, Any]) -> None:
    assert len(results["pictures"]) == 4
    for name in (*results["pictures"], "fold-0/cnn-curves.png", "final/rnn-curves.png"):
        assert (work.run / name).stat().st_size > 1000


def test_the_smoothing_is_chosen_on_groups_that_calibrate(
    work: Work, all_clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    streamed: set[str] = set()
    few_measurements(monkeypatch)
    make = evaluate.streams.make

    def note(clips: list[Clip], *arguments: Any, **more: Any) -> Any:
        streamed.update(clip.group for clip in clips)
        return make(clips, *arguments, **more)

    monkeypatch.setattr(evaluate.streams, "make", note)
    noises = evaluate.record.record_noises(work.run / "fold-0" / "bundle-int8", seconds=1)
    monkeypatch.setattr(evaluate.record, "record_noises", lambda *_, **__: noises)
    tune = partial(evaluate.tune.tune, grid=evaluate.tune.GRID[:2])
    monkeypatch.setattr(evaluate.tune, "tune", tune)
    result = command("evaluate", work.run, "--tune")
    assert result.exit_code == 0, (result.output, result.exc_info)
    inner = splits.split(all_clips, 0).inner
    assert streamed == {all_clips[i].group for i in inner}
    chosen = json.loads((work.run / "tuning.json").read_text())["chosen"]
    assert str(chosen["spec"]["lasting_s"]) in result.output


def test_what_was_measured_once_is_not_measured_again(
    work: Work, results: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    for module, name in ((evaluate.hear, "judge"), (evaluate.export, "export_part")):
        monkeypatch.setattr(module, name, refuse)
    few_measurements(monkeypatch)
    again = evaluate.measure(runs.find(work.run), print)
    assert json.loads(json.dumps(again)) == results


def test_a_voice_s_model_is_tried_on_music_of_its_own_fold(
    work: Work, all_clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[set[str]] = []

    def judge(_folder: Path, clips: list[Clip]) -> list[Any]:
        heard.append({clip.group for clip in clips})
        return []

    monkeypatch.setattr(evaluate.hear, "judge", judge)
    monkeypatch.setattr(evaluate, "_once", lambda _path, make: make())
    monkeypatch.setattr(evaluate, "bundle", lambda *_: Path())
    monkeypatch.setattr(evaluate.figures, "by_corpus", lambda *_: {})
    run = runs.find(work.run)
    evaluate._on_music(run, all_clips, None, ["fold-3"], print)
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

    monkeypatch.setattr(evaluate.rooms, "rooms", rooms)
    monkeypatch.setattr(evaluate.rooms, "evening", evening)
    monkeypatch.setattr(evaluate, "bundle", lambda *_: tmp_path)
    run = runs.begin(tmp_path, shipped_data, cache, 1, name, RECIPES[name], print)
    _finish(run, runs.FINAL)
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
    monkeypatch.setattr(evaluate, "bundle", lambda *_: folder)
    made = tmp_path / "run"
    run = runs.begin(made, songs.parent, cache, 1, "songs-80", RECIPES["songs-80"], print)
    _finish(run, runs.RANDOM)
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


def _mood(label: str) -> int:
    return MOODS.index(label)
