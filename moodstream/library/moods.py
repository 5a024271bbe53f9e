"""Moods of files, from an earlier replay or by analysing them now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from moodstream.bundle.bundle import Bundle
from moodstream.hearing import Unheard, hear_many
from moodstream.library.track import Track, track_of


@dataclass(frozen=True)
class Answer:
    """Mood of a file, or the reason why it has none."""

    path: Path
    track: Track | None
    """None if nothing could be heard."""
    complaints: tuple[str, ...] = ()
    """Sentences about damage."""


def path_of(name: str) -> Path:
    r"""Return the path of a file in results, whose bytes may show as \x and two digits."""
    path = Path(name)
    if "\\x" in name and not path.exists():
        raw = name.encode("utf-8").decode("unicode_escape").encode("latin-1", "replace")
        other = Path(raw.decode("utf-8", "surrogateescape"))
        return other if other.exists() else path
    return path


def of_results(tracks: Iterable[Track], paths: Sequence[Path]) -> Iterator[Answer]:
    """Yield the tracks that are among these paths or below them, in the order of the results.

    A path without any result yields an error.
    """
    tops = {path: path.resolve() for path in paths}
    answered = set()
    for track in tracks:
        path = path_of(track.file)
        real = path.resolve()
        named = [top for top, resolved in tops.items() if real.is_relative_to(resolved)]
        answered.update(named)
        if named:
            yield Answer(path, track)
    for path in paths:
        if path not in answered:
            yield Answer(path, None, (f"Error: {path}: is not in the results",))


def by_hearing(files: Sequence[Path], bundle: Bundle, jobs: int) -> Iterator[Answer]:
    """Analyse files, and yield their moods in their order.

    Args:
        files: paths of files, no folders.
        bundle: models.
        jobs: number of processes; 0 means one for each core.
    """
    for path, heard in zip(files, hear_many(files, bundle=bundle, jobs=jobs), strict=True):
        track = None if isinstance(heard, Unheard) else track_of(heard.summary.message)
        yield Answer(path, track, heard.complaints)
