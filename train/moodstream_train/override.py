"""Changes to a recipe from the command line: ``cnn.dropout=0.5``."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from moodstream.schema import decode, nearest
from moodstream_train.errors import TrainingError
from moodstream_train.recipe import Recipe


class OverrideError(TrainingError):
    """An invalid change; the message names it and the valid keys."""


def apply(recipe: Recipe, changes: Sequence[str]) -> Recipe:
    """Return a recipe with some of its values changed.

    Args:
        recipe: is not changed itself.
        changes: each ``key=value``. The key is the path of a field, the value is JSON or a plain
            word.

    Raises:
        OverrideError: an unknown key, or a value that does not fit.
    """
    tree: dict[str, Any] = asdict(recipe)
    for change in changes:
        key, equals, text = change.partition("=")
        if not equals:
            raise OverrideError(f"'{change}': give a key and a value, like cnn.dropout=0.5")
        *path, last = key.split(".")
        place = tree
        for name in path:
            place = _within(place, name, key)
        _within(place, last, key)
        place[last] = _value(text)
    errors: list[str] = []
    made = decode(Recipe, json.loads(json.dumps(tree)), "", errors)
    if made is None:
        raise OverrideError("; ".join(errors))
    return made


def _within(place: Any, name: str, key: str) -> Any:
    if not isinstance(place, dict) or name not in place:
        known = list(place) if isinstance(place, dict) else []
        hint = nearest(name, known)
        raise OverrideError(f"'{key}': the recipe has no such field; {hint}")
    return place[name]


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
