"""The history, in the form that the page requests."""

import re
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from moodstream.history.calendar import start
from moodstream.history.columns import KEYS, means
from moodstream.history.reading import Row, opened
from moodstream.mqtt.url import check_prefix

MEANS = ("valence", "arousal", "level_dbfs", "voice", "music", "other")
_VIEWS = {"day": 300, "week": 3600, "year": 0}
"""Seconds of a span in each view; 0 for days."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class QuestionError(Exception):
    """The parameters of a request are wrong; the message says which."""


def past(path: Path, room: str, view: str, first: str) -> dict[str, Any]:
    """Return the history of a room, ready for JSON.

    Args:
        path: the database.
        room: prefix of the room.
        view: day, week or year.
        first: the first day, as 2026-11-22.

    Raises:
        QuestionError: a parameter is wrong.
        sqlite3.Error: the database is damaged.
    """
    begin_s, end_s = _span(view, first)
    try:
        check_prefix(room)
    except ValueError as error:
        raise QuestionError(f"room: {error}") from error
    empty = {"begin": begin_s, "end": end_s, "keys": KEYS, "rows": [], "events": [], "bounds": None}
    if not path.exists():
        return empty
    with opened(path) as history:
        try:
            if view == "year":
                rows = [*history.days(begin_s, end_s, room)]
            else:
                rows = [*history.spans(begin_s, end_s, _VIEWS[view], room)]
            events = [*history.events(begin_s, end_s, room)] if view == "day" else []
            bounds = history.bounds_s()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # it is being made
                return empty
            raise
    return empty | {
        "rows": [_row(row) for row in rows],
        "events": [(event.time_ms, event.key, event.missing) for event in events[-2000:]],
        "bounds": bounds,
    }


def _span(view: str, first: str) -> tuple[int, int]:
    if view not in _VIEWS:
        raise QuestionError(f"view: expected one of {', '.join(_VIEWS)}")
    try:
        day = date.fromisoformat(first if _DATE.fullmatch(first) else "")
    except ValueError:
        day = date.min
    if not 1971 <= day.year <= 9000:
        raise QuestionError("first: expected a day as 2026-11-22, from 1971 to 9000")
    if view == "year":
        day = day.replace(day=1, month=1)
        return start(day), start(day.replace(year=day.year + 1))
    return start(day), start(day + timedelta(days=1 if view == "day" else 7))


def _row(row: Row) -> list[Any]:
    """Return begin, end, seconds of each mood and status, and the means."""
    found = means(row.span)
    seconds = [round(row.span[f"{key}_s"]) for key in KEYS]
    return [row.begin_s, row.end_s, seconds, [found[name] for name in MEANS]]
