"""The daemon: from a source to the sinks, until it is told to stop."""

import time
from collections.abc import Iterable, Sequence
from itertools import chain

from moodstream.audio.chunk import Chunk, Gap
from moodstream.daemon.health import Health
from moodstream.daemon.notify import Notifier
from moodstream.log import get_logger
from moodstream.messages.published import Announcer
from moodstream.messages.sinks import Sink, publish
from moodstream.mood.state import MoodState
from moodstream.pipeline import Pipeline

log = get_logger()


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
