"""Short check for health checks: the settings, the broker, and the running daemon."""

import os
import queue
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from moodstream.config.load import load
from moodstream.config.sections import ConfigError
from moodstream.config.sources import prefixes
from moodstream.doctor.broker import daemon, logged_in, opened
from moodstream.doctor.configuration import configuration
from moodstream.doctor.finding import Finding, failure
from moodstream.mqtt.connection import Connection
from moodstream.mqtt.subscriber import subscribed
from moodstream.publication import broker_connection

PATIENCE_S = 1.0
"""Longest wait for each answer of the broker, seconds."""
RETAINED = ("current", "availability")
"""Topics below the prefix that show whether the daemon is online."""


def examine(path: Path | None, options: Mapping[str, Any]) -> Iterator[str | Finding]:
    """Yield the name of each stage, and its findings; a daemon that is offline is a failure.

    Args:
        path: settings file that was given; None if none was.
        options: options of the command line, as :func:`load` takes them.
    """
    yield "Settings"
    try:
        config = load(path, os.environ, options)
        connection = broker_connection(config)
    except ConfigError as error:
        yield failure(
            f"they are wrong:\n{error}", "correct them: the check needs the broker's address"
        )
        return
    yield from configuration(path, config)
    yield "Broker"
    if not (yield from opened(connection, PATIENCE_S)):
        return
    for prefix in prefixes(config):
        for finding in _online(connection, prefix):
            yield finding if finding.kind == "ok" else replace(finding, kind="failure")


def _online(connection: Connection, prefix: str) -> Iterator[Finding]:
    """Log in and read the daemon's retained messages."""
    links: queue.SimpleQueue[str] = queue.SimpleQueue()
    arrived: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
    heard: dict[str, bytes] = {}
    with subscribed(connection, prefix, lambda *message: arrived.put(message), links.put, RETAINED):
        login = logged_in(connection.username, links, PATIENCE_S)
        yield login
        if login.kind != "ok":
            return
        until_s = time.monotonic() + PATIENCE_S
        with suppress(queue.Empty):
            while len(heard) < len(RETAINED):
                topic, payload = arrived.get(timeout=max(0.0, until_s - time.monotonic()))
                heard[topic] = payload
    yield daemon(heard.get(f"{prefix}/current"), heard.get(f"{prefix}/availability"), prefix)
