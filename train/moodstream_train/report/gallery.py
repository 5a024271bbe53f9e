"""Plots beside the page: copies from the runs, and confusion matrices of single models."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from moodstream_train import plots
from moodstream_train.evaluation.measured import SHIPPED
from moodstream_train.measure import figures
from moodstream_train.parts import RANDOM
from moodstream_train.report.gathered import Gathered, Measured, verdicts

FOLDER = "pictures"
SHOWN = {
    "shipped": ("confusion-*.png", "fold-*/cnn-curves.png", "fold-*/rnn-curves.png"),
    "songs-80": ("confusion-*.png", "random/cnn-curves.png", "random/rnn-curves.png"),
    "songs-75": ("confusion-*.png", "random/cnn-curves.png", "random/rnn-curves.png"),
}
"""Plots of the first seed of each recipe, and of its first fold."""
OWN_CONFUSION = {"songs-80": "cnn", "songs-75": "rnn"}
"""Model whose own confusion matrix the protocol asks for."""
SEED_PROJECT = "seed-project"


def found(gathered: Gathered) -> dict[str, Path]:
    """Return the plots to copy, by the name of the copy."""
    copies: dict[str, Path] = {}
    for recipe, patterns in SHOWN.items():
        for run in gathered.measured(recipe)[:1]:
            for pattern in patterns:
                for path in sorted(run.folder.glob(pattern)):
                    copies.setdefault(f"{recipe}-{path.name}", path)
    if gathered.seed_project_folder:
        for path in sorted(gathered.seed_project_folder.glob("*.png")):
            copies[f"{SEED_PROJECT}-{path.name}"] = path
    return copies


def links(gathered: Gathered) -> list[str]:
    """Return the names of all plots that :func:`hang` writes."""
    return [*found(gathered), *(name for name, _, _ in _alone(gathered))]


def wanted(gathered: Gathered) -> list[str]:
    """Return the plots that row S3 asks for, as far as they exist."""
    return [name for name in found(gathered) if name.startswith(tuple(OWN_CONFUSION))]


def hang(gathered: Gathered, out: Path) -> list[Path]:
    """Write all plots below a folder, and return their paths."""
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, source in found(gathered).items():
        made.append(folder / name)
        shutil.copyfile(source, made[-1])
    for name, run, model in _alone(gathered):
        made.append(folder / name)
        _draw(run, model, made[-1])
    return made


def _alone(gathered: Gathered) -> Iterator[tuple[str, Measured, str]]:
    """Yield plot name, run and model, where there are verdicts to count."""
    for recipe, model in OWN_CONFUSION.items():
        for run in gathered.measured(recipe)[:1]:
            if verdicts(run.folder, RANDOM, SHIPPED):
                yield f"{recipe}-confusion-{model}.png", run, model


def _draw(run: Measured, model: str, path: Path) -> None:
    counts, labels = figures.confusion(verdicts(run.folder, RANDOM, SHIPPED), model)
    title = f"song, {run.recipe}, seed {run.seed}, {model.upper()} alone, leaky"
    plots.confusion(counts, labels, title, path)
