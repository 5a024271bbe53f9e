"""Tuning uses only the groups that calibrate."""

import json
from functools import partial
from typing import Any

import pytest

from moodstream_train.corpora import Clip
from moodstream_train.dataset import splits
from moodstream_train.evaluation import tuning
from tests.train.conftest import Work, command, few_measurements


def test_the_smoothing_is_chosen_on_groups_that_calibrate(
    work: Work, all_clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    streamed: set[str] = set()
    few_measurements(monkeypatch)
    make = tuning.streams.make

    def note(clips: list[Clip], *arguments: Any, **more: Any) -> Any:
        streamed.update(clip.group for clip in clips)
        return make(clips, *arguments, **more)

    monkeypatch.setattr(tuning.streams, "make", note)
    noises = tuning.record.record_noises(work.run / "fold-0" / "bundle-int8", seconds=1)
    monkeypatch.setattr(tuning.record, "record_noises", lambda *_, **__: noises)
    tune = partial(tuning.tune.tune, grid=tuning.tune.GRID[:2])
    monkeypatch.setattr(tuning.tune, "tune", tune)
    result = command("evaluate", work.run, "--tune")
    assert result.exit_code == 0, (result.output, result.exc_info)
    inner = splits.split(all_clips, 0).inner
    assert streamed == {all_clips[i].group for i in inner if all_clips[i].moods}
    chosen = json.loads((work.run / "tuning.json").read_text())["chosen"]
    assert str(chosen["spec"]["lasting_s"]) in result.output
