"""All stages, in the order of their dependencies."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from moodstream.config.load import load
from moodstream.config.sections import ConfigError
from moodstream.config.sources import each
from moodstream.doctor.broker import broker
from moodstream.doctor.capture import Meter
from moodstream.doctor.configuration import configuration
from moodstream.doctor.finding import Finding, failure
from moodstream.doctor.models import budget, models
from moodstream.doctor.source import heard
from moodstream.doctor.system import system
from moodstream.doctor.versions import versions


def examine(path: Path | None, options: Mapping[str, Any], meter: Meter) -> Iterator[str | Finding]:
    """Yield the name of each stage, and its findings.

    Args:
        path: settings file that was given; None if none was.
        options: options of the command line, as :func:`load` takes them.
        meter: shows the level of the microphone.
    """
    yield "Versions"
    yield from versions()
    yield "System"
    yield from system()
    yield "Settings"
    try:
        config = load(path, os.environ, options)
    except ConfigError as error:
        yield failure(f"they are wrong:\n{error}", "correct them: the other stages need them")
        return
    yield from configuration(path, config)
    yield "Models"
    bundle, finding = models(config)
    yield finding
    if bundle:
        yield budget(config, bundle)
    for view in each(config):
        yield f"Source {view.audio.name}" if view.source else "Microphone"
        yield from heard(view, bundle, meter)
    yield "Broker"
    yield from broker(config)
