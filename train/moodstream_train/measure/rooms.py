"""Other rooms and microphones: points won by learning the room, and points at risk."""

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
"""Most points that half an hour of a single mood may cost."""


@dataclass(frozen=True)
class Learning:
    """Speed at which a room is learned. None stands for the card's value."""

    prior_frames: int | None = None
    memory_frames: int | None = None

    def room(self, bundle: Bundle) -> Normaliser:
        """Return a normaliser that knows nothing of its room yet."""
        return playback.room(bundle, self.prior_frames, self.memory_frames)


@dataclass(frozen=True)
class Rooms:
    """Figures of one corpus as a room, percent: UAR for voices, accuracy for music."""

    learning: Learning
    clips: int
    cold: float
    """Figure with each clip alone, beginning with the bundle's normalisation."""
    warm: float
    """Figure with all clips through one learning room: the mean over random orders."""
    warm_orders: tuple[float, ...]
    """Figure of each order."""


@dataclass(frozen=True)
class Evening:
    """Effect of half an hour of a single mood on later verdicts."""

    balanced: float
    """Figure after half an hour of all moods, percent: UAR for voices, accuracy for music."""
    drops: dict[str, float]
    """Points lost against that after half an hour of each mood alone."""
    worst: float
    """Largest of these drops."""


@dataclass(frozen=True)
class Speeds:
    """Speed at which to learn a room, as :func:`choose` found it."""

    tried: tuple[Rooms, ...]
    """Tried speeds, best warm figure first."""
    evenings: tuple[Evening, ...]
    """Evenings of these speeds, up to the chosen one."""
    chosen: Learning


def choose(
    folder: Path,
    clips: Sequence[Clip],
    prior_frames: Sequence[int],
    among: Sequence[str] | None = None,
    seconds: float = EVENING_S,
    seed: int = 0,
) -> Speeds:
    """Choose the weight of the prior with the best warm figure, if an evening costs little.

    If an evening costs too much with every weight, choose the one with which it costs least.

    Args:
        folder: of the bundle.
        clips: of the training side, from a room that the bundle was not trained in.
        prior_frames: weights to choose from.
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
    """Compute cold and warm figures of the clips of one corpus.

    Args:
        folder: of the bundle.
        clips: of one corpus, which stands for one room and one microphone.
        among: moods that may be named. Clips of other moods are left out.
        learning: speed of learning.
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
    """Judge each clip in a room of which nothing is known."""
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
    """Judge all clips in one learning room, and return a list of verdicts for each random order."""
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
    """Judge clips after half an hour of one mood, each with what is known of the room then.

    Args:
        folder: of the bundle.
        warmup: clips of the same room, repeated in a random order until the time is over.
        clips: clips to judge.
        among: as in :func:`rooms`.
        learning: speed of learning.
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
        # Each label is drawn equally often, because a corpus may not be balanced.
        labels = sorted({clip.label for clip in warmup})
        for label in rng.permutation(labels).tolist():
            own = [clip for clip in warmup if clip.label == label]
            samples, rate = playback.read(own[int(rng.integers(len(own)))].path)
            heard_s += len(samples) / rate
            for _ in playback.steps(samples, rate, bundle, room):
                pass
    return [playback.verdict(clip, bundle, playback.as_now(room)) for clip in clips]
