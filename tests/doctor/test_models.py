from dataclasses import replace

import pytest

from moodstream.config.sections import Config, ModelsConfig, PipelineConfig, SilenceConfig
from moodstream.doctor import models
from tests.support.bundle import change_card


def test_the_shipped_bundle_is_well():
    bundle, finding = models.models(Config())
    assert finding.kind == "ok"
    assert bundle is not None
    assert bundle.sha256[:12] in finding.what
    assert "self-test passed" in finding.what


def test_a_bundle_that_cannot_be_used_says_which_it_is(copied):
    change_card(copied, schema=99)
    bundle, finding = models.models(Config(models=ModelsConfig(str(copied))))
    assert bundle is None
    assert finding.kind == "failure"
    assert "its schema is 99" in finding.what
    assert str(copied) in finding.todo


def test_settings_must_fit_the_bundle():
    bundle, finding = models.models(Config(silence=SilenceConfig(close_dbfs=-1.0)))
    assert bundle is None
    assert "close_dbfs -1 is above open_dbfs" in finding.what
    assert finding.todo == "the settings must fit the bundle's own values"


@pytest.mark.parametrize("hop_s", [0.25, 0.5, 2.0])
def test_a_second_of_audio_takes_a_small_part_of_a_second(bundle, hop_s):
    config = replace(Config(), pipeline=PipelineConfig(hop_s))
    found = models.budget(config, bundle)
    assert found.kind == "ok"
    assert f"95 of 100 hops of {hop_s:g} s take" in found.what
