"""The picture of a recording: its spectrogram, its moods, valence and arousal."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moodstream.pictures.canvas import check, fill, legend, save, styled
from moodstream.pictures.heard import Heard
from moodstream.pictures.palette import COLOURS, HAIR, HATCHES, INK, MARK

RANGE_DB = 70
"""Decibels of the spectrogram below its loudest point."""
LABELLED = 0.06
"""Shortest part of the recording in which a mood is named."""
JOINED_S = 2.0
"""Longest time between two hops that are joined by a line, seconds."""


def draw(heard: Heard, path: Path) -> None:
    """Write the picture as PNG or SVG, the same bytes for the same recording.

    Raises:
        OSError: the file cannot be written.
        ValueError: its name does not end with .png or .svg.
    """
    check(path)
    with styled():
        figure = Figure(figsize=(11, 6.2), layout="constrained")
        mel, moods, lines = figure.subplots(3, 1, sharex=True, height_ratios=(3, 0.8, 2))
        summary = heard.summary
        title = Path(summary["file"]).name
        # A name may contain characters that matplotlib interprets as mathematics.
        figure.suptitle(title.replace("$", r"\$"), x=0.01, ha="left", fontsize=14)
        _spectrogram(mel, heard)
        for begin_s, end_s, key in heard.pieces:
            fill(moods, begin_s, end_s - begin_s, 0, 1, key)
            if key in COLOURS and end_s - begin_s > LABELLED * heard.duration_s:
                colour = "white" if key == "sad" else INK
                middle_s = (begin_s + end_s) / 2
                moods.text(middle_s, 0.5, key, ha="center", va="center", color=colour)
        moods.set(yticks=[], ylim=(0, 1))
        moods.set_ylabel("mood", rotation=0, ha="right", va="center")
        _lines(lines, heard)
        present = {key for _, _, key in heard.pieces}
        legend(lines, [key for key in (*COLOURS, *HATCHES) if key in present])
        save(figure, path)


def _spectrogram(axes: Axes, heard: Heard) -> None:
    top = float(heard.mel_db.max())
    axes.imshow(
        heard.mel_db,
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=top - RANGE_DB,
        vmax=top,
        interpolation="nearest",
        extent=(0, heard.duration_s, 0, len(heard.mel_db)),
    )
    axes.set(yticks=[], xlim=(0, heard.duration_s))
    axes.set_ylabel("mel bands", rotation=0, ha="right", va="center")


def _lines(axes: Axes, heard: Heard) -> None:
    for begin_s, end_s, key in heard.pieces:
        if key in HATCHES:
            axes.axvspan(begin_s, end_s, facecolor="none", edgecolor=HAIR, hatch=HATCHES[key], lw=0)
    for index, name, style in ((1, "valence", "-"), (2, "arousal", "--")):
        times: list[float] = []
        values: list[float] = []
        for place in heard.places:
            if times and place[0] - times[-1] > JOINED_S:
                times.append(place[0])
                values.append(float("nan"))
            times.append(place[0])
            values.append(place[index])
        axes.plot(times, values, style, color=INK if index == 1 else MARK, lw=1.6)
        if times:
            axes.annotate(f" {name}", (times[-1], values[-1]), va="center", annotation_clip=False)
    axes.axhline(0, color=HAIR, lw=1, zorder=0)
    axes.set(ylim=(-1, 1), yticks=(-1, 0, 1), xlabel="seconds")
