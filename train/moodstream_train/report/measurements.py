"""Figures of each row of the protocol, from the results of runs."""

from collections.abc import Callable, Mapping

from moodstream_train.evaluation.measured import SHIPPED
from moodstream_train.evaluation.rows import TRIED_ON
from moodstream_train.measure import songs
from moodstream_train.measure.robustness import drops
from moodstream_train.measure.streams import KINDS
from moodstream_train.report import figure, gallery, world
from moodstream_train.report.figure import ByFold, Figure, dig
from moodstream_train.report.gathered import Gathered
from moodstream_train.report.goals import GOALS
from moodstream_train.report.names import HEADLINES
from moodstream_train.report.sizes import megabytes

FiguresByName = Mapping[str, Figure | None]
Find = Callable[[Gathered, str], FiguresByName]
"""Returns the figures of a row by name, at a precision; None where it was not measured."""

TRAINED_APART = {"V1": ("song", "voice"), "V2": ("speech", "voice"), "M1": ("music", "music")}
"""Corpus, and the recipe of the model that is trained on its side alone."""
ROBUST = ("song", "music")
"""Corpora that row R has goals for."""
NO_MOOD = "noise, hum and silence"
NOISE_10_DB = " 10 dB"


def headline(gathered: Gathered, recipe: str, corpus: str, precision: str = SHIPPED) -> ByFold:
    """Return the main figure of a corpus by fold, for both models together."""
    return figure.by_fold(
        gathered.of(recipe), "folds", precision, "fused", corpus, HEADLINES[corpus][1]
    )


def _leaky(recipe: str, model: str) -> Find:
    def find(gathered: Gathered, precision: str) -> FiguresByName:
        each = [dig(run, "leaky", precision, model) for run in gathered.of(recipe)]
        return {
            "accuracy": figure.over_seeds(dig(one, "accuracy") for one in each),
            "loss": figure.over_seeds((dig(one, "loss") for one in each), 3),
        }

    return find


def _held_out(corpus: str, **keys: str) -> Find:
    def find(gathered: Gathered, precision: str) -> FiguresByName:
        place = ("folds", precision, "fused", corpus)
        runs = gathered.of("shipped")
        return {name: figure.over_folds(runs, *place, key) for name, key in keys.items()}

    return find


def _pictures(gathered: Gathered, precision: str) -> FiguresByName:
    count = len(gallery.wanted(gathered))
    return {"pictures": Figure(count, digits=0) if count and precision == SHIPPED else None}


def _on_music(gathered: Gathered, precision: str) -> FiguresByName:
    if precision != SHIPPED:
        return {}
    return {
        name: figure.over_folds(gathered.of("voice"), "on_music", model, "music", "accuracy")
        for name, model in (("CNN", "cnn"), ("RNN", "rnn"), ("both", "fused"))
    }


def _songs(gathered: Gathered, precision: str) -> FiguresByName:
    found = [run["songs"] for run in gathered.of("shipped")[:1] if "songs" in run]
    if not found or precision != SHIPPED:
        return {}
    return {
        name: Figure(found[0]["right"][model] * songs.COUNT / found[0]["of"], digits=0)
        for name, model in (("CNN", "cnn"), ("RNN", "rnn"), ("both", "fused"))
    }


def _joint(gathered: Gathered, precision: str) -> FiguresByName:
    return {
        name: figure.difference(
            headline(gathered, "shipped", corpus, precision),
            headline(gathered, recipe, corpus, precision),
        )
        for name, (corpus, recipe) in TRAINED_APART.items()
    }


def accuracy_lost(gathered: Gathered, corpus: str) -> Figure | None:
    """Return the points of accuracy that int8 costs, from runs that measured both precisions."""
    runs = [run for run in gathered.of("shipped") if dig(run, "folds", "float32")]
    exact, rounded = (
        figure.by_fold(runs, "folds", precision, "fused", corpus, "accuracy")
        for precision in ("float32", "int8")
    )
    return figure.difference(exact, rounded)


def _quantised(gathered: Gathered, precision: str) -> FiguresByName:
    if precision != SHIPPED:
        return {"MB": figure.over_seeds(megabytes(gathered, precision), 2)}
    runs = gathered.of("shipped")
    lost = [accuracy_lost(gathered, corpus) for corpus in HEADLINES]
    return {
        "agreement": figure.over_seeds(dig(run, "folds", "agreement", "fused") for run in runs),
        "largest loss of accuracy": figure.largest(lost),
        "MB": figure.over_seeds(megabytes(gathered, precision), 2),
    }


def calibration(gathered: Gathered, corpus: str) -> FiguresByName:
    """Return the calibration error, and the points won without the doubtful clips."""
    each = [dig(run, "folds", "calibration", corpus) for run in gathered.of("shipped")]
    known = [one for one in each if one]
    return {
        "ECE": figure.over_seeds((one["ece"] for one in known), 3),
        "gain": figure.over_seeds(one["sure_accuracy"] - one["accuracy"] for one in known),
        "accuracy": figure.over_seeds(one["accuracy"] for one in known),
        "sure": figure.over_seeds(one["sure_accuracy"] for one in known),
    }


