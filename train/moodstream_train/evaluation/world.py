"""First rows of the protocol: sounds of real rooms."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moodstream_train.corpora import Clip
from moodstream_train.corpora.sounds import games
from moodstream_train.evaluation.measured import Evaluation, spread
from moodstream_train.measure import heard, naming, ratings
from moodstream_train.measure.verdict import Verdict

VOICES = ("speech", "cremad", "nemo", "ased", "emovo")
MUSIC = ("music", "musifeast")
GAMES = "games"
"""Folder of the games' audio among the corpora."""
SEED = 1


def named(evaluation: Evaluation, folds: Sequence[str]) -> dict[str, Any]:
    """Measure row N: share of the time with a named mood, for each kind of held-out sound."""
    each: dict[str, list[float]] = {}
    for fold in folds:
        kinds = _kinds(evaluation.held_out(fold)) | held_out_games(evaluation.run.data / GAMES)
        folder = evaluation.bundle(fold)

        def measure(folder: Any = folder, kinds: Any = kinds) -> list[dict[str, Any]]:
            return [asdict(one) for one in naming.naming(folder, kinds, SEED)]

        for one in evaluation.once(fold, "naming", measure):
            each.setdefault(one["kind"], []).append(100 * one["named"])
    return {kind: spread(values) for kind, values in sorted(each.items())}


def told_apart(evaluation: Evaluation, folds: Sequence[str]) -> dict[str, Any]:
    """Measure row H: share of the hops in which voice and music are recognised correctly.

    Folds that hold out no voice, no music or no other sound are left out.
    """
    folds = [fold for fold in folds if all(heard.decks_of(evaluation.held_out(fold)))]
    if not folds:
        return {}
    each: dict[str, list[dict[str, Any]]] = {"clean": [], "mixed": []}
    for fold in folds:
        clips, folder = evaluation.held_out(fold), evaluation.bundle(fold)
        for name, scores in each.items():

            def measure(
                clips: Sequence[Clip] = clips, folder: Any = folder, mixed: bool = name == "mixed"
            ) -> dict[str, Any]:
                stream = heard.make(clips, SEED, mixed=mixed)
                return asdict(heard.score(folder, stream))

            scores.append(evaluation.once(fold, f"heard-{name}", measure))
    return {
        name: {
            "right": spread([100 * one["right"] for one in scores]),
            "voice": spread([100 * one["voice"] for one in scores]),
            "music": spread([100 * one["music"] for one in scores]),
            "delay_s": spread([one["delay_s"] for one in scores]),
        }
        for name, scores in each.items()
    }


def rated(
    evaluation: Evaluation, folds: Sequence[str], verdicts: Sequence[Sequence[Verdict]]
) -> dict[str, Any]:
    """Measure row VA: correlation of valence and arousal with listeners' ratings, by corpus.

    Args:
        evaluation: of the run.
        folds: names of the folds.
        verdicts: on the held-out clips of each fold.
    """
    each: dict[str, list[ratings.Agreement]] = {}
    for fold, own in zip(folds, verdicts, strict=True):
        for corpus, found in ratings.agreement(evaluation.test(fold), own).items():
            each.setdefault(corpus, []).append(found)
    return {
        corpus: {
            "clips": sum(one.clips for one in found),
            "valence": spread([one.valence for one in found]),
            "arousal": spread([one.arousal for one in found]),
        }
        for corpus, found in each.items()
    }


def held_out_games(folder: Path) -> dict[str, list[Clip]]:
    """Return the music and short sounds of packages that no model is trained on.

    Args:
        folder: of the games' audio. If it is not there, nothing is returned.
    """
    if not (folder / games.TABLE).exists():
        return {}
    found = {
        "game music": games.load(folder, games.HELD_OUT)[0],
        "game effects": games.load_effects(folder, games.HELD_OUT)[0],
    }
    return {kind: clips for kind, clips in found.items() if clips}


def _kinds(clips: Sequence[Clip]) -> dict[str, list[Clip]]:
    """Group held-out clips: each class of sounds, and voices, songs and music to compare with."""
    kinds: dict[str, list[Clip]] = {}
    for clip in clips:
        if clip.corpus == "sounds":
            kinds.setdefault(clip.label, []).append(clip)
        elif clip.corpus == "noise":
            kinds.setdefault("noise by formula", []).append(clip)
        elif clip.corpus in VOICES:
            kinds.setdefault("voices", []).append(clip)
        elif clip.corpus == "song":
            kinds.setdefault("songs", []).append(clip)
        elif clip.corpus in MUSIC:
            kinds.setdefault("recorded music", []).append(clip)
    return kinds
