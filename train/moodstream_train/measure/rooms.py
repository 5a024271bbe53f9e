"""Other rooms, other microphones: what is won when the room is learned, and what it may cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodstream import self_test
from moodstream.bundle.bundle import Bundle
from moodstream.features.normalise import Normaliser
from moodstream_train.corpora import Clip
from moodstream_train.measure import figures, playback
from moodstream_train.measure.verdict import Verdict

ORDERS = 3
EVENING_S = 1800.0
MAX_EVENING_DROP = 5.0
"""Points that half an hour of a single mood may cost."""


@dataclass(frozen=True)
class Learning:
    """How fast a room is learned; None is as the card says."""

    prior_frames: int | None = None
    memory_frames: int | None = None

    def room(self, bundle: Bundle) -> Normaliser:
        """A room of which nothing is known yet."""
        return playback.room(bundle, self.prior_frames, self.memory_frames)


@dataclass(frozen=True)
class Rooms:
    """One corpus as a room; percent of UAR for voices, of accuracy for music."""

    learning: Learning
    clips: int
    cold: float
    """Each clip alone, from the bundle's normalisation."""
    warm: float
    """All in a random order through one room that is learned: the mean over the orders..."""
    warm_orders: tuple[float, ...]
    """...and each."""


@dataclass(frozen=True)
class Evening:
    """What half an hour of a single mood does to what is said next."""

    balanced: float
    """After as long of all moods: percent of UAR for voices, of accuracy for music."""
    drops: dict[str, float]
    """After half an hour of each mood alone: points lost against that..."""
    worst: float
    """...and the most of them."""


@dataclass(frozen=True)
class Speeds:
    """How fast to learn a room, as :func:`choose` found it."""

    tried: tuple[Rooms, ...]
    """From the best warm figure on."""
    evenings: tuple[Evening, ...]
    """Of the first of these, up to the one that is chosen."""
    chosen: Learning


def choose(
    folder: Path,
    clips: Sequence[Clip],
    prior_frames: Sequence[int],
    among: Sequence[str] | None = None,
    seconds: float = EVENING_S,
    seed: int = 0,
) -> Speeds:
    """The weight of the prior that is best when warm, of those that an evening does not spoil.

    If an evening spoils all of them, the one that it spoils least.

    Args:
        folder: of the bundle.
        clips: of the training side, of a room that the bundle was not trained in.
        prior_frames: what to choose from.
        among: as in :func:`rooms`.
        seconds: of the evening.
        seed: of the orders.
    """
    tried = [rooms(folder, clips, among, Learning(frames), seed=seed) for frames in prior_frames]
    tried.sort(key=lambda one: -one.warm)
    evenings: list[Evening] = []
    for one in tried:
        evenings.append(evening(folder, clips, clips, among, one.learning, seconds, seed))
        if evenings[-1].worst <= MAX_EVENING_DROP:
            break
    best = min(range(len(evenings)), key=lambda i: max(evenings[i].worst, MAX_EVENING_DROP))
    return Speeds(tuple(tried), tuple(evenings), tried[best].learning)


def rooms(
    folder: Path,
    clips: Sequence[Clip],
    among: Sequence[str] | None = None,
    learning: Learning = Learning(),
    seed: int = 0,
) -> Rooms:
    """Cold and warm figures of the clips of one corpus.

    Args:
        folder: of the bundle.
        clips: of one corpus, that is: of one room and one microphone.
        among: only these moods may be named, and only clips of them are heard.
        learning: how fast.
        seed: of the orders.
    """
    own = [clip for clip in clips if among is None or clip.label in among]
    each = [figures.headline(heard, among) for heard in warm(folder, own, learning, seed)]
    return Rooms(
        learning=learning,
        clips=len(own),
        cold=round(figures.headline(cold(folder, own, learning), among), 2),
        warm=round(float(np.mean(each)), 2),
        warm_orders=tuple(round(one, 2) for one in each),
    )


def cold(folder: Path, clips: Sequence[Clip], learning: Learning = Learning()) -> list[Verdict]:
    """Each clip in a room of which nothing is known."""
    chunks = [
        clips[begin : begin + playback.CHUNK] for begin in range(0, len(clips), playback.CHUNK)
    ]
    parts = playback.spread(_cold, [(folder, chunk, learning) for chunk in chunks])
    return [verdict for part in parts for verdict in part]


def warm(
    folder: Path,
    clips: Sequence[Clip],
    learning: Learning = Learning(),
    seed: int = 0,
    orders: int = ORDERS,
) -> list[list[Verdict]]:
    """All clips in one room that is learned: a list of verdicts for each random order."""
    made = [np.random.default_rng([seed, order]).permutation(len(clips)) for order in range(orders)]
    return playback.spread(_warm, [(folder, [clips[i] for i in one], learning) for one in made])


def evening(
    folder: Path,
    warmup: Sequence[Clip],
    clips: Sequence[Clip],
    among: Sequence[str] | None = None,
    learning: Learning = Learning(),
    seconds: float = EVENING_S,
    seed: int = 0,
) -> Evening:
    """Half an hour of one mood, then the clips, each from what was known of the room then.

    Args:
        folder: of the bundle.
        warmup: clips of the same room, again and again in a random order until the time is over.
        clips: what is judged.
        among: as in :func:`rooms`.
        learning: how fast.
        seconds: of the evening.
        seed: of the orders.
    """
    before, own = (
        [clip for clip in some if among is None or clip.label in among] for some in (warmup, clips)
    )
    moods = sorted({clip.label for clip in before})
    alone = [[clip for clip in before if clip.label == mood] for mood in moods]
    jobs = [(folder, part, own, learning, seconds, seed) for part in (before, *alone)]
    balanced, *each = [figures.headline(heard, among) for heard in playback.spread(_evening, jobs)]
    drops = {mood: round(balanced - one, 2) for mood, one in zip(moods, each, strict=True)}
    return Evening(round(balanced, 2), drops, max(drops.values()))


def _cold(folder: Path, clips: Sequence[Clip], learning: Learning) -> list[Verdict]:
    bundle = self_test.load(folder)
    return [playback.verdict(clip, bundle, learning.room(bundle)) for clip in clips]


def _warm(folder: Path, clips: Sequence[Clip], learning: Learning) -> list[Verdict]:
    bundle = self_test.load(folder)
    room = learning.room(bundle)
    return [playback.verdict(clip, bundle, room) for clip in clips]


def _evening(
    folder: Path,
    warmup: Sequence[Clip],
    clips: Sequence[Clip],
    learning: Learning,
    seconds: float,
    seed: int,
) -> list[Verdict]:
    bundle = self_test.load(folder)
    room = learning.room(bundle)
    rng = np.random.default_rng(seed)
    heard_s = 0.0
    while heard_s < seconds:
        # Each label as often as any other: a corpus need not be balanced, an evening should be.
        labels = sorted({clip.label for clip in warmup})
        for label in rng.permutation(labels).tolist():
            own = [clip for clip in warmup if clip.label == label]
            samples, rate = playback.read(own[int(rng.integers(len(own)))].path)
            heard_s += len(samples) / rate
            for _ in playback.steps(samples, rate, bundle, room):
                pass
    return [playback.verdict(clip, bundle, playback.as_now(room)) for clip in clips]
