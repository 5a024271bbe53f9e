"""Plots: curves over the epochs, and confusion matrices."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from moodstream.arrays import Numbers

mpl.use("Agg")


def curves(
    history: Mapping[str, Sequence[float]],
    title: str,
    path: Path,
    trained: str = "training, augmented",
    watched: str = "inner validation groups",
) -> None:
    """Plot loss and accuracy over the epochs, for the training side and for another one.

    Args:
        history: values an epoch; the other side's have the prefix ``inner_``, if there is one.
        title: above the plots.
        path: file to write.
        trained: label of the training side.
        watched: label of the other side.
    """
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    figure.suptitle(title)
    epochs = range(1, len(history["loss"]) + 1)
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        axes.plot(epochs, history[name], label=trained)
        if f"inner_{name}" in history:
            axes.plot(epochs, history[f"inner_{name}"], label=watched)
        axes.set(xlabel="epoch", ylabel=name)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=120)


def confusion(counts: Numbers, labels: Sequence[str], title: str, path: Path) -> None:
    """Plot a confusion matrix of counts [shape=(true, named)], coloured by the share of a row."""
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(
        figsize=(1.6 + 0.7 * len(labels), 1.4 + 0.65 * len(labels)), layout="constrained"
    )
    axes = figure.subplots()
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if share[row, column] > 0.5 else "black"
        axes.text(column, row, str(int(count)), ha="center", va="center", color=colour)
    axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="named", ylabel="true", title=title)
    figure.savefig(path, dpi=120)
