"""Plots are written, with and without an inner side."""

from pathlib import Path

import numpy as np
from matplotlib import image

from moodstream_train import plots


def test_curves_need_no_inner_side(tmp_path: Path) -> None:
    history = {"loss": [2.0, 1.0], "accuracy": [0.2, 0.5]}
    plots.curves(history, "cnn", tmp_path / "alone.png")
    both = {**history, "inner_loss": [3.0, 2.5], "inner_accuracy": [0.1, 0.2]}
    plots.curves(both, "cnn", tmp_path / "both.png")
    alone, two = (image.imread(tmp_path / f"{name}.png") for name in ("alone", "both"))
    assert alone.shape == two.shape
    assert not np.array_equal(alone, two)


def test_a_confusion_matrix_is_as_wide_as_it_has_labels(tmp_path: Path) -> None:
    for labels in (("a", "b"), tuple("abcdefgh")):
        counts = np.eye(len(labels), dtype=np.int64)
        plots.confusion(counts, labels, "x", tmp_path / f"{len(labels)}.png")
    few, many = (image.imread(tmp_path / f"{count}.png") for count in (2, 8))
    assert many.shape[1] > few.shape[1]
