"""Events in a journal, by their numbers."""

from pathlib import Path

from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import Event


def events(*numbers: int) -> list[Event]:
    return [Event(n, f'{{"seq":{n}}}') for n in numbers]


def fill(journal: Journal, *numbers: int) -> None:
    for event in events(*numbers):
        journal.append(event)


def drain(journal: Journal) -> list[int]:
    found = []
    while event := journal.take():
        assert event == events(event.seq)[0]
        found.append(event.seq)
        journal.delivered()
    assert journal.waiting == 0
    return found


def reopened(journal: Journal, directory: Path, capacity: int = 1000) -> Journal:
    journal.close()
    return Journal(capacity, directory)
