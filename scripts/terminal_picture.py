"""A screen of a terminal, and its picture as SVG.

It knows the control sequences that `moodstream watch` writes: cursor home, erase line, and the
colours of SGR (ECMA-48, section 8.3.117). Bars and axes become shapes, so that they do not depend
on the fonts of the reader.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 8.4, 19, 14
"""Pixels; a monospaced letter is about 0.6 of its size wide."""
MARGIN, TITLE_BAR = 20, 38
BACKGROUND, FOREGROUND, FRAME = "#14161b", "#d9dce3", "#23262e"
DIM_OPACITY = 0.5
BASE = (
    *("#14161b", "#e05561", "#8cc265", "#d18f52", "#4aa5f0", "#c162de", "#42b3c2", "#d9dce3"),
    *("#4f5666", "#ff616e", "#a5e075", "#f0a45d", "#4dc4ff", "#de73ff", "#4cd1e0", "#ffffff"),
)
"""The first 16 colours, which each terminal chooses."""
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"

_SEQUENCE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|([^\x1b])", re.DOTALL)
_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True)
class Style:
    """The look of a cell."""

    colour: str = FOREGROUND
    background: str = ""
    bold: bool = False
    dim: bool = False


PLAIN = Style()


class Screen:
    """Cells that a program has written to.

    Args:
        columns: width in cells.
        lines: height in cells.
    """

    def __init__(self, columns: int, lines: int) -> None:
        self.columns, self.lines = columns, lines
        self.cells = [[(" ", PLAIN)] * columns for _ in range(lines)]
        """A character and its style each; the second half of a wide character is empty."""
        self._x = self._y = 0
        self._style = PLAIN

    def write(self, text: str) -> None:
        """Take what a program writes."""
        for parameters, final, letter in _SEQUENCE.findall(text):
            if letter:
                self._put(letter)
            elif final == "H":
                self._x = self._y = 0
            elif final == "K":
                start = 0 if parameters == "2" else self._x
                self.cells[self._y][start:] = [(" ", PLAIN)] * (self.columns - start)
            elif final == "m":
                self._style = styled(self._style, parameters)

    def _put(self, letter: str) -> None:
        if letter == "\r":
            self._x = 0
        elif letter == "\n":
            self._y = min(self._y + 1, self.lines - 1)
        elif self._x < self.columns:
            wide = unicodedata.east_asian_width(letter) in "WF"
            self.cells[self._y][self._x] = letter, self._style
            if wide and self._x + 1 < self.columns:
                self.cells[self._y][self._x + 1] = "", self._style
            self._x += 1 + wide


def styled(style: Style, parameters: str) -> Style:
    """Return a style after an SGR sequence."""
    numbers = iter([int(number or 0) for number in parameters.split(";")])
    for number in numbers:
        if number == 0:
            style = PLAIN
        elif number == 1:
            style = replace(style, bold=True)
        elif number == 2:
            style = replace(style, dim=True)
        elif number in (38, 48):
            next(numbers)  # 5: a colour of 256
            hue = colour(next(numbers))
            style = replace(style, colour=hue) if number == 38 else replace(style, background=hue)
        elif 30 <= number < 38:
            style = replace(style, colour=BASE[number - 30])
    return style


def colour(index: int) -> str:
    """Return one of the 256 colours of xterm as #rrggbb."""
    if index < 16:
        return BASE[index]
    if index >= 232:
        return f"#{8 + 10 * (index - 232):02x}" + f"{8 + 10 * (index - 232):02x}" * 2
    rest, blue = divmod(index - 16, 6)
    parts = (*divmod(rest, 6), blue)
    return "#" + "".join(f"{55 + 40 * part if part else 0:02x}" for part in parts)


