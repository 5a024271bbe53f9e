"""Texts for the card of a bundle, and its page ``MODEL_CARD.md``."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moodstream.whole_file import written_whole
from moodstream_train.card import fine_tuned, page
from moodstream_train.card import results as card_results
from moodstream_train.card.licences import LICENCES, NON_COMMERCIAL, UNSTATED
from moodstream_train.parts import FINAL
from moodstream_train.report import protocol
from moodstream_train.training.run import Run
from moodstream_train.training.sources import CORPUS_OF

MODEL_CARD = "MODEL_CARD.md"


def training_of(run: Run, part: str = FINAL) -> dict[str, Any]:
    """Return the training data and the recipe of a part, for the card."""
    shares = asdict(run.recipe.shares)
    sources = dict.fromkeys(
        CORPUS_OF[name] for name, share in shares.items() if share and name in CORPUS_OF
    )
    start = fine_tuned.start_of(run)
    bound = [*(start["corpora"] if start else ()), *sources]
    return {
        "recipe_name": run.name,
        "part": part,
        **({"start": start} if start else {}),
        "corpora": {source: LICENCES[source] for source in sources},
        "clips": run.corpora["clips"],
        "groups": run.corpora["groups"],
        "missing": run.corpora["warnings"],
        "seed": run.seed,
        "recipe": json.loads(json.dumps(asdict(run.recipe))),
        "calibration": {
            **asdict(run.calibration(part)),
            "from": _calibrated_by(run, part),
        },
        "licence": _licence(list(dict.fromkeys(bound))),
    }


def _calibrated_by(run: Run, part: str) -> str:
    if run.start:
        return "the bundle at the start"
    side = "inner groups of its training side"
    return f"mean of the folds, each from {side}" if part == FINAL else side


def results_of(run: Run, note: str) -> dict[str, Any]:
    """Return the figures of the folds, for the card.

    Args:
        run: with measured parts.
        note: remark, for example on how the recipe was chosen.
    """
    if run.start:
        return fine_tuned.results_of(run, note)
    measured = card_results.compact(run)
    if measured is None:
        return {
            "measured": False,
            "note": "no fold of this recipe has been measured",
            "remark": note,
        }
    return {
        "measured": True,
        "note": (
            "The figures are of the fold models, which are trained by the same recipe without the "
            "held-out groups. The shipped model is trained on all data and has no held-out data."
        ),
        "remark": note,
        "protocol": protocol.text(),
        **measured,
    }


def write(
    folder: Path,
    training: dict[str, Any],
    results: dict[str, Any],
    parity: dict[str, Any],
) -> None:
    """Write the page for people.

    Args:
        folder: of the bundle.
        training: from :func:`training_of`.
        results: from :func:`results_of`.
        parity: from ``export.export_part``.
    """
    with written_whole(folder / MODEL_CARD, "w") as file:
        file.write(page.text(training, results, parity))


def _licence(sources: list[str]) -> str:
    bound = [NON_COMMERCIAL[source] for source in sources if source in NON_COMMERCIAL]
    unstated = [UNSTATED[source] for source in sources if source in UNSTATED]
    said = "The models follow the licences of the corpora below."
    if bound:
        verb = "are" if len(bound) > 1 else "is"
        said = f"The models are for non-commercial use only, because {page.listed(bound)} {verb}."
    if unstated:
        verb = "state" if len(unstated) > 1 else "states"
        said += f" {page.listed(unstated)} {verb} no licence."
    return said
