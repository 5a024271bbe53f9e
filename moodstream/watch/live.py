"""`moodstream watch`: what a daemon publishes, drawn on a terminal or line by line."""

import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from moodstream.assembly import broker_connection
from moodstream.config.sections import Config
from moodstream.messages.received import line
from moodstream.mqtt.subscriber import subscribed
from moodstream.watch import terminal
from moodstream.watch.dashboard import draw
from moodstream.watch.scene import Scene

REDRAW_S = 0.5
"""A picture at least as often, as clocks go on and windows change their size."""
FASTEST_S = 0.05
WAITING = 1000
"""Messages that may wait; of a flood, more are dropped."""

News = tuple[str, bytes | None]
"""A topic and its payload; or what is wrong with the connection, and None."""


def watch(config: Config, stop: threading.Event, out: TextIO, err: TextIO) -> None:
    """Show what comes until told to stop: a picture on a terminal, lines elsewhere.

    Raises:
        ConfigError: the password or a certificate cannot be read.
    """
    inbox: queue.Queue[News] = queue.Queue(WAITING)

    def put(first: str, payload: bytes | None = None) -> None:
        with suppress(queue.Full):
            inbox.put_nowait((first, payload))

    connection, prefix = broker_connection(config), config.mqtt.prefix
    with subscribed(connection, prefix, put, put):
        if terminal.usable(out):
            _picture(f"{prefix} at {connection.address}", inbox.get, stop, out)
        else:
            _lines(inbox.get, stop, out, err)


def _lines(get: Callable[..., News], stop: threading.Event, out: TextIO, err: TextIO) -> None:
    told: str | None = None
    while not stop.is_set():
        with suppress(queue.Empty):
            first, payload = get(timeout=REDRAW_S)
            if payload is not None:
                print(line(first, payload), file=out, flush=True)
            elif first != told:
                told = first
                print(f"broker: {told or 'connected'}", file=err, flush=True)


def _picture(title: str, get: Callable[..., News], stop: threading.Event, out: TextIO) -> None:
    scene = Scene(time.monotonic())
    colour = "NO_COLOR" not in os.environ
    with terminal.drawn_on(out) as show:
        while not stop.is_set():
            show(draw(scene, title, time.monotonic(), terminal.size(out), colour=colour))
            with suppress(queue.Empty):
                _take(scene, get(timeout=REDRAW_S))
                stop.wait(FASTEST_S)
                for _ in range(WAITING):
                    _take(scene, get(block=False))


def _take(scene: Scene, news: News) -> None:
    first, payload = news
    if payload is None:
        scene.link(first, time.monotonic())
    else:
        scene.take(first.rpartition("/")[2], payload, time.monotonic())
