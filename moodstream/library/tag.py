"""Tags for many files, one after the other; a bad file does not affect the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from moodstream.library.errors import LibraryError
from moodstream.library.moods import Answer
from moodstream.library.tag_fields import MOOD, Fields
from moodstream.library.tag_journal import TagJournal
from moodstream.library.tagging import current, is_foreign, is_same, undo, write
from moodstream.library.wording import Wording


@dataclass
class Counts:
    """Numbers of files by outcome."""

    written: int = 0
    """Files with a new mood, or those that would have one."""
    same: int = 0
    """Files that already have the mood."""
    foreign: int = 0
    """Files that keep somebody else's mood."""
    moodless: int = 0
    """Files in which no mood was named."""
    failed: int = 0
    """Files that could not be heard, read or written."""

    def sentence(self, *, dry: bool) -> str:
        """Return the numbers that are not zero."""
        parts = [
            (self.written, "would be tagged; add --write" if dry else "tagged"),
            (self.same, "tagged already"),
            (self.foreign, "keep somebody else's mood; --force replaces it"),
            (self.moodless, "without a mood"),
            (self.failed, "failed"),
        ]
        return "; ".join(f"{count} {text}" for count, text in parts if count) or "no files"


@dataclass(frozen=True)
class Tagger:
    """Work of one command."""

    wording: Wording
    journal: TagJournal | None
    """Journal of the changes; None for no changes."""
    force: bool
    """Whether to replace somebody else's mood."""
    keep_mtime: bool
    """Whether to keep the modification times of files."""
    say: Callable[[str], None]
    """Takes a line about each file."""
    complain: Callable[[str], None]
    """Takes errors and warnings."""

    def may_tag(self, path: Path, counts: Counts) -> bool:
        """Return whether a file may get our mood, and report why not."""
        try:
            fields = current(path)
        except LibraryError as error:
            counts.failed += 1
            self.complain(f"Error: {error}")
            return False
        if is_foreign(fields) and not self.force:
            counts.foreign += 1
            self.say(f"{path}: keeps {_shown(fields)}")
            return False
        return True

    def tag(self, answers: Iterable[Answer], counts: Counts) -> None:
        """Tag files as their moods arrive.

        Args:
            answers: moods of files; all these files may be tagged.
            counts: counts to increase.
        """
        for answer in answers:
            for complaint in answer.complaints:
                self.complain(complaint)
            if answer.track is None:
                counts.failed += 1
                continue
            wanted = self.wording.fields(answer.track)
            if not wanted[MOOD]:
                counts.moodless += 1
                self.say(f"{answer.path}: no mood")
                continue
            try:
                self._tag(answer.path, wanted, counts)
            except LibraryError as error:
                counts.failed += 1
                self.complain(f"Error: {error}")

    def _tag(self, path: Path, wanted: Fields, counts: Counts) -> None:
        before = current(path)
        if is_same(before, wanted):
            counts.same += 1
            self.say(f"{path}: {_shown(wanted)} already")
            return
        if self.journal:
            write(path, wanted, self.journal, keep_mtime=self.keep_mtime)
        counts.written += 1
        instead = f" in place of {_shown(before)}" if before[MOOD] else ""
        self.say(f"{path}: {_shown(wanted)}{instead}")


def undo_all(
    paths: list[Path],
    journal: TagJournal,
    say: Callable[[str], None],
    complain: Callable[[str], None],
) -> int:
    """Undo all tags of the files among these paths and below them.

    Returns:
        number of files whose tags could not be undone.
    """
    failed = 0
    for path in journal.files(paths):
        try:
            remark = undo(path, journal)
        except LibraryError as error:
            failed += 1
            complain(f"Error: {error}")
        else:
            say(f"{path}: {remark or 'as it was'}")
    return failed


def _shown(fields: Fields) -> str:
    return ", ".join(fields[MOOD])
