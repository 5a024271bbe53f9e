"""The picture of a reliability: how often it is right against how sure it is."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from moodstream_train.measure.calibration import Reliability

mpl.use("Agg")


def draw(found: Reliability, title: str, path: Path) -> None:
    """Bars of accuracy over confidence, the diagonal where they should end, the clips below."""
    count = len(found.bins)
    centres = (np.arange(count) + 0.5) / count
    figure = Figure(figsize=(4.6, 5.2), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    upper.bar(centres, [one.accuracy for one in found.bins], 0.9 / count)
    upper.plot((0, 1), (0, 1), "k--", linewidth=1)
    upper.set(
        ylabel="share right", ylim=(0, 1), title=f"{title}: calibration error {found.ece:.3f}"
    )
    lower.bar(centres, [one.clips for one in found.bins], 0.9 / count)
    lower.set(xlabel="confidence", ylabel="clips", xlim=(0, 1))
    figure.savefig(path, dpi=120)
