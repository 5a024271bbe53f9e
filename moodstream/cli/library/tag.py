"""`moodstream tag`: moods in the tags of music files."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from moodstream.cli.failure import EX_CONFIG, Failure

if TYPE_CHECKING:
    from moodstream.library.tag import Tagger


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option(
    "--dry-run",
    "mode",
    flag_value="dry-run",
    default="dry-run",
    help="Show the tags without writing them. This is the default.",
)
@click.option("--write", "mode", flag_value="write", help="Write the tags.")
@click.option(
    "--undo",
    "mode",
    flag_value="undo",
    help="Remove all tags that moodstream has written into these files.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take the moods from this file, written by 'moodstream replay --format csv' or "
    "'jsonl', instead of analysing the music.",
)
@click.option(
    "--what",
    type=click.Choice(["quadrant", "mood", "both"]),
    default="quadrant",
    show_default=True,
    help="Mood to write: one of the four quadrants, which are more reliable, or one of the "
    "eight moods.",
)
@click.option(
    "--words",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='TOML file with your own words, in lines such as Q4 = "relaxing". Otherwise the words '
    "are happy, tense, sad and calm for Q1 to Q4.",
)
@click.option("--numbers", is_flag=True, help="Also write valence and arousal.")
@click.option("--force", is_flag=True, help="Replace moods that somebody else has written.")
@click.option("--keep-mtime", is_flag=True, help="Keep the modification times of the files.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File that --undo needs; default: ~/.local/state/moodstream/tags.jsonl.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(0, 256),
    default=0,
    metavar="N",
    help="Analyse N files at once; default: one for each core.",
)
@click.option(
    "--bundle", type=click.Path(path_type=Path), metavar="DIR", help="Directory of a model bundle."
)
def tag(paths: tuple[Path, ...], mode: str, journal: Path | None, **asked: Any) -> None:
    """Write the mood of music files into their tags, where players can show it.

    The mood goes to TMOO in mp3, wav and aiff files, to MOOD in flac, ogg and opus files, and to
    ----:com.apple.iTunes:MOOD in m4a files. A directory means all audio files in and below it. The
    sound is not changed. Each file is replaced completely, or not changed at all.
    """
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.library.tag import undo_all
    from moodstream.library.tag_fields import require_mutagen
    from moodstream.library.tag_journal import TagJournal, journal_path

    with _failures(), stopped_by_signals() as stop:
        require_mutagen()
        place = journal or journal_path(os.environ)
        if mode == "undo":
            with TagJournal.opened(place) as opened:
                failed = undo_all([*paths], opened, _say, _complain)
        elif mode == "write":
            with TagJournal.opened(place) as opened:
                failed = _tag(_tagger(opened, **asked), [*paths], stop.is_set, **asked)
        else:
            failed = _tag(_tagger(None, **asked), [*paths], stop.is_set, **asked)
        if stop.is_set():
            raise Failure("stopped before the end; the same command continues", 130)
    if failed:
        sys.exit(1)


def _tagger(journal: Any, **asked: Any) -> "Tagger":
    from moodstream.library.tag import Tagger
    from moodstream.library.wording import WORDS, Wording, read_words

    words = read_words(asked["words"]) if asked["words"] else WORDS
    wording = Wording(asked["what"], asked["numbers"], words)
    return Tagger(wording, journal, asked["force"], asked["keep_mtime"], _say, _complain)


def _tag(tagger: "Tagger", paths: list[Path], stopped: Any, **asked: Any) -> int:
    """Tag files; return how many failed."""
    from itertools import takewhile

    from moodstream.hearing import load_bundle
    from moodstream.library.moods import by_hearing, of_results
    from moodstream.library.tag import Counts
    from moodstream.library.track import read_results
    from moodstream.replay.files import find

    counts = Counts()
    if asked["results"]:
        answers: Any = of_results(read_results(asked["results"]), paths)
        answers = (one for one in answers if one.track is None or tagger.may_tag(one.path, counts))
    else:
        bundle = load_bundle(asked["bundle"])
        found = find(paths)
        for complaint in found.unreachable:
            _complain(f"Error: {complaint}")
        counts.failed = len(found.unreachable)
        files = [path for path in found.files if tagger.may_tag(path, counts)]
        answers = by_hearing(files, bundle, asked["jobs"])
    tagger.tag(takewhile(lambda _: not stopped(), answers), counts)
    click.echo(counts.sentence(dry=tagger.journal is None), err=True)
    return counts.failed


def _say(line: str) -> None:
    from moodstream.text import printable

    click.echo(printable(line, 1 << 12))


def _complain(line: str) -> None:
    from moodstream.text import printable

    click.echo(printable(line, 1 << 12), err=True)


@contextmanager
def _failures() -> Iterator[None]:
    """Turn errors that the user can fix into messages."""
    from moodstream.bundle.bundle import BundleError
    from moodstream.library.errors import LibraryError
    from moodstream.replay.errors import ReplayError

    try:
        yield
    except BundleError as error:
        raise Failure(str(error), EX_CONFIG) from error
    except (LibraryError, ReplayError) as error:
        raise Failure(str(error)) from error
