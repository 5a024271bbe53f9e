"""Streams of clips in which the mood changes, as in a room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import soxr

from moodstream.arrays import Float32
from moodstream.audio.file import AudioFile, AudioFileError
from moodstream.mood.circumplex import QUADRANT_OF, QUADRANTS
from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError
from moodstream_train.measure import playback

Kind = Literal["voice", "music", "mixed"]
KINDS: tuple[Kind, ...] = ("voice", "music", "mixed")
LENGTH_S = 600.0
SEGMENT_S = (15.0, 40.0)
RATE = 16000
"""Hertz."""


@dataclass(frozen=True)
class Segment:
    """Stretch of one quadrant."""

    quadrant: str
    length_n: int
    """Length in samples at :data:`RATE`."""
    clips: tuple[Clip, ...]
    """Clips that are played one after the other. The last one is cut at the end of the segment."""


@dataclass(frozen=True)
class Stream:
    """Sequence of segments. Neighbours have different quadrants."""

    name: str
    segments: tuple[Segment, ...]

    @property
    def starts_n(self) -> tuple[int, ...]:
        """First sample of each segment."""
        lengths_n = [segment.length_n for segment in self.segments]
        return tuple(int(n) for n in np.cumsum([0, *lengths_n[:-1]]))


def make(
    clips: Sequence[Clip],
    kind: Kind,
    seed: int,
    length_s: float = LENGTH_S,
    segment_s: tuple[float, float] = SEGMENT_S,
) -> Stream:
    """Make a stream of clips in random order. A clip repeats only after all of its quadrant.

    Args:
        clips: all clips of one side of a split.
        kind: voices, music, or segments of either.
        seed: of the order, the moods and the lengths.
        length_s: length of the stream, seconds.
        segment_s: shortest and longest segment, seconds.

    Raises:
        TrainingError: the clips have too few quadrants.
    """
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    sounds = ("voice", "music") if kind == "mixed" else (kind,)
    decks = {
        (sound, quadrant): _deal([c for c in clips if _is(c, sound, quadrant)], rng)
        for sound in sounds
        for quadrant in QUADRANTS
        if any(_is(clip, sound, quadrant) for clip in clips)
    }
    for sound in sounds:
        if sum(place[0] == sound for place in decks) < 2:
            raise TrainingError(
                f"found {len(clips)} clips with {sound} of fewer than two quadrants; "
                f"a stream of kind '{kind}' needs at least two"
            )
    segments: list[Segment] = []
    rest_n = round(length_s * RATE)
    while rest_n > 0:
        length_n = min(rest_n, round(float(rng.uniform(*segment_s)) * RATE))
        if rest_n - length_n < segment_s[0] * RATE:
            length_n = rest_n  # no short segment at the end
        before = segments[-1].quadrant if segments else None
        sound = sounds[int(rng.integers(len(sounds)))]
        places = sorted(place for place in decks if place[0] == sound and place[1] != before)
        place = places[int(rng.integers(len(places)))]
        segments.append(_fill(decks[place], place[1], length_n))
        rest_n -= length_n
    return Stream(f"{kind} {seed}", tuple(segments))


def audio(stream: Stream) -> Float32:
    """Return the samples of a stream [shape=(n,)] at :data:`RATE`, with the levels of the clips.

    Raises:
        TrainingError: a clip cannot be read.
    """
    made = np.zeros(sum(segment.length_n for segment in stream.segments), np.float32)
    for start_n, segment in zip(stream.starts_n, stream.segments, strict=True):
        own = made[start_n : start_n + segment.length_n]
        filled_n = 0
        for clip in segment.clips:
            part = _samples(clip)[: len(own) - filled_n]
            own[filled_n : filled_n + len(part)] = part
            filled_n += len(part)
    return made


def quadrant_of(clip: Clip) -> str:
    """Return the quadrant of a clip."""
    return QUADRANT_OF.get(clip.label, clip.label)


def _is(clip: Clip, sound: str, quadrant: str) -> bool:
    voice = clip.label in QUADRANT_OF
    return quadrant_of(clip) == quadrant and voice == (sound == "voice")


def _deal(clips: Sequence[Clip], rng: np.random.Generator) -> Iterator[Clip]:
    """Yield clips in a random order, again and again."""
    while True:
        for i in rng.permutation(len(clips)):
            yield clips[i]


def _fill(deck: Iterator[Clip], quadrant: str, length_n: int) -> Segment:
    clips: list[Clip] = []
    filled_n = 0
    while filled_n < length_n:
        clip = next(deck)
        clips.append(clip)
        filled_n += _length_n(clip)
    return Segment(quadrant, length_n, tuple(clips))


def _length_n(clip: Clip) -> int:
    """Return the length in samples at :data:`RATE`, from the header if it has the length."""
    try:
        with AudioFile(clip.path) as file:
            return file.estimated_n * RATE // file.rate or len(_samples(clip))
    except AudioFileError:
        return len(_samples(clip))  # raises an error that says what is wrong


def _samples(clip: Clip) -> Float32:
    samples, rate = playback.read(clip.path)
    return samples if rate == RATE else soxr.resample(samples, rate, RATE).astype(np.float32)
