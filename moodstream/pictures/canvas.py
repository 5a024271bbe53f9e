"""Figures that give the same bytes each time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from moodstream.pictures.palette import COLOURS, GROUND, HAIR, HATCHES, INK, MARK, SOFT

DPI = 144
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "moodstream",  # ids in the file would be random
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": HAIR,
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "hatch.color": MARK,
    "hatch.linewidth": 0.6,
}
SUFFIXES = (".png", ".svg")


def check(path: Path) -> None:
    """Refuse a file name with another suffix.

    Raises:
        ValueError: the name does not end with .png or .svg.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"'{path.name}': expected a name that ends with .png or .svg")


def save(figure: Figure, path: Path) -> None:
    """Write a figure without a time or a version in it.

    Raises:
        OSError: the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    figure.savefig(path, dpi=DPI, format=kind, metadata=metadata)


def fill(axes: Axes, begin: float, width: float, low: float, high: float, key: str) -> None:
    """Draw a rectangle in the colour of a mood, or hatched for a status without a mood."""
    is_mood = key in COLOURS
    axes.bar(
        begin,
        high - low,
        width,
        low,
        align="edge",
        facecolor=COLOURS.get(key, GROUND),
        hatch=HATCHES.get(key),
        edgecolor=None if is_mood else MARK,
        linewidth=0,
    )


def legend(axes: Axes, keys: list[str]) -> None:
    """Explain the colours and hatches below the axes."""
    patches = [
        Patch(
            facecolor=COLOURS.get(key, GROUND),
            hatch=HATCHES.get(key),
            edgecolor=MARK,
            linewidth=0.3,
            label=key.replace("_", " "),
        )
        for key in keys
    ]
    axes.legend(
        handles=patches,
        loc="upper left",
        bbox_to_anchor=(0, -0.25),
        ncols=7,
        frameon=False,
        handlelength=1.6,
        columnspacing=1.4,
        borderaxespad=0,
    )


@contextmanager
def styled() -> Iterator[None]:
    """Apply the style of our figures within a block."""
    with mpl.rc_context(STYLE):
        yield
