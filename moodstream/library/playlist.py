"""Playlists: tracks of a mood, or a gradual path from one mood to another."""

import math
from collections.abc import Iterable, Sequence
from statistics import fmean

from moodstream.library.errors import LibraryError
from moodstream.library.track import Track
from moodstream.mood.circumplex import CIRCUMPLEX, MOODS, QUADRANT_OF

Place = tuple[float, float]
"""Valence and arousal, each -1 .. 1."""


def sure(tracks: Iterable[Track], min_confidence: float) -> list[Track]:
    """Return the tracks with a mood of at least a confidence, in their order."""
    return [
        track
        for track in tracks
        if track.mood is not None and (track.confidence or 0.0) >= min_confidence
    ]


def of_mood(tracks: Iterable[Track], names: Sequence[str], count: int | None) -> list[Track]:
    """Return the tracks of some moods or quadrants, sorted by confidence, highest first.

    Args:
        tracks: with moods.
        names: moods and quadrants.
        count: largest number; None returns all.
    """
    found = [track for track in tracks if track.mood in names or track.quadrant in names]
    return sorted(found, key=lambda track: -(track.confidence or 0.0))[:count]


def way(tracks: Sequence[Track], begin: str, end: str, count: int) -> list[Track]:
    """Return tracks that lead from one mood to another over the plane of valence and arousal.

    The line between the two moods is divided into as many points as there are tracks. Each point
    gets the nearest track that is still free. The tracks are then sorted along the line, so the
    path never goes backwards.

    Args:
        tracks: with moods.
        begin: mood or quadrant.
        end: mood or quadrant at another place.
        count: number of tracks, at least 2.

    Raises:
        LibraryError: the two moods have the same position.
    """
    first, last = place(tracks, begin), place(tracks, end)
    if math.dist(first, last) < 1e-6:
        raise LibraryError(f"{begin} and {end} have the same position: name two different moods")
    left = {track.file: track for track in tracks}
    chosen = []
    for step in range(min(count, len(left))):
        share = step / max(1, count - 1)
        target = tuple(a + share * (b - a) for a, b in zip(first, last, strict=True))
        nearest = min(left.values(), key=lambda track: math.dist(_place(track), target))
        chosen.append(left.pop(nearest.file))
    return sorted(chosen, key=lambda track: along(track, first, last))


def along(track: Track, first: Place, last: Place) -> float:
    """Return the position of a track on a line: 0 at its start, 1 at its end."""
    pairs = zip(_place(track), first, last, strict=True)
    return sum((x - a) * (b - a) for x, a, b in pairs) / math.dist(first, last) ** 2


def place(tracks: Iterable[Track], name: str) -> Place:
    """Return the position of a mood or a quadrant: the mean of its tracks.

    Without such a track, the circumplex gives the direction, and the other tracks the distance from
    the centre.
    """
    named = [_place(track) for track in tracks if name in (track.mood, track.quadrant)]
    if named:
        return fmean(x for x, _ in named), fmean(y for _, y in named)
    radius = fmean([math.hypot(*_place(track)) for track in tracks] or [1.0])
    points = [CIRCUMPLEX[mood] for mood in MOODS if name in (mood, QUADRANT_OF[mood])]
    return radius * fmean(x for x, _ in points), radius * fmean(y for _, y in points)


def _place(track: Track) -> Place:
    return track.valence or 0.0, track.arousal or 0.0
