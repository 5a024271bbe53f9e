"""Text for terminals: safe characters, widths in cells, colours."""

import os
import unicodedata
from typing import TextIO

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ELLIPSIS = "…"


def printable(text: str, limit: int) -> str:
    """Return text that cannot control a terminal, cut to a number of cells.

    Control characters, line breaks, changes of the writing direction and halves of characters
    become replacement characters.

    Args:
        text: untrusted text, such as a file name or a message.
        limit: cells, at least 1.
    """
    # A very long text is cut first; up to four characters may share a cell.
    short = text[: 4 * limit + 4]
    shown = "".join(c if c.isprintable() else REPLACEMENT for c in short)
    if len(short) == len(text) and cells(shown) <= limit:
        return shown
    return cut(shown, limit - 1) + _ELLIPSIS


def cells(text: str) -> int:
    """Return the width of printable text in terminal columns."""
    return len(text) if text.isascii() else sum(map(_width, text))


def cut(text: str, limit: int) -> str:
    """Return the start of a text that fits into a number of cells."""
    if text.isascii():
        return text[:limit]
    taken = 0
    for at, character in enumerate(text):
        taken += _width(character)
        if taken > limit:
            return text[:at]
    return text


def pad(text: str, width: int) -> str:
    """Return the text, padded with spaces to a width in cells."""
    return text + " " * (width - cells(text))


def coloured(stream: TextIO) -> bool:
    """Return whether colours are wanted: on a terminal, unless NO_COLOR is set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def encodable(text: str, stream: TextIO) -> bool:
    """Return whether a stream can encode all characters of a text."""
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
