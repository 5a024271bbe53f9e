"""The loop between a source and its sinks, with all parts real but the microphone."""

import json
from typing import get_args

import numpy as np
import pytest

from moodstream.audio.chunk import Block, Gap
from moodstream.daemon.health import Health
from moodstream.daemon.loop import Numbers, describe, serve
from moodstream.daemon.notify import Notifier
from moodstream.messages.published import Announcer, recording_clock
from moodstream.mood.circumplex import MOODS
from moodstream.mood.state import MoodState, Status
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import Event


class Published:
    """Takes messages, as the publisher and standard output do."""

    lost_events = waiting_events = reconnects = 0

    def __init__(self):
        self.states, self.events, self.reports = [], [], []

    def state(self, message):
        self.states.append(message)

    def event(self, message):
        self.events.append(message)

    def health(self, message):
        self.reports.append(message)


@pytest.fixture
def served(make_pipeline):
    """Serve chunks; gives two sinks that took the messages."""

    def serve_(chunks, newest=lambda: 0):
        pipeline, sinks = make_pipeline(), [Published(), Published()]
        announcer = Announcer("den", "b", pipeline.rate, recording_clock)
        health = Health(pipeline, sinks[0], int)
        serve(chunks, pipeline, announcer, Numbers(newest), sinks, Notifier({}), health)
        return sinks

    return serve_


def test_it_begins_and_ends_with_no_audio_and_says_each_change_once(served):
    silence = Block(np.zeros(16000, np.float32), 16000)
    first, second = served([silence] * 5)
    changes = [(event["status"], event["seq"]) for event in first.events]
    assert changes == [("no_audio", 1), ("warming_up", 2), ("silence", 3), ("no_audio", 4)]
    assert [state["status"] for state in first.states].count("silence") == 5
    assert first.states == second.states
    assert first.events == second.events
    assert [event["previous"] for event in first.events][:2] == [
        None,
        {"status": "no_audio", "mood": None},
    ]


def test_a_source_without_chunks_is_no_audio(served):
    sink, _ = served([])
    assert [event["status"] for event in sink.events] == ["no_audio"]
    assert len(sink.states) == 2


def test_a_source_that_fails_ends_it(served):
    def chunks():
        yield Gap(0, 16000, source_lost=True)
        raise EOFError

    with pytest.raises(EOFError):
        served(chunks())


def test_numbers_stay_ahead_of_a_journal_that_is_found_late(served, tmp_path):
    journal = Journal(10)
    block = Block(np.zeros(16000, np.float32), 16000)

    def chunks():
        yield from [block] * 5
        journal.append(Event(57, json.dumps({"seq": 57})))  # as of a disk mounted late
        yield Gap(0, 16000)
        yield from [block] * 5

    sink, _ = served(chunks(), lambda: journal.last)
    seqs = [event["seq"] for event in sink.events]
    assert seqs == [1, 2, 3, 58, 59, 60]


@pytest.mark.parametrize("status", get_args(Status))
def test_each_status_has_words(status):
    mood = MOODS[0] if status == "ok" else None
    text = describe(MoodState(status, mood, None, 0, 0, None))
    assert text
    assert "_" not in text
