"""Journal of a killed daemon, cut short at every byte."""

import random
import tempfile
from pathlib import Path

from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import NAME, Event
from tests.reliability.house import Outcome, drained, house

EVENTS = 12


def cut_at_every_byte() -> Outcome:
    """Return the outcome; lost are events whose line was whole."""
    with house(random.Random(1)) as written:  # noqa: S311
        written.need("a mood is heard", lambda: written.subscriber.shows_mood)
        written.broker.kill()
        journal = written.daemon.state / NAME
        written.need("events wait", lambda: _waiting(journal.read_bytes())[EVENTS:])
        written.daemon.kill()
        content = journal.read_bytes()
        written.broker.start()
    outcome = Outcome(troubles=written.outcome.troubles)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        for end in range(len(content) + 1):
            # A line is whole without its end, too, as the checksum tells.
            whole = _waiting(content[: end + (content[end : end + 1] == b"\n")])
            _take_up(Path(folder), content[:end], whole, outcome)
    return outcome


def _take_up(directory: Path, content: bytes, whole: list[int], outcome: Outcome) -> None:
    """Another daemon adds an event, and dies; the next one must have it, and all that is whole."""
    (directory / NAME).write_bytes(content)
    journal = Journal(1000, directory)
    added = journal.last + 1
    journal.append(Event(added, "{}"))
    journal.close()
    journal = Journal(1000, directory)
    found = drained(journal)
    journal.close()
    outcome.times += 1
    outcome.events += len(found)
    outcome.lost += len({*whole, added} - set(found))
    outcome.disorder += found != sorted(found)


def _waiting(content: bytes) -> list[int]:
    """The numbers of the events whose lines are whole and that have not left, plainly read."""
    waiting: dict[int, None] = {}
    for line in content.split(b"\n")[:-1]:
        _, sign, seq, _ = line.split(b" ", 3)
        if sign == b"+":
            waiting[int(seq)] = None
        else:
            waiting.pop(int(seq), None)
    return list(waiting)
