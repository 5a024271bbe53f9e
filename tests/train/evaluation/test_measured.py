"""A measurement is made once, with the bundle of its part."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from moodstream import self_test
from moodstream_train.corpora import Clip
from moodstream_train.evaluation import evaluate, measured
from moodstream_train.measure import playback
from moodstream_train.training import run as runs
from tests.train.conftest import Work, few_measurements
from tests.train.evaluation.conftest import verdicts


def test_a_verdict_is_of_the_bundle_of_its_fold(work: Work, all_clips: list[Clip]) -> None:
    one = verdicts(work, "int8")[-1]
    clip = next(clip for clip in all_clips if clip.name == one["clip"])
    loaded = self_test.load(work.run / "fold-0" / "bundle-int8")
    assert json.loads(json.dumps(asdict(playback.verdict(clip, loaded)))) == one


def test_what_was_measured_once_is_not_measured_again(
    work: Work, results: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    for module, name in ((measured.playback, "judge"), (measured, "export_part")):
        monkeypatch.setattr(module, name, refuse)
    few_measurements(monkeypatch)
    again = evaluate.measure(runs.find(work.run), print)
    assert json.loads(json.dumps(again)) == results
