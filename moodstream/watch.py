"""`moodstream watch`: what a daemon publishes, drawn on a terminal or line by line."""

import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from moodstream import terminal
from moodstream.assembly import broker_address, subscription
from moodstream.config import Config
from moodstream.dashboard import draw
from moodstream.received import line
from moodstream.scene import Scene

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
        ConfigError: the password cannot be read.
    """
    inbox: queue.Queue[News] = queue.Queue(WAITING)

    def put(first: str, payload: bytes | None = None) -> None:
        with suppress(queue.Full):
            inbox.put_nowait((first, payload))

    with subscription(config, put, put):
        if terminal.usable(out):
            _picture(config, inbox.get, stop, out)
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


def _picture(config: Config, get: Callable[..., News], stop: threading.Event, out: TextIO) -> None:
    scene = Scene(time.monotonic())
    title = f"{config.mqtt.prefix} at {broker_address(config)}"
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