def _calibrated(gathered: Gathered, precision: str) -> FiguresByName:
    each = [calibration(gathered, corpus) for corpus in HEADLINES] if precision == SHIPPED else []
    return {
        "ECE": figure.largest(one["ECE"] for one in each),
        "gain": figure.smallest(one["gain"] for one in each),
    }


def conditions(gathered: Gathered) -> list[str]:
    """Return the tried conditions in their order, except the clean one."""
    names = dict.fromkeys(
        name for run in gathered.of("shipped") for name in run.get("robustness", {})
    )
    return [name for name in names if name != drops.CLEAN]


def allowed_drop(condition: str) -> float:
    """Return the points that a condition may cost."""
    named = "drop in noise at 10 dB" if _is_noise_10_db(condition) else "drop"
    limits = next(goal.limits for goal in GOALS if goal.id == "R")
    return next(limit.bound for limit in limits if limit.name == named)


def drop(gathered: Gathered, condition: str, corpus: str) -> Figure | None:
    """Return the points that a condition costs."""
    found = figure.over_folds(gathered.of("shipped"), "robustness", condition, corpus)
    return figure.of_folds(found)


def _robust(gathered: Gathered, precision: str) -> FiguresByName:
    names = conditions(gathered) if precision == SHIPPED else []
    noisy = [name for name in names if _is_noise_10_db(name)]

    def worst(among: list[str]) -> Figure | None:
        return figure.largest(drop(gathered, name, corpus) for name in among for corpus in ROBUST)

    return {
        "drop": worst([name for name in names if name not in noisy]),
        "drop in noise at 10 dB": worst(noisy),
    }


def _is_noise_10_db(condition: str) -> bool:
    return condition.endswith(NOISE_10_DB) and not condition.startswith("gain")


def stream(gathered: Gathered, kind: str, how: str, key: str, digits: int = 1) -> Figure | None:
    """Return a figure of the streams of a kind."""
    runs = gathered.of("shipped")
    found = figure.over_folds(runs, "streams", f"{kind}, {how}", key, digits=digits)
    return figure.of_folds(found)


def no_mood(gathered: Gathered, key: str, digits: int = 1) -> Figure | None:
    """Return a figure of the streams without a mood."""
    found = figure.over_folds(gathered.of("shipped"), "streams", NO_MOOD, key, digits=digits)
    return figure.of_folds(found)


def share_won(gathered: Gathered, kind: str) -> Figure | None:
    """Return the points of right time by which the smoothing beats the moving average."""
    one, other = (
        figure.by_fold(gathered.of("shipped"), "streams", f"{kind}, {how}", "share_right")
        for how in ("smoothing", "moving average")
    )
    return figure.difference(one, other)


def _streams(gathered: Gathered, precision: str) -> FiguresByName:
    if precision != SHIPPED:
        return {}

    def each(key: str, digits: int) -> list[Figure | None]:
        return [stream(gathered, kind, "smoothing", key, digits) for kind in KINDS]

    return {
        "delay": figure.largest(each("median_delay_s", 1)),
        "false changes": figure.largest(each("false_changes", 2)),
        "share won": figure.smallest(share_won(gathered, kind) for kind in KINDS),
    }


def room(gathered: Gathered, recipe: str, key: str) -> Figure | None:
    """Return the cold or warm figure of the model of one corpus in the room of another."""
    return figure.over_seeds(dig(run, "rooms", "rooms", key) for run in gathered.of(recipe))


def evening(gathered: Gathered, recipe: str) -> Figure | None:
    """Return the points lost after half an hour of the mood that costs most."""
    each = [dig(run, "rooms", "evening", "drops") for run in gathered.of(recipe)]
    return figure.over_seeds(max(drops.values()) for drops in each if drops)


def _rooms(gathered: Gathered, precision: str) -> FiguresByName:
    if precision != SHIPPED:
        return {}
    found = {
        f"{recipe} to {other} ({key})": room(gathered, recipe, key)
        for recipe, other in TRIED_ON.items()
        for key in ("cold", "warm")
    }
    return {**found, "evening": figure.largest(evening(gathered, one) for one in TRIED_ON)}


FINDS: dict[str, Find] = {
    "N": world.naming,
    "H": world.heard,
    "L1": world.voices_left_out,
    "L2": world.music_left_out,
    "V4": world.further_voices,
    "VA": world.ratings,
    "S1": _leaky("songs-80", "cnn"),
    "S2": _leaky("songs-75", "rnn"),
    "S3": _pictures,
    "V1": _held_out("song", UAR="uar"),
    "V2": _held_out("speech", UAR="uar"),
    "V3": _held_out("cremad", UAR="uar"),
    "M1": _held_out("music", accuracy="accuracy", **{"macro-F1": "macro_f1"}),
    "M2": _on_music,
    "M3": _songs,
    "J": _joint,
    "Q": _quantised,
    "C": _calibrated,
    "R": _robust,
    "T": _streams,
    "X": _rooms,
}
"""All rows except those that are measured elsewhere."""
