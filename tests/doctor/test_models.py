"""The bundle, and its cost on this machine."""

from dataclasses import replace

import pytest

from moodstream.config.sections import Config, ModelsConfig, PipelineConfig, SilenceConfig
from moodstream.doctor import models as module
from moodstream.doctor.models import budget, models


def test_a_bundle_that_is_well(bundle):
    found, finding = models(Config())
    assert found.sha256 == bundle.sha256
    assert finding.kind == "ok"
    assert bundle.sha256[:12] in finding.what


def test_a_bundle_that_is_damaged(copied):
    (copied / "rnn.tflite").write_bytes(b"")
    found, finding = models(replace(Config(), models=ModelsConfig(bundle=str(copied))))
    assert found is None
    assert finding.kind == "failure"
    assert "sha256" in finding.what
    assert str(copied) in finding.todo


def test_settings_that_contradict_it():
    found, finding = models(replace(Config(), silence=SilenceConfig(close_dbfs=-1.0)))
    assert found is None
    assert "above open_dbfs" in finding.what


@pytest.mark.parametrize(
    ("busy", "too_busy", "kind"), [(9.0, 9.0, "ok"), (0.0, 9.0, "warning"), (0.0, 0.0, "failure")]
)
def test_a_hop_must_leave_time_for_other_work(bundle, monkeypatch, busy, too_busy, kind):
    monkeypatch.setattr(module, "BUSY", busy)
    monkeypatch.setattr(module, "TOO_BUSY", too_busy)
    finding = budget(replace(Config(), pipeline=PipelineConfig(hop_s=1.0)), bundle)
    assert finding.kind == kind
    assert "hops of 1 s" in finding.what
