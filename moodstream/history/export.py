"""The history as CSV, as JSON lines or as a table."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

from moodstream.history.columns import KEYS, means
from moodstream.history.reading import Row
from moodstream.messages.published import timestamp
from moodstream.messages.received import HEARD
from moodstream.text import printable

FIELDS = (
    *("time", "end", "room", *(f"{key}_s" for key in KEYS)),
    *("valence", "arousal", "level_dbfs", *(f"heard_{kind}" for kind in HEARD)),
)


def record(row: Row) -> dict[str, Any]:
    """Return a span as it is exported: seconds of each mood and status, and means."""
    found = means(row.span)
    return {
        "time": _time(row.begin_s),
        "end": _time(row.end_s),
        "room": row.prefix,
        **{f"{key}_s": row.span[f"{key}_s"] for key in KEYS},
        **{name: found[name] for name in ("valence", "arousal", "level_dbfs")},
        **{f"heard_{kind}": found[kind] for kind in HEARD},
    }


def write_csv(rows: Iterable[Row], out: TextIO) -> None:
    """Write a line for each span, below the names of the columns."""
    writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(record(row) for row in rows)


def write_jsonl(rows: Iterable[Row], out: TextIO) -> None:
    """Write one JSON object on each line, for each span."""
    out.writelines(json.dumps(record(row), separators=(",", ":")) + "\n" for row in rows)


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield lines for people: the day, the room, and the three longest moods or statuses."""
    for row in rows:
        known_s = sum(row.span[f"{key}_s"] for key in KEYS)
        longest = sorted(KEYS, key=lambda key: -row.span[f"{key}_s"])[:3]
        parts = [
            f"{key.replace('_', ' ')} {row.span[f'{key}_s'] / known_s:.0%}"
            for key in longest
            if row.span[f"{key}_s"]
        ]
        day = datetime.fromtimestamp(row.begin_s, UTC).astimezone().date()
        room = printable(row.prefix, 60)
        yield f"{day}  {room:<24}  {known_s / 3600:5.1f} h known   {', '.join(parts)}"


def _time(time_s: int) -> str:
    return timestamp(datetime.fromtimestamp(time_s, UTC))
