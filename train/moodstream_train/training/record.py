"""The record of a run, ``run.json``: its settings, which a run that goes on must have again."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moodstream.whole_file import written_whole
from moodstream_train.corpora import Clip
from moodstream_train.recipe import Recipe
from moodstream_train.training import sources
from moodstream_train.training.run import RUN, Run, RunError, Say


def begin(
    folder: Path,
    data: Path,
    cache: Path,
    seed: int,
    name: str,
    recipe: Recipe,
    say: Say,
) -> Run:
    """Begin a run, or go on with one that has the same settings.

    Args:
        folder: of the run.
        data: folder of the corpora.
        cache: folder of computed features.
        seed: of all random choices.
        name: of the recipe.
        recipe: with all changes.
        say: prints a line.

    Raises:
        RunError: the folder holds a run with other settings.
        corpora.CorpusError: there is nothing to train on.
    """
    cache = cache.expanduser().resolve()
    clips, warnings = sources.load_clips(recipe, data, cache)
    for warning in warnings:
        say(f"warning: {warning}")
    tree = described(name, data, cache, seed, recipe, clips, warnings)
    check(folder, tree)
    return write(folder, tree)


def described(
    name: str,
    data: Path,
    cache: Path,
    seed: int,
    recipe: Recipe,
    clips: Sequence[Clip],
    warnings: Sequence[str],
) -> dict[str, Any]:
    """Return the record of a run, the content of ``run.json``."""
    return {
        "name": name,
        "data": str(data.resolve()),
        "cache": str(cache),
        "seed": seed,
        "recipe": json.loads(json.dumps(asdict(recipe))),
        "corpora": {
            "clips": dict(sorted(Counter(f"{clip.corpus} {clip.label}" for clip in clips).items())),
            "groups": len({clip.group for clip in clips}),
            # Readers of a report have no use for the folder names of the trainer.
            "warnings": [line.replace(f"{data}/", "") for line in warnings],
        },
    }


def check(folder: Path, tree: dict[str, Any]) -> bool:
    """Check that a folder holds no run with other settings, and tell whether it holds this one.

    Raises:
        RunError: it does.
    """
    path = folder / RUN
    if not path.exists():
        return False
    before = json.loads(path.read_text())
    if other := [key for key in {**tree, **before} if tree.get(key) != before.get(key)]:
        raise RunError(
            f"{path}: the run has other settings ({', '.join(other)}); "
            "give another folder with --run, or remove this one"
        )
    return True


def write(folder: Path, tree: dict[str, Any]) -> Run:
    """Write the record of a run, and open it."""
    folder.mkdir(parents=True, exist_ok=True)
    with written_whole(folder / RUN, "w") as file:
        json.dump(tree, file, indent=1)
    return Run(folder)
