"""The loop: audio in, messages out, until the source ends."""

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from moodstream.audio.chunk import Chunk, Gap
from moodstream.daemon.health import Health
from moodstream.daemon.notify import Notifications
from moodstream.log import get_logger
from moodstream.messages.published import Announcer, Message
from moodstream.messages.sinks import Sink, publish
from moodstream.mood.state import MoodState
from moodstream.pipeline import Pipeline

log = get_logger()


class Numbers:
    """Sequence numbers of events that are higher than all in the journal.

    A state directory that is mounted late may contain higher numbers than those given so far.

    Args:
        newest: returns the highest number in the journal.
    """

    def __init__(self, newest: Callable[[], int]) -> None:
        self._newest = newest
        self._ahead = 0

    def process(self, event: Message) -> Message:
        """Return the event with its number, raised if that was given before."""
        behind = self._newest() + 1 - (event["seq"] + self._ahead)
        self._ahead += max(0, behind)
        return {**event, "seq": event["seq"] + self._ahead}


def serve(
    chunks: Iterable[Chunk],
    pipeline: Pipeline,
    announcer: Announcer,
    numbers: Numbers,
    sinks: Sequence[Sink],
    notifier: Notifications,
    health: Health,
) -> None:
    """Announce the moods of the chunks until they end.

    Only the progress of this loop feeds the watchdog. A source that hangs stops the feeding; one
    that knows that its device is missing does not.
    """
    # The first and last state say that nothing is heard, to replace what an earlier daemon
    # retained.
    nothing = Gap(0, pipeline.rate, source_lost=True)
    for chunk in chain([nothing], chunks, [nothing]):
        begun_s = time.perf_counter()
        steps = list(pipeline.process(chunk))
        health.process(chunk, len(steps), time.perf_counter() - begun_s)
        for step in steps:
            message, event = announcer.process(step.state)
            publish(message, numbers.process(event) if event else None, sinks)
            if event:
                notifier.status(describe(step.state))
                log.info("mood", status=step.state.status, mood=step.state.mood)
        notifier.alive()


def describe(state: MoodState) -> str:
    """Return a state in a few words."""
    if state.mood:
        return f"the mood is {state.mood}"
    return {
        "warming_up": "warming up",
        "silence": "silence",
        "other": "neither voice nor music",
        "uncertain": "the mood is uncertain",
        "no_audio": "no audio: the device is away",
        "paused": "paused",
    }[state.status]
