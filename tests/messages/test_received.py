"""Messages from anybody: what is read, what is refused, what is shown."""

import json

import pytest

from moodstream.messages.received import counters, line, parse
from tests.support.messages import HOSTILE, clean, said


@pytest.mark.parametrize("payload", HOSTILE)
def test_what_is_no_state_is_refused(payload):
    assert parse(payload) is None
    clean(line("mood/current", payload))


def test_what_is_new_in_a_state_is_ignored():
    assert parse(said(colour="blue")) == parse(said())


def test_counters_are_shown_whatever_they_are():
    shown = counters(
        b'{"a": 1, "b": 0.123456789, "c": {"d": null, "e": [1]}, "f": true, "g\\n": "\\u001b[2J", '
        b'"h": 1e999, "i": ' + b"9" * 400 + b"}"
    )
    assert shown == {
        "a": "1",
        "b": "0.123457",
        "c.d": "-",
        "c.e": "…",
        "f": "True",
        "g�": "�[2J",
        "h": "inf",
        "i": "…",
    }
    many = json.dumps({f"{n}" * 50: "y" * 5000 for n in range(100)}).encode()
    assert counters(many) == {}  # too long to be looked at
    few = counters(json.dumps({f"{n}" * 50: n for n in range(100)}).encode())
    assert len(few) == 32
    assert max(map(len, few)) == 40
    assert counters(b"[]") == counters(b"\x00") == {}


def test_a_line_says_what_is_there():
    shown = line("mood/current", said())
    for part in ("mood/current", "20:15:09", "ok", "happy", "83%", "Q1", "+0.62", "-18.2 dBFS"):
        assert part in shown


HEARD = {"voice": 0.04, "music": 0.95, "other": 0.01}
OTHER = said(status="other", mood=None, confidence=None, scores=None, heard=HEARD)


def test_what_was_heard_is_read_and_shown():
    assert parse(said(heard=HEARD)).heard == HEARD
    assert parse(said(heard={**HEARD, "birds": 0.5})).heard["music"] == 0.95
    assert parse(said(heard=None)).heard is None
    assert parse(said()).heard is None
    assert "voice 4% music 95% other 1%" in line("mood/current", said(heard=HEARD))


def test_a_sound_that_is_neither_voice_nor_music_has_no_mood():
    message = parse(OTHER)
    assert (message.status, message.mood, message.word) == ("other", None, "other")
    assert line("mood/current", OTHER).split()[2:4] == ["other", "-"]
