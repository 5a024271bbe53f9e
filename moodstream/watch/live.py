"""The messages of a daemon, drawn on a terminal or written line by line."""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from moodstream.config.sections import Config
from moodstream.messages.received import line
from moodstream.mqtt.subscriber import subscribed
from moodstream.publication import broker_connection
from moodstream.text import coloured, encodable
from moodstream.watch import terminal
from moodstream.watch.dashboard import BLOCKS, LETTERS, draw
from moodstream.watch.scene import Scene

REDRAW_S = 0.5
"""Longest time between two pictures, because clocks advance and windows are resized."""
FASTEST_S = 0.05
"""Shortest time between two pictures."""
WAITING = 1000
"""Largest number of waiting messages; more are dropped."""

News = tuple[str, bytes | None]
"""A topic and a payload, or a connection problem and None."""


def watch(config: Config, stop: threading.Event, out: TextIO, err: TextIO) -> None:
    """Show messages until told to stop: a picture on a terminal, lines elsewhere.

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
    colour = coloured(out)
    marks = BLOCKS if encodable(f"{BLOCKS}", out) else LETTERS
    with terminal.drawn_on(out) as show:
        while not stop.is_set():
            size = terminal.size(out)
            show(draw(scene, title, time.monotonic(), size, colour=colour, marks=marks))
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