def svg(screen: Screen, command: str, alternative: str) -> str:
    """Return the picture of a screen in a window.

    Args:
        screen: the cells.
        command: the title of the window.
        alternative: a description for those who do not see the picture.
    """
    width = round(2 * MARGIN + screen.columns * CELL_WIDTH)
    height = round(TITLE_BAR + 2 * MARGIN - 8 + screen.lines * CELL_HEIGHT)
    shapes = [f'<rect width="{width}" height="{height}" rx="10" fill="{BACKGROUND}"/>']
    shapes += _title_bar(width, command)
    for row, cells in enumerate(screen.cells):
        shapes += _row(cells, TITLE_BAR + MARGIN - 6 + row * CELL_HEIGHT)
    lines = "\n".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="{FONTS}" font-size="{FONT_SIZE}" role="img">\n'
        f"<title>{escape(alternative)}</title>\n{lines}\n</svg>\n"
    )


def _title_bar(width: int, title: str) -> Iterator[str]:
    below = TITLE_BAR - 10
    outline = f"M0 {TITLE_BAR}V10a10 10 0 0 1 10-10h{width - 20}a10 10 0 0 1 10 10v{below}z"
    yield f'<path d="{outline}" fill="{FRAME}"/>'
    middle = TITLE_BAR // 2
    for number, hue in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        yield f'<circle cx="{MARGIN + 20 * number}" cy="{middle}" r="6" fill="{hue}"/>'
    place = f'x="{width // 2}" y="{middle + 5}" text-anchor="middle" fill="#9aa0ac"'
    yield f"<text {place}>{escape(title)}</text>"


def _row(cells: list[tuple[str, Style]], top: float) -> Iterator[str]:
    x = 0
    for (style, kind), group in groupby(cells, lambda cell: (cell[1], _kind(cell[0]))):
        letters = [letter for letter, _ in group]
        left, width = MARGIN + x * CELL_WIDTH, len(letters) * CELL_WIDTH
        x += len(letters)
        if style.background:
            yield _rect(left, top, width, CELL_HEIGHT, style.background)
        if kind == "bar":
            eighths = sum(_EIGHTHS.index(letter) for letter in letters)
            bar = CELL_WIDTH * eighths / 8
            yield _rect(left, top + 4, bar, CELL_HEIGHT - 8, style.colour, _opacity(style))
        elif kind == "axis":
            yield from _axis(letters, left, top, style)
        elif not "".join(letters).isspace():
            yield _text(letters, left, top, style)


def _kind(letter: str) -> str:
    if letter in ("─", "┼", "●"):
        return "axis"
    return "bar" if letter in tuple(_EIGHTHS[1:]) else "text"


def _axis(letters: list[str], left: float, top: float, style: Style) -> Iterator[str]:
    middle = top + CELL_HEIGHT / 2
    yield _rect(left, middle - 0.5, len(letters) * CELL_WIDTH, 1, style.colour, 0.4)
    for number, letter in enumerate(letters):
        x = left + (number + 0.5) * CELL_WIDTH
        if letter == "┼":
            yield _rect(x - 0.5, middle - 5, 1, 10, style.colour, 0.4)
        elif letter == "●":
            yield f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="5" fill="{style.colour}"/>'


def _text(letters: list[str], left: float, top: float, style: Style) -> str:
    first = next(number for number, letter in enumerate(letters) if letter != " ")
    last = max(number for number, letter in enumerate(letters) if letter != " ")
    text = "".join(letters[first : last + 1])
    weight = ' font-weight="bold"' if style.bold else ""
    return (
        f'<text x="{left + first * CELL_WIDTH:.1f}" y="{top + 14:.1f}" '
        f'textLength="{(last + 1 - first) * CELL_WIDTH:.1f}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{style.colour}"{weight}{_opacity_attribute(_opacity(style))} xml:space="preserve">'
        f"{escape(text)}</text>"
    )


def _rect(
    left: float, top: float, width: float, height: float, hue: str, opacity: float = 1.0
) -> str:
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{hue}"{_opacity_attribute(opacity)}/>'
    )


def _opacity(style: Style) -> float:
    return DIM_OPACITY if style.dim else 1.0


def _opacity_attribute(opacity: float) -> str:
    return "" if opacity == 1.0 else f' opacity="{opacity:g}"'
