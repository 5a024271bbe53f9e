"""Parts of a program, made from settings."""

from dataclasses import replace

import pytest

from moodstream.assembly import load_bundle, make_pipeline
from moodstream.audio.chunk import Block
from moodstream.config.sections import Config, ConfigError, ModelsConfig, SilenceConfig
from tests.support.bundle import read_card
from tests.support.signals import glide


def test_the_bundle_that_is_set_is_loaded(copied, bundle):
    assert load_bundle(Config()).sha256 == bundle.sha256
    config = replace(Config(), models=ModelsConfig(bundle=str(copied)))
    assert load_bundle(config).card.name == read_card(copied)["name"]


def test_settings_take_the_place_of_the_bundles_values(bundle):
    block = Block(glide(4), 16000)
    for open_dbfs, status in ((None, {"ok", "uncertain"}), (-1.0, {"silence"})):
        silence = SilenceConfig(open_dbfs=open_dbfs)
        pipeline = make_pipeline(replace(Config(), silence=silence), bundle)
        *_, last = pipeline.process(block)
        assert last.state.status in status


def test_settings_that_contradict_the_bundle_are_refused(bundle):
    config = replace(Config(), silence=SilenceConfig(close_dbfs=-1.0))
    with pytest.raises(ConfigError, match="above open_dbfs"):
        make_pipeline(config, bundle)
