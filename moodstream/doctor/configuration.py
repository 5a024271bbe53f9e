"""The settings, and who may read the secrets among them."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from moodstream.assembly import broker_connection
from moodstream.config.load import settings_file
from moodstream.config.platform import injected
from moodstream.config.sections import Config, ConfigError
from moodstream.doctor.finding import Finding, failure, ok, warning


def configuration(path: Path | None, config: Config) -> Iterator[Finding]:
    """Settings that are right by themselves: where they come from, what is unwise about them.

    Args:
        path: of the file that was asked for, if one was.
        config: what was read.
    """
    path = path or settings_file(os.environ)
    yield ok(f"settings from {path}" if path else "no settings file: the defaults")
    if ignored := injected(os.environ):
        yield warning(
            f"environment variables ignored: {', '.join(ignored)}",
            "a container platform seems to set them for a service of this name: rename the service",
        )
    try:
        broker_connection(config)
    except ConfigError as error:
        yield failure(str(error), "who runs the daemon must be able to read it")
        return
    mqtt = config.mqtt
    for secret in (mqtt.password and path, mqtt.password_file, mqtt.key_file):
        if secret and Path(secret).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            yield warning(
                f"others can read the secret in {secret}",
                f"chmod 600 {secret}; it must belong to who runs the daemon",
            )
