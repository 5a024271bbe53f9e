"""Pausing, between a source and the pipeline."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from moodstream.audio.chunk import Block, Gap
from moodstream.daemon.pause import Pause

SECOND = Block(np.ones(16000, np.float32), 16000)
QUARTER = Block(np.ones(4000, np.float32), 16000)
AWAY = Gap(0, 16000, source_lost=True)


def heard(script):
    """What comes out of chunks and commands."""
    pause, found = Pause(), []
    for item in script:
        if isinstance(item, bytes):
            pause.obey(item)
        else:
            found += pause.process(item)
    return found


def test_what_is_paused_is_not_heard_and_said_once_a_second():
    script = [QUARTER, b"pause", *[QUARTER] * 9, b"resume", QUARTER]
    first, *gaps, resumed, last = heard(script)
    assert first is last is QUARTER
    assert gaps == [Gap(n, 16000, paused=True) for n in (4000, 16000, 16000)]
    assert resumed == Gap(0, 16000)


def test_a_device_that_is_lost_meanwhile_is_told_when_it_matters():
    away = heard([b"pause", AWAY, AWAY, b"resume", AWAY])
    assert away == [Gap(0, 16000, paused=True)] * 2 + [AWAY]


def test_paused_is_what_the_pipeline_says(make_pipeline):
    pipeline = make_pipeline()
    script = [*[SECOND] * 4, b"pause", *[SECOND] * 2, b"resume", SECOND]
    states = [step.state for chunk in heard(script) for step in pipeline.process(chunk)]
    assert [state.status for state in states[8:]] == ["paused"] * 2 + ["warming_up"] * 3
    assert all(state.moods is state.mood is state.level_dbfs is None for state in states[8:11])
    assert states[-1].position_n == 7 * 16000
    assert pipeline.heard_frames == 5 * 64


@given(st.binary().filter(lambda command: command not in (b"pause", b"resume")))
def test_nothing_else_is_a_command(command):
    assert heard([command, QUARTER]) == [QUARTER]
    assert heard([b"pause", command, QUARTER]) == [Gap(4000, 16000, paused=True)]


@given(st.lists(st.sampled_from([SECOND, QUARTER, Gap(4000, 16000), b"pause", b"resume"])))
def test_no_sample_is_unaccounted_for(script):
    def length_n(chunks):
        return sum(c.length_n if isinstance(c, Gap) else len(c.samples) for c in chunks)

    script = [*script, b"resume", QUARTER]
    assert length_n(heard(script)) == length_n([c for c in script if not isinstance(c, bytes)])


def test_a_flood_of_unknown_commands_is_one_line():
    pause = Pause()
    with capture_logs() as logs:
        for n in range(1000):
            pause.obey(b"nonsense %d" % n)
    assert [line["found"] for line in logs] == ["b'nonsense 0'"]
