"""The daemon: from a source to the sinks, until it is told to stop."""

import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from types import FrameType

import structlog

from moodstream.audio.chunk import Chunk, Gap
from moodstream.health import Health
from moodstream.message import Announcer
from moodstream.mood import MoodState
from moodstream.notify import Notifier
from moodstream.pipeline import Pipeline
from moodstream.sinks import Sink, publish

log = structlog.get_logger()


def serve(
    chunks: Iterable[Chunk],
    pipeline: Pipeline,
    announcer: Announcer,
    sinks: Sequence[Sink],
    notifier: Notifier,
    health: Health,
) -> None:
    """Announce what is heard for as long as chunks come.

    The watchdog is fed by this loop's progress alone: a source that hangs starves it, one that
    knows that its device is gone does not.
    """
    # What a daemon before this one has left retained is not heard, and when this one ends neither
    # is what it has heard itself.
    nothing = Gap(0, pipeline.rate, source_lost=True)
    for chunk in chain([nothing], chunks, [nothing]):
        begun_s = time.perf_counter()
        steps = list(pipeline.process(chunk))
        health.process(chunk, len(steps), time.perf_counter() - begun_s)
        for step in steps:
            message, event = announcer.process(step.state)
            publish(message, event, sinks)
            if event:
                notifier.status(describe(step.state))
                log.info("mood", status=step.state.status, mood=step.state.mood)
        notifier.alive()


def describe(state: MoodState) -> str:
    """A state in a few words."""
    if state.mood:
        return f"the mood is {state.mood}"
    return {
        "warming_up": "warming up",
        "silence": "silence",
        "uncertain": "the mood is uncertain",
        "no_audio": "no audio: the device is away",
        "paused": "paused",
    }[state.status]


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; a second SIGINT ends the process at once."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        stop.set()
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def asked_by_signal() -> Iterator[threading.Event]:
    """An event that SIGHUP sets; on a terminal that still means that the terminal has gone."""
    asked = threading.Event()
    if sys.stdin and sys.stdin.isatty():
        yield asked
        return
    before = signal.signal(signal.SIGHUP, lambda *_: asked.set())
    try:
        yield asked
    finally:
        signal.signal(signal.SIGHUP, before)
