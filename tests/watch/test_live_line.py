"""The compact line: rewritten on a terminal, changes alone in a file."""

import io
import os
import pty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.messages.received import parse
from moodstream.mood.circumplex import MOODS
from moodstream.text import cells
from moodstream.watch.live_line import LiveLine, compact
from tests.support.messages import HOSTILE, said
from tests.support.terminal import shown_on

HEARD = {"voice": 0.04, "music": 0.95, "other": 0.01}


def read_until(descriptor, end):
    written = b""
    while end not in written:
        written += os.read(descriptor, 1 << 16)
    return written.decode()


@pytest.fixture
def terminal(monkeypatch):
    """A terminal that is written to, and what it has got so far."""
    monkeypatch.setenv("TERM", "xterm")
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as out:
        yield out, lambda end: read_until(master, end)
    os.close(master)


def test_on_a_terminal_a_change_stays_and_the_state_is_rewritten(terminal):
    out, written = terminal
    line = LiveLine(out)
    line.take("mood/event", said(mood="sad", seq=1))
    for level in (-10.0, -20.0, -30.0):
        line.take("mood/current", said(level_dbfs=level, heard=HEARD))
    rows = shown_on(written(b"-30 dB  valence +0.6  arousal -0.4"), 80, 24)
    assert rows[0].split()[:3] == ["20:15:09", "sad", "83%"]
    assert "-30 dB" in rows[1]
    assert "music 95%" in rows[1]
    assert rows[2:] == [""] * 22
    line.end()
    line.say("Ended.")


def test_in_a_file_there_are_the_changes_alone():
    out = io.StringIO()
    line = LiveLine(out)
    line.take("mood/current", said())
    line.take("mood/event", said(seq=1))
    line.take("mood/event", said(seq=2, status="silence", mood=None, confidence=None))
    line.take("mood/event", HOSTILE[5])
    rows = out.getvalue().splitlines()
    assert [row.split()[1] for row in rows] == ["happy", "silence"]
    assert "\x1b" not in out.getvalue()


@given(
    st.sampled_from([*MOODS, None]),
    st.floats(-1, 1),
    st.floats(-120, 3),
    st.sampled_from(["ok", "warming_up", "no_audio", "uncertain"]),
)
def test_it_fits_into_80_columns(mood, value, level, status):
    message = parse(
        said(
            mood=mood,
            status="ok" if mood else status,
            valence=value,
            arousal=-value,
            level_dbfs=level,
            heard=HEARD,
        )
    )
    assert cells(compact(message)) < 80
    assert "-0.0" not in compact(message)
