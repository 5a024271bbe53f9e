"""Models and pipeline, built from the settings."""

from pathlib import Path

from moodstream import self_test
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle
from moodstream.config.load import override
from moodstream.config.sections import Config
from moodstream.features.normalise import Normaliser
from moodstream.features.silence import SilenceSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.pipeline import Pipeline


def load_bundle(config: Config) -> Bundle:
    """Load the configured bundle, or the installed one.

    Raises:
        BundleError: it cannot be used.
    """
    return self_test.load(Path(config.models.bundle) if config.models.bundle else disk.shipped())


def specs(config: Config, models: Bundle) -> tuple[SilenceSpec, SmoothingSpec]:
    """Return the bundle's values for silence and smoothing, overridden by the user's settings.

    Raises:
        ConfigError: the settings contradict those of the bundle.
    """
    card = models.card
    return (
        override(card.silence, config.silence, "silence"),
        override(card.smoothing, config.smoothing, "smoothing"),
    )


def make_pipeline(config: Config, models: Bundle, room: Normaliser | None = None) -> Pipeline:
    """Build a fresh pipeline with the user's settings.

    Args:
        config: all settings.
        models: the bundle.
        room: statistics of the room, learnt earlier; None starts from the bundle's prior.

    Raises:
        BundleError: a model of the bundle cannot be loaded.
        ConfigError: the settings contradict those of the bundle.
    """
    return Pipeline(models, config.pipeline.hop_s, *specs(config, models), room)
