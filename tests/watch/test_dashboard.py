"""The picture: it fits, whatever arrives."""

import json

from hypothesis import given
from hypothesis import strategies as st

from moodstream.messages.received import line
from moodstream.text import cells
from moodstream.watch.dashboard import LETTERS, draw
from moodstream.watch.scene import Scene
from tests.support.messages import HOSTILE, SGR, SILENCE, clean, said


def test_a_name_cannot_steer_the_terminal():
    scene = Scene(0)
    scene.link("", 0)
    scene.take("current", said(source="den\x1b[2J\x07\u202e\n"), 0)
    rows = draw(scene, "mood", 0, (80, 24), colour=False)
    assert rows[1] == "live from den�[2J���"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["current", "availability", "health", "event", "set", "\x1b"]),
            st.sampled_from([*HOSTILE, said(), b"online", b"offline"]) | st.binary(max_size=50),
        ),
        max_size=8,
    ),
    st.integers(1, 200),
    st.integers(1, 60),
    st.booleans(),
    st.text(max_size=40),
)
def test_any_messages_make_a_picture_that_fits(messages, columns, lines, colour, title):
    scene = Scene(0)
    scene.link("", 0)
    for turn, (name, payload) in enumerate(messages):
        scene.take(name, payload, turn * 10)
        clean(line(name, payload))
    rows = draw(scene, title, 100, (columns, lines), colour=colour)
    assert len(rows) <= lines
    for row in rows:
        clean(row)
        assert cells(SGR.sub("", row)) <= columns
        assert ("\x1b" in row) <= colour


def drawn(*messages, size=(80, 24), **more):
    scene = Scene(0)
    scene.link("", 0)
    for name, payload in messages:
        scene.take(name, payload, 0)
    return draw(scene, "mood", 0, size, colour=False, **more)


def test_the_kinds_of_sound_are_shown():
    heard = {"voice": 0.04, "music": 0.95, "other": 0.01}
    rows = drawn(("current", said(heard=heard)))
    assert rows[4] == "voice 4% music 95% other 1%"
    assert drawn(("current", said()))[4] == ""


def test_a_sound_without_a_mood_has_a_place_in_the_timeline():
    rows = drawn(("current", json.dumps({**SILENCE, "status": "other"}).encode()))
    assert any(row.startswith("OTHER") for row in rows)
    assert any(row.endswith(".") and not row.strip(". ") for row in rows)


def test_wide_letters_take_two_columns():
    rows = drawn(("current", said(source="会议室" * 10)), size=(20, 24))
    assert rows[1] == "live from 会议室会议"
    rows = drawn(("health", json.dumps({"会" * 12: 1, "b": 2}).encode()), size=(30, 40))
    assert rows[-2:] == ["会" * 12 + " 1", "b 2"]


def test_letters_draw_bars_where_there_are_no_blocks():
    rows = drawn(("current", said()), marks=LETTERS)
    assert "".join(rows).isascii()
    assert max(row.count("#") for row in rows) == round(0.83 * 60)
