"""Checks of the settings, and of the files with secrets."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from moodstream.audio.sources.address import has_login
from moodstream.config.load import settings_file
from moodstream.config.platform import injected
from moodstream.config.sections import Config, ConfigError
from moodstream.doctor.finding import Finding, failure, ok, warning
from moodstream.publication import broker_connection


def configuration(path: Path | None, config: Config) -> Iterator[Finding]:
    """Yield the origin of valid settings, and advice about them.

    Args:
        path: settings file that was given; None if none was.
        config: settings that were read.
    """
    path = path or settings_file(os.environ)
    yield ok(f"settings from {path}" if path else "no settings file, using the defaults")
    if ignored := injected(os.environ):
        yield warning(
            f"environment variables ignored: {', '.join(ignored)}",
            "a container platform seems to set them for a service of this name: rename the service",
        )
    try:
        broker_connection(config)
    except ConfigError as error:
        yield failure(str(error), "the daemon's user must be able to read it")
        return
    mqtt = config.mqtt
    has_secret = mqtt.password or any(has_login(source.url) for source in config.source)
    for secret in (path if has_secret else None, mqtt.password_file, mqtt.key_file):
        if secret and Path(secret).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            yield warning(
                f"other users can read the secret in {secret}",
                f"chmod 600 {secret}; it must belong to the user of the daemon",
            )
