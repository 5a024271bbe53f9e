"""From settings to the models and the pipeline."""

from pathlib import Path

from moodstream import self_test
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle
from moodstream.config.load import override
from moodstream.config.sections import Config
from moodstream.features.normalise import Normaliser
from moodstream.pipeline import Pipeline


def load_bundle(config: Config) -> Bundle:
    """The bundle that is set, or the one that was installed.

    Raises:
        BundleError: it cannot be used.
    """
    return self_test.load(Path(config.models.bundle) if config.models.bundle else disk.shipped())


def make_pipeline(config: Config, models: Bundle, room: Normaliser | None = None) -> Pipeline:
    """A pipeline that has heard nothing, with the user's settings over the bundle's.

    Args:
        config: all settings.
        models: of the bundle.
        room: what others have learnt of the room; None knows the bundle's prior alone.

    Raises:
        BundleError: a model of the bundle cannot be loaded.
        ConfigError: the settings contradict those of the bundle.
    """
    return Pipeline(
        models,
        config.pipeline.hop_s,
        override(models.card.silence, config.silence, "silence"),
        override(models.card.smoothing, config.smoothing, "smoothing"),
        room,
    )
