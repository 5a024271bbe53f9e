"""The picture of the history: shares of the moods, valence and arousal."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moodstream.history.calendar import DAY_S
from moodstream.history.columns import KEYS, means
from moodstream.history.reading import History, Row
from moodstream.pictures.canvas import check, fill, legend, save, styled
from moodstream.pictures.palette import HAIR, INK, MARK

_STEPS_S = ((2 * DAY_S, 600), (15 * DAY_S, 3600), (1 << 40, 0))
"""Longest span, and the length of its columns, seconds; 0 for days."""


def draw(history: History, span_s: tuple[int, int], room: str | None, path: Path) -> None:
    """Write a picture of a span of the history, a row for each room.

    Args:
        history: the database.
        span_s: start and end, seconds since 1970.
        room: prefix of the room; None for all.
        path: the picture, PNG or SVG.

    Raises:
        OSError: the file cannot be written.
        ValueError: its name does not end with .png or .svg, or nothing was recorded then.
        sqlite3.Error: the database is damaged.
    """
    check(path)
    each_s = next(each for longest, each in _STEPS_S if span_s[1] - span_s[0] <= longest)
    found = history.spans(*span_s, each_s, room) if each_s else history.days(*span_s, room)
    by_room: dict[str, list[Row]] = {}
    for row in found:
        by_room.setdefault(row.prefix, []).append(row)
    if not by_room:
        raise ValueError("nothing was recorded then")
    with styled():
        count = len(by_room)
        figure = Figure(figsize=(11, 0.8 + 3.4 * count), layout="constrained")
        axes = figure.subplots(
            2 * count, 1, sharex=True, squeeze=False, height_ratios=[2, 1] * count
        )
        for i, (prefix, rows) in enumerate(by_room.items()):
            _shares(axes[2 * i, 0], prefix, rows)
            _lines(axes[2 * i + 1, 0], rows)
        last = axes[-1, 0]
        last.set_xlim(*span_s)
        _ticks(last, span_s)
        rows = [row for own in by_room.values() for row in own]
        legend(last, [key for key in KEYS if any(row.span[f"{key}_s"] for row in rows)])
        save(figure, path)


def _shares(axes: Axes, prefix: str, rows: Sequence[Row]) -> None:
    for row in rows:
        low = 0.0
        for key in KEYS:
            share = row.span[f"{key}_s"] / (row.end_s - row.begin_s)
            if share:
                fill(axes, row.begin_s, row.end_s - row.begin_s, low, low + share, key)
            low += share
    axes.set(ylim=(0, 1), yticks=(0, 1), yticklabels=("0 %", "100 %"))
    axes.set_title(prefix.replace("$", r"\$"), loc="left", fontsize=12)


def _lines(axes: Axes, rows: Sequence[Row]) -> None:
    for name, style, colour in (("valence", "-", INK), ("arousal", "--", MARK)):
        times: list[float] = []
        values: list[float] = []
        end_s = rows[0].begin_s
        for row in rows:
            if row.begin_s != end_s:
                times.append(row.begin_s)
                values.append(float("nan"))
            end_s = row.end_s
            value = means(row.span)[name]
            times.append((row.begin_s + row.end_s) / 2)
            values.append(float("nan") if value is None else value)
        axes.plot(times, values, style, color=colour, lw=1.4, label=name)
    axes.axhline(0, color=HAIR, lw=1, zorder=0)
    axes.set(ylim=(-1, 1), yticks=(-1, 0, 1))
    axes.set_ylabel("valence __\narousal - -", rotation=0, ha="right", va="center")


def _ticks(axes: Axes, span_s: tuple[int, int]) -> None:
    length_s = span_s[1] - span_s[0]
    step_s = next(step for step in (3, 24, 24 * 7, 24 * 61) if length_s <= step * 3600 * 14) * 3600
    places = range(span_s[0], span_s[1] + 1, step_s)
    form = "%H:%M" if step_s < DAY_S else "%a %d %b"
    axes.set_xticks(
        [*places], [datetime.fromtimestamp(at, UTC).astimezone().strftime(form) for at in places]
    )
