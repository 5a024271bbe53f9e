"""The first rows of the protocol: what a room really hears, and corpora that are not known."""

from collections.abc import Iterable, Mapping

from moodstream_train.evaluation.measured import SHIPPED
from moodstream_train.report import figure
from moodstream_train.report.figure import Figure, dig
from moodstream_train.report.gathered import Gathered
from moodstream_train.report.names import CORPUS_TITLES, HEADLINES

HAVE_MOODS = ("voices", "songs", "recorded music", "game music")
"""Kinds of row N that should be named."""
ALIVE = ("street_music", "children_playing")
"""Classes of sounds that are music and voices; row N does not count them."""
VOICES = ("speech", "song", "cremad", "nemo", "ased", "emovo", "turev")
"""Corpora of row L1."""
MUSIC = ("music", "musifeast", "vgmidi", "emopia")
"""Corpora of row L2."""
FURTHER = ("nemo", "ased", "emovo", "turev")
"""Corpora of row V4."""


def naming(gathered: Gathered, precision: str) -> Mapping[str, Figure | None]:
    """Return the share of the time with a mood in sounds that have none, and in those that do."""
    if precision != SHIPPED:
        return {}
    found = kinds(gathered)
    silent = [named(gathered, kind) for kind in found if kind not in HAVE_MOODS]
    return {
        "all sounds": _mean(silent),
        "worst class": figure.largest(silent),
        **{kind: named(gathered, kind) for kind in HAVE_MOODS if kind in found},
    }


def heard(gathered: Gathered, precision: str) -> Mapping[str, Figure | None]:
    """Return the share of the time in which voice and music are told rightly, and the delay."""
    if precision != SHIPPED:
        return {}
    runs = gathered.of("shipped")
    return {
        **{name: figure.over_folds(runs, "heard", name, "right") for name in ("clean", "mixed")},
        "delay": figure.largest(
            figure.over_folds(runs, "heard", name, "delay_s") for name in ("clean", "mixed")
        ),
    }


def voices_left_out(gathered: Gathered, precision: str) -> Mapping[str, Figure | None]:
    """Return the mean recall of corpora of voices that were left out, and what a room wins."""
    if precision != SHIPPED:
        return {}
    each = [(left_out(gathered, one, "cold"), left_out(gathered, one, "warm")) for one in VOICES]
    won = [figure.less(warm, cold) for cold, warm in each]
    return {
        "cold": _mean(cold for cold, _ in each),
        "won by the room": _mean(won),
        "least won": figure.smallest(won),
    }


def music_left_out(gathered: Gathered, precision: str) -> Mapping[str, Figure | None]:
    """Return the accuracy on corpora of music that were left out."""
    if precision != SHIPPED:
        return {}
    return {
        "MUSIFEAST-17": left_out(gathered, "musifeast", "cold"),
        "valence": left_out(gathered, "musifeast", "valence"),
        "arousal": left_out(gathered, "musifeast", "arousal"),
        "4Q": left_out(gathered, "music", "cold"),
        "VGMIDI": left_out(gathered, "vgmidi", "cold"),
        "EMOPIA": left_out(gathered, "emopia", "cold"),
    }


def further_voices(gathered: Gathered, precision: str) -> Mapping[str, Figure | None]:
    """Return the recall of the other corpora of voices, speakers held out."""
    runs, place = gathered.of("shipped"), ("folds", precision, "fused")
    return {
        CORPUS_TITLES[one]: figure.over_folds(runs, *place, one, HEADLINES[one][1])
        for one in FURTHER
    }


def ratings(gathered: Gathered, precision: str) -> Mapping[str, Figure | None]:
    """Return the correlations of valence and arousal with MUSIFEAST's ratings."""
    if precision != SHIPPED:
        return {}
    runs = gathered.of("shipped")
    return {
        key: figure.over_folds(runs, "ratings", "musifeast", key, digits=2)
        for key in ("valence", "arousal")
    }


def kinds(gathered: Gathered) -> list[str]:
    """Return the kinds of sound of row N, without those that are music and voices."""
    found = dict.fromkeys(kind for run in gathered.of("shipped") for kind in run.get("naming", {}))
    return [kind for kind in found if kind not in ALIVE]


def named(gathered: Gathered, kind: str) -> Figure | None:
    """Return the share of the time with a named mood in a kind of sound."""
    return figure.over_folds(gathered.of("shipped"), "naming", kind)


def left_out(gathered: Gathered, corpus: str, key: str) -> Figure | None:
    """Return a figure of a corpus that was left out of a training."""
    return figure.over_seeds(dig(run, "left_out", corpus, key) for run in gathered.of("shipped"))


def _mean(figures: Iterable[Figure | None]) -> Figure | None:
    known = [one for one in figures if one]
    if not known:
        return None
    mean = sum(one.mean for one in known) / len(known)
    return Figure(mean, digits=known[0].digits, signed=known[0].signed)
