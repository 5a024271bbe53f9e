"""Text for terminals: what steers it is gone, widths count cells."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.text import cells, coloured, cut, encodable, pad, printable


@given(st.text(), st.integers(1, 40))
def test_any_text_is_harmless_and_fits(text, limit):
    shown = printable(text, limit)
    assert shown.isprintable()
    assert cells(shown) <= limit


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Mn"]), max_size=40))
def test_text_that_fits_is_left_as_it_is(text):
    assert printable(text, 1000) == text


@given(st.text(st.characters(categories=["L", "Mn"])), st.integers(0, 20))
def test_a_cut_is_the_longest_beginning_that_fits(text, limit):
    start = cut(text, limit)
    assert text.startswith(start)
    assert cells(start) <= limit
    longer = text[: len(start) + 1]
    assert longer == start or cells(longer) > limit
    assert cells(pad(start, limit)) == limit


@pytest.mark.parametrize(
    ("text", "width"),
    [("kitchen", 7), ("会议", 4), ("caf\N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}", 4),
     ("ﾊﾝｶｸ", 4), ("🎵", 2), ("█▏─●", 4)],
)  # fmt: skip
def test_widths_are_in_cells(text, width):
    assert cells(text) == width


@pytest.mark.parametrize(
    "bad", ["\x1b[2J", "a\nb", "\x9b1m", "\N{RIGHT-TO-LEFT OVERRIDE}x", "\udce9", "\0", "\x7f"]
)
def test_what_steers_a_terminal_is_replaced(bad):
    shown = printable(bad, 40)
    assert "�" in shown
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in shown)


def test_an_endless_text_is_cut_in_no_time():
    assert printable("x" * 100_000_000, 5) == "xxxx…"


def test_no_color_is_obeyed(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert coloured(Terminal())
    assert not coloured(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured(Terminal())
    monkeypatch.setenv("NO_COLOR", "")
    assert coloured(Terminal())


def test_what_a_terminal_cannot_show_is_known():
    latin = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    assert encodable("é", latin)
    assert not encodable("█", latin)
