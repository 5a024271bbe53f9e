"""The bundle that fine-tuning starts from: its networks, its statistics and its recipe."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle, BundleError
from moodstream.schema import decode
from moodstream.whole_file import written_whole
from moodstream_train.dataset.inputs import Prior
from moodstream_train.errors import TrainingError
from moodstream_train.recipe import Recipe, TextureRecipe
from moodstream_train.training.calibrate import Calibration

ALONE_SHARE = 0.5
"""Share of the way that is gone where no corpora keep the networks from forgetting. Half way, much
of the gain is there, and most of the old knowledge (Wortsman et al. 2022, "Robust fine-tuning of
zero-shot models")."""


class StartError(TrainingError):
    """A bundle that cannot be fine-tuned; the message says why and what to do."""


def read(folder: Path) -> Bundle:
    """Read a bundle.

    Raises:
        StartError: the folder holds none that can be used.
    """
    try:
        return disk.read(folder)
    except BundleError as error:
        raise StartError(str(error)) from error


def copy(bundle: Path, folder: Path) -> None:
    """Copy a bundle into a run, whose parts then start from it whatever becomes of the original."""
    folder.mkdir(parents=True, exist_ok=True)
    card = read(bundle).card
    for name in (card.cnn.file, card.rnn.file, disk.CARD):
        with written_whole(folder / name) as file:
            file.write((bundle / name).read_bytes())


def recipe_of(bundle: Bundle) -> Recipe:
    """Return the recipe that a bundle was made by, with the settings that its card holds.

    Raises:
        StartError: the card has no such recipe.
    """
    card = bundle.card
    tree: dict[str, Any] = {
        **card.training.get("recipe", {}),
        **{
            name: json.loads(json.dumps(asdict(getattr(card, name))))
            for name in ("features", "chroma", "silence", "smoothing", "hearing")
        },
    }
    errors: list[str] = []
    recipe = decode(Recipe, tree, "recipe", errors)
    if recipe is None:
        raise StartError(
            f"the card of {card.name} has no recipe that this version reads "
            f"({'; '.join(errors)}); give a bundle that this version exported with --bundle"
        )
    return replace(
        recipe,
        texture=TextureRecipe(card.texture.length, card.texture.lags),
        prior_frames=card.normalisation.prior_frames,
        memory_frames=card.normalisation.memory_frames,
    )


def prior_of(bundle: Bundle) -> Prior:
    """Return the statistics that standardise the inputs of a bundle's networks."""
    norm, texture = bundle.card.normalisation, bundle.card.texture
    each = (norm.mean, norm.std, texture.mean, texture.std)
    return Prior(*(np.array(values, np.float32) for values in each))


def calibration_of(bundle: Bundle) -> Calibration:
    """Return the temperatures and the fusion weight of a bundle."""
    card = bundle.card
    share = card.cnn.weight / (card.cnn.weight + card.rnn.weight)
    return Calibration(card.cnn.temperature, card.rnn.temperature, round(share, 3))


def kept_share(recipe: Recipe) -> float:
    """Return how far fine-tuning goes from the weights at the start to the fitted ones."""
    shares = asdict(recipe.shares)
    among = any(share for name, share in shares.items() if name not in ("own", "noise"))
    return 1.0 if among else ALONE_SHARE
