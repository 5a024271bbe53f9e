"""`moodstream playlist`: playlists by mood."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import Failure
from moodstream.mood.circumplex import MOODS, QUADRANTS

if TYPE_CHECKING:
    from moodstream.library.track import Track

PLACES = click.Choice([*MOODS, *QUADRANTS])


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--quadrant", "-q", "quadrants", multiple=True, type=click.Choice(QUADRANTS))
@click.option("--mood", "-m", "moods", multiple=True, type=click.Choice(MOODS))
@click.option("--from", "begin", type=PLACES, help="Start of a gradual path: a mood or quadrant.")
@click.option("--to", "end", type=PLACES, help="End of the path: a mood or quadrant.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Leave out tracks with a lower confidence than this, 0 to 1.",
)
@click.option(
    "--count",
    type=click.IntRange(2, 100_000),
    help="Largest number of tracks. Default: 20 on a path, otherwise all.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Playlist to write; default: standard output. Its paths are relative to its folder.",
)
def playlist(
    results: Path,
    quadrants: tuple[str, ...],
    moods: tuple[str, ...],
    begin: str | None,
    end: str | None,
    min_confidence: float,
    count: int | None,
    output: Path | None,
) -> None:
    """Make a playlist (M3U8) of the tracks of a mood, or on a path from one mood to another.

    RESULTS is a file written by 'moodstream replay --format csv' or 'jsonl'. Tracks of a mood are
    sorted by confidence, highest first.
    """
    from moodstream.library.errors import LibraryError
    from moodstream.library.playlist import of_mood, sure, way
    from moodstream.library.track import read_results

    names = [*quadrants, *moods]
    if bool(begin) != bool(end) or bool(begin) == bool(names):
        raise click.UsageError("use --quadrant or --mood, or both --from and --to")
    try:
        tracks = sure(read_results(results), min_confidence)
        chosen = way(tracks, begin, end, count or 20) if begin and end else None
        if chosen is None:
            chosen = of_mood(tracks, names, count)
    except LibraryError as error:
        raise Failure(str(error)) from error
    if not chosen:
        raise Failure(f"{results}: no track matches")
    _write(chosen, output)


def _write(chosen: "list[Track]", output: Path | None) -> None:
    from moodstream.library.m3u8 import write_m3u8
    from moodstream.whole_file import written_whole

    try:
        if output is None:
            left_out = write_m3u8(chosen, Path(), sys.stdout.buffer)
        else:
            with written_whole(output) as stream:
                left_out = write_m3u8(chosen, output.parent, stream)
    except OSError as error:
        raise Failure(f"{output or 'standard output'}: {error.strerror or error}") from error
    for name in left_out:
        click.echo(
            f"Warning: {name!r} is left out, because a playlist cannot contain line breaks",
            err=True,
        )
    noun = "track" if len(chosen) == 1 else "tracks"
    click.echo(f"{len(chosen) - len(left_out)} {noun}", err=True)
