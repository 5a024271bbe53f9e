"""The report of recordings: one HTML file that loads nothing from elsewhere."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from moodstream import __version__
from moodstream.mood.circumplex import CIRCUMPLEX
from moodstream.pictures.heard import Heard
from moodstream.pictures.palette import COLOURS, MARK
from moodstream.text import printable

MAX_NAME = 120
_STYLE = """
:root{color-scheme:light dark;--page:#fbfaf8;--ink:#1b1d21;--soft:#5c616b;--hair:#e4e2dd;
--ground:#eceae5;--mark:#8b8f98}
@media(prefers-color-scheme:dark){:root{--page:#101216;--ink:#f1efeb;--soft:#a2a8b3;--hair:#282c34;
--ground:#22262e;--mark:#757c88}}
body{margin:0 auto;max-width:72rem;padding:3rem clamp(1rem,4vw,3rem);background:var(--page);
color:var(--ink);font:1rem/1.5 Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{font-weight:300;font-size:2.6rem;letter-spacing:-.025em;margin:0}p{color:var(--soft)}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:400;color:var(--soft);font-size:.9rem}
th,td{padding:.6rem 1rem .6rem 0;border-bottom:1px solid var(--hair)}
td:first-child{overflow-wrap:anywhere;min-width:6rem}td{white-space:nowrap}.n{text-align:right}
td:first-child{white-space:normal}.g{fill:var(--ground)}.m{stroke:var(--mark)}
.map{display:block;width:min(34rem,100%);margin:2rem auto}
.map text{font-size:.07px;fill:var(--soft)}.map .end{font-size:.056px}
.rim{fill:none;stroke:var(--hair);stroke-width:.008}.strip{display:block;width:100%;min-width:12rem;
height:1.6rem;border-radius:.4rem}.box{overflow-x:auto}
ul{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:0 0 1.5rem;padding:0;
color:var(--soft);font-size:.9rem}li svg,td svg.key{margin-right:.5rem;vertical-align:-.1rem}
@media(max-width:40rem){.n{display:none}.strip{min-width:6.5rem}.map text{font-size:.095px}}
"""
_STATUSES = {
    "silence": "M0 4h8",
    "other": "M2 2h1M6 6h1",
    "uncertain": "M0 8L8 0",
    "warming_up": "M0 0L8 8",
    "no_audio": "M2 2l4 4m0-4l-4 4",
    "paused": "M3 2v4M5 2v4",
}
"""Patterns of times without a mood, as paths of 8 by 8 units."""
_ENDS = (
    *(("low energy", 0.04, 0.93, "start"), ("high energy", 0.04, -0.88, "start")),
    *(("unpleasant", -0.95, 0.075, "start"), ("pleasant", 0.95, 0.075, "end")),
)
"""Ends of the map's axes: text, place and anchor."""
_PATTERNS = (
    '<svg width="0" height="0" aria-hidden="true"><defs>'
    + "".join(
        f'<pattern id="p-{key}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" class="g"/><path d="{path}" class="m" '
        'fill="none" stroke-width="1.2"/></pattern>'
        for key, path in _STATUSES.items()
    )
    + "</defs></svg>"
)


def write(heard: Sequence[Heard], failures: Sequence[str], path: Path) -> None:
    """Write the report, the same bytes for the same recordings.

    Args:
        heard: the recordings.
        failures: what is wrong with the others, a sentence each.
        path: the HTML file.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text("".join(_parts(heard, failures)), encoding="utf-8")


def _parts(heard: Sequence[Heard], failures: Sequence[str]) -> Iterator[str]:
    minutes = sum(one.duration_s for one in heard) / 60
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>moodstream: recordings</title><style>{_STYLE}</style></head><body>{_PATTERNS}"
        f"<h1>Recordings</h1><p>{len(heard)} recordings, {minutes:.1f} minutes, heard by "
        f"moodstream {__version__}.</p>\n{_map(heard)}\n{_legend(heard)}\n"
        '<div class="box"><table><thead><tr><th>Recording<th>Mood<th class="n">Sure'
        '<th class="n">Valence<th class="n">Arousal<th class="n">Minutes<th>Moods over time'
        "</tr></thead><tbody>\n"
    )
    for one in heard:
        yield _row(one)
    yield "</tbody></table></div>\n"
    for failure in failures:
        yield f"<p>{escape(printable(failure, 400))}</p>\n"
    yield "</body></html>\n"


def _row(one: Heard) -> str:
    summary = one.summary
    mood = summary["mood"] or "none"
    numbers = [
        "-" if summary["confidence"] is None else f"{summary['confidence']:.0%}",
        *("-" if summary[n] is None else f"{summary[n]:+.2f}" for n in ("valence", "arousal")),
        f"{one.duration_s / 60:.1f}",
    ]
    cells = "".join(f'<td class="n">{number}' for number in numbers)
    return f"<tr><td>{_name(one)}<td>{_key(mood)}{mood}{cells}<td>{_strip(one)}</tr>\n"


def _legend(heard: Sequence[Heard]) -> str:
    """Return the moods and statuses of all strips, each with its colour or pattern."""
    found = {key for one in heard for _, _, key in one.pieces}
    keys = [key for key in (*COLOURS, *_STATUSES) if key in found]
    return f"<ul>{''.join(f'<li>{_key(key)}{_word(key)}</li>' for key in keys)}</ul>"


def _key(key: str) -> str:
    fill = f'fill="{_fill(key)}"' if key != "none" else 'class="g"'
    return (
        '<svg class="key" width="20" height="13" aria-hidden="true">'
        f'<rect width="20" height="13" rx="3" {fill}/></svg>'
    )


def _fill(key: str) -> str:
    return COLOURS.get(key, f"url(#p-{key})")


def _word(key: str) -> str:
    return "listening" if key == "warming_up" else key.replace("_", " ")


def _strip(one: Heard) -> str:
    length_s = max(one.duration_s, 1e-9)
    parts = [
        f'<rect x="{100 * begin / length_s:.2f}%" width="{100 * (end - begin) / length_s:.2f}%" '
        f'height="100%" fill="{_fill(key)}">'
        f"<title>{begin:.1f} to {end:.1f} s: {_word(key)}</title></rect>"
        for begin, end, key in one.pieces
    ]
    return f'<svg class="strip" role="img" aria-label="Moods over time">{"".join(parts)}</svg>'


def _map(heard: Sequence[Heard]) -> str:
    names = "".join(
        f'<text x="{1.1 * v:.3f}" y="{-1.1 * a + 0.02:.3f}" '
        f'text-anchor="{"middle" if abs(v) < 0.3 else "start" if v > 0 else "end"}">{mood}</text>'
        for mood, (v, a) in CIRCUMPLEX.items()
        if mood != "neutral"
    )
    ends = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" class="end">{text}</text>'
        for text, x, y, anchor in _ENDS
    )
    dots = "".join(
        f'<circle cx="{one.summary["valence"]:.4f}" cy="{-one.summary["arousal"]:.4f}" r=".035" '
        f'fill="{COLOURS.get(one.summary["mood"], MARK)}" stroke="#fff" stroke-width=".01">'
        f"<title>{_name(one)}</title></circle>"
        for one in heard
        if one.summary["valence"] is not None
    )
    return (
        '<svg class="map" viewBox="-1.45 -1.25 2.9 2.5" role="img" '
        'aria-label="All recordings on the plane of valence and arousal">'
        '<circle r="1" class="rim"/><path d="M-1 0H1M0 -1V1" class="rim"/>'
        f"{ends}{names}{dots}</svg>"
    )


def _name(one: Heard) -> str:
    return escape(printable(Path(one.summary["file"]).name, MAX_NAME))
