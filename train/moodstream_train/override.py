"""Changes to a recipe from the command line: ``cnn.dropout=0.5``."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from moodstream.schema import decode, nearest
from moodstream_train.errors import TrainingError
from moodstream_train.recipe import Recipe


class OverrideError(TrainingError):
    """A change that the recipe cannot take; the message names it and what there is."""


def apply(recipe: Recipe, changes: Sequence[str]) -> Recipe:
    """The recipe with some of its numbers changed.

    Args:
        recipe: to begin with; it stays as it is.
        changes: each ``key=value``, where the key is the path of a field and the value JSON, or a
            plain word.

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
