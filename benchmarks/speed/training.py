"""Duration of the training of each recipe, on all cores."""

import json
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.plan import PARTS, Plan
from benchmarks.process import Missing, moodstream, python, run
from benchmarks.report import Goal, Report, figure

MODELS = ("cnn", "rnn")
TARGET_MIN = 120
"""Longest training of a bundle, minutes."""
RECIPES = """
import dataclasses, json
from moodstream_train.recipes import RECIPES
print(json.dumps({name: dataclasses.asdict(recipe) for name, recipe in RECIPES.items()}))
"""


def measure(plan: Plan) -> Report:
    """Time some batches of each model, and extrapolate to all batches of a recipe.

    Raises:
        Missing: the corpora or the training package.
    """
    if plan.data is None:
        raise Missing("the corpora are needed: --data DIR")
    if not find_spec("moodstream_train"):
        raise Missing("moodstream_train is not installed: pip install ./train")
    recipes = json.loads(python("-c", RECIPES))
    rows, goals, costs = [], [], {}
    for name in plan.scale.recipes:
        minutes = [*_minutes(plan, plan.data, name, recipes[name])]
        part_min = sum(minutes)
        whole_min = PARTS[name] * part_min
        costs[f"{name}, a part, min"] = part_min
        rows.append((name, *map(figure, (*minutes, part_min)), str(PARTS[name]), figure(whole_min)))
        if name == "shipped":
            target, found = f"< {TARGET_MIN} min", f"{figure(whole_min)} min"
            goals = [Goal("training of a bundle", target, found, whole_min < TARGET_MIN)]
    return Report(
        "Training",
        f"`moodstream train` on {len(os.sched_getaffinity(0))} cores, in minutes. "
        f"{plan.scale.batches} batches of each model are timed after as many to warm up, and "
        "extrapolated. *Besides* is the time to start, to read or compute the features, and to "
        "calibrate. The parts are those of docs/results.md: folds, and the model of all data.",
        ("recipe", "CNN", "RNN", "besides", "a part", "parts", "all parts"),
        rows,
        goals,
        costs,
    )


def _minutes(plan: Plan, data: Path, name: str, recipe: dict[str, Any]) -> Iterator[float]:
    """Yield the minutes of one part: of the CNN, of the RNN, and besides."""
    folder = plan.folder / f"trained-{name}"
    part = "fold-0" if recipe["split"] == "groups" else "random"
    changes = [
        f"{model}.schedule.{key}={value}"
        for model in MODELS
        for key, value in (("epochs", 2), ("steps", plan.scale.batches))
    ]
    where = ("--data", data, "--cache", plan.features, "--run", folder)
    what = ["--recipe", name, *(word for change in changes for word in ("--set", change))]
    what += ["--part", part] if part != "random" else []  # the only part of such a recipe
    besides_s = run(*moodstream("train", *where, *what)).wall_s
    for model in MODELS:
        history = json.loads((folder / part / model / "history.json").read_text())
        besides_s -= sum(history["seconds"])
        schedule = recipe[model]["schedule"]
        batches = schedule["epochs"] * schedule["steps"]
        yield batches / plan.scale.batches * history["seconds"][-1] / 60
    yield besides_s / 60
