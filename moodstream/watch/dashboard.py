"""A scene, drawn as lines for a terminal of any size."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from moodstream.messages.received import Received, heard_text
from moodstream.mood.circumplex import MOODS
from moodstream.text import cells, cut, printable
from moodstream.watch.scene import AWAY, Scene

Span = tuple[str, str]
"""Text, and the parameters of the SGR sequence (ECMA-48 8.3.117) that it is shown in."""

SPAN_S = 300
"""Seconds of the timeline."""
PLAIN, BOLD, DIM, ALARM = "", "1", "2", "1;31"
_COLOUR = {
    "neutral": 250,
    "calm": 43,
    "happy": 220,
    "sad": 33,
    "angry": 196,
    "fearful": 135,
    "disgust": 106,
    "surprised": 208,
}
"""Colour of each mood, from the 256 standard terminal colours."""
_SIGN = {
    **{mood: mood[0] for mood in MOODS},
    "surprised": "!",
    "silence": "_",
    "other": ".",
    "uncertain": "?",
    "warming_up": "~",
    "no_audio": "x",
    "paused": "=",
    AWAY: " ",
}


@dataclass(frozen=True)
class Marks:
    """Characters for bars and axes."""

    full: str
    parts: str
    """Partial blocks of a full character, from empty to full."""
    axis: str
    zero: str
    dot: str


BLOCKS = Marks("█", " ▏▎▍▌▋▊▉", "─", "┼", "●")
LETTERS = Marks("#", " ", "-", "+", "o")
"""Marks for terminals with only ASCII characters."""
_LABEL = 12
_NUMBER = 8
QUIETEST_DBFS = -80.0


def draw(
    scene: Scene,
    title: str,
    now_s: float,
    size: tuple[int, int],
    *,
    colour: bool,
    marks: Marks = BLOCKS,
) -> list[str]:
    """Return the lines of a picture that fits the terminal.

    Args:
        scene: known facts about the daemon.
        title: name of the watched daemon.
        now_s: time of the scene's clock, seconds.
        size: columns and lines of the terminal.
        colour: whether to use colours, and bold and dim letters.
        marks: characters that the terminal supports.
    """
    width, height = size
    trouble, _, advice = scene.problem.partition("; ")
    condition = _condition(scene, trouble, now_s)
    rows = [[(printable(f"moodstream  {title}", width), BOLD)], [condition], [(advice, PLAIN)]]
    if scene.state is not None:
        rows += _state(scene.state, width, marks, live=scene.live(now_s))
    rows += _timeline(scene, now_s, width)
    if scene.counters:
        rows += [[], [("health", BOLD)], *_columns(scene.counters, width)]
    return [_render(row, width, colour) for row in rows[:height]]


def _condition(scene: Scene, trouble: str, now_s: float) -> Span:
    if trouble:
        return f"{printable(trouble, 60)}; trying again", ALARM
    if scene.online is False:
        return "offline: the daemon has left the broker", ALARM
    if scene.state is None and scene.unreadable:
        return "the messages are not readable: is this the prefix of a moodstream daemon?", ALARM
    if scene.state is None:
        return "connected; no state has arrived yet", DIM
    if not scene.live(now_s):
        return f"no message for {scene.age_s(now_s):.0f} s", ALARM
    return f"live from {printable(scene.state.source, 60)}", PLAIN


def _state(state: Received, width: int, marks: Marks, *, live: bool) -> Iterator[list[Span]]:
    parts = [state.word.upper() if live else f"last heard: {state.word}"]
    if state.confidence is not None:
        parts.append(f"{state.confidence:.0%}")
    parts += [*filter(None, [state.quadrant]), f"since {state.since[11:19]} UTC"]
    yield [("  ".join(parts), _sgr(state.mood, BOLD) if live else DIM)]
    yield [(heard_text(state.heard), PLAIN if live else DIM)] if state.heard else []
    bar_width = max(1, width - _LABEL - _NUMBER)
    for mood in MOODS:
        score = state.scores[mood] if state.scores else 0.0
        style = _sgr(mood) if live else DIM
        label = f"{_SIGN[mood]} {mood}"
        number = f"{score:>{_NUMBER - 1}.0%}" if state.scores else f"{'-':>{_NUMBER - 1}}"
        yield [
            (f"{label:<{_LABEL}}", style),
            (_bar(score, bar_width, marks), style),
            (number, PLAIN),
        ]
    yield []
    for label, value in (("valence", state.valence), ("arousal", state.arousal)):
        yield [(f"{label:<{_LABEL}}", PLAIN), *_axis(value, bar_width, marks, live=live)]
    level = state.level_dbfs
    loud = 0.0 if level is None else min(1.0, max(0.0, 1 - level / QUIETEST_DBFS))
    number = "-" if level is None else f"{level:.1f}"
    yield [
        (f"{'level dBFS':<{_LABEL}}", PLAIN),
        (_bar(loud, bar_width, marks), PLAIN if live else DIM),
        (f"{number:>{_NUMBER - 1}}", PLAIN),
    ]
    yield []


def _timeline(scene: Scene, now_s: float, width: int) -> list[list[Span]]:
    row = [
        (_SIGN[key] * len([*cells]), f"30;48;5;{_COLOUR[key]}" if key in _COLOUR else DIM)
        for key, cells in groupby(scene.history(now_s, SPAN_S, width))
    ]
    ends = (f"{SPAN_S // 60} minutes ago", "now")
    return [row, [(ends[0] + ends[1].rjust(width - len(ends[0])), DIM)]]


def _bar(value: float, width: int, marks: Marks) -> str:
    steps = len(marks.parts)
    full, part = divmod(round(value * width * steps), steps)
    return (marks.full * full + marks.parts[part]).ljust(width)[:width]


def _axis(value: float | None, width: int, marks: Marks, *, live: bool) -> list[Span]:
    """Return an axis from -1 on the left to 1 on the right, with a dot at the value."""
    places = [marks.axis] * width
    places[(width - 1) // 2] = marks.zero
    if value is None:
        return [("".join(places), DIM), (f"{'-':>{_NUMBER - 1}}", PLAIN)]
    places[round((value + 1) / 2 * (width - 1))] = marks.dot
    return [("".join(places), PLAIN if live else DIM), (f"{value:>+{_NUMBER - 1}.2f}", PLAIN)]


def _columns(counters: dict[str, str], width: int) -> Iterator[list[Span]]:
    """Yield lines with as many pairs as fit."""
    row = ""
    for name, value in counters.items():
        pair = f"{name} {value}"
        if row and cells(row) + 3 + cells(pair) > width:
            yield [(row, PLAIN)]
            row = ""
        row += f"   {pair}" if row else pair
    yield [(row, PLAIN)]


def _sgr(mood: str | None, more: str = "") -> str:
    return ";".join(filter(None, [more, f"38;5;{_COLOUR[mood]}" if mood else ""]))


def _render(row: list[Span], width: int, colour: bool) -> str:
    shown, left = "", width
    for text, sgr in row:
        part = cut(text, left)
        left -= cells(part)
        shown += f"\x1b[{sgr}m{part}\x1b[0m" if colour and sgr and part else part
    return shown
