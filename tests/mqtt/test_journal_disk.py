"""The journal of events on disks that are full, read-only, late or gone."""

import errno
import shutil
import subprocess
import sys

import pytest
from structlog.testing import capture_logs

from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import NAME, JournalFile
from tests.support.disks import read_only
from tests.support.events import drain, fill, reopened

FULL = """
import resource, sys
from pathlib import Path
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import Event

def fill(*numbers):
    for n in numbers:
        journal.append(Event(n, '{"seq":%d}' % n))

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

journal = Journal(1000, Path(sys.argv[1]))
fill(*range(1, 5))
limit(150)
fill(*range(5, 50))
assert not journal.outlives
if sys.argv[2] == "room again":
    limit(1 << 20)
    fill(50)
    assert journal.outlives
else:
    limit(10)
fill(51)
while journal.take():
    journal.delivered()
    if sys.argv[2] == "room again" and journal.waiting == 10:
        break
print(journal.waiting)
"""
"""Writes until no byte more is taken, in the midst of a line."""


@pytest.mark.parametrize(("outcome", "waiting"), [("room again", 10), ("full for ever", 0)])
def test_a_full_disk_stops_nothing(tmp_path, outcome, waiting):
    command = [sys.executable, "-c", FULL, str(tmp_path), outcome]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    output = result.stdout + result.stderr
    assert output.count("journal not written") == 1
    assert f"\n{waiting}\n" in output
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME]
    journal = Journal(1000, tmp_path)
    if outcome == "room again":
        assert drain(journal) == [*range(41, 51), 51][-10:]
    else:
        # What could be written before is delivered once more.
        assert drain(journal)[:4] == [1, 2, 3, 4]
    journal.close()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("moodstream.mqtt.journal.RETRY_S", 0.0)


def test_a_directory_that_is_read_only_at_the_start_is_read_and_written_later(
    tmp_path, impatient, capfd
):
    journal = Journal(10, tmp_path)
    fill(journal, 1, 2, 3)
    journal.close()
    with read_only(tmp_path):
        journal = Journal(10, tmp_path)
        assert (journal.last, journal.waiting, journal.outlives) == (3, 3, False)
        fill(journal, 4, 5)
        assert journal.take().seq == 1
        journal.delivered()
        journal.sync()
        assert not journal.outlives
    journal.sync()  # without another event
    assert journal.outlives
    told = "".join(capfd.readouterr())
    assert told.count("no journal on disk") == told.count("on disk again") == 1
    journal = reopened(journal, tmp_path)
    assert drain(journal) == [2, 3, 4, 5]
    journal.close()


@pytest.mark.parametrize("again", [True, False])
def test_a_directory_that_was_removed_is_made_and_filled_again(tmp_path, impatient, again):
    directory = tmp_path / "state"
    journal = Journal(10, directory)
    fill(journal, 1, 2)
    shutil.rmtree(directory)
    if again:
        directory.mkdir()
    journal.sync()
    assert journal.outlives
    fill(journal, 3)
    journal.close()
    journal = Journal(10, directory)
    assert drain(journal) == [1, 2, 3]
    assert journal.last == 3
    journal.close()


def test_a_disk_that_is_mounted_late_brings_its_own_events(tmp_path, impatient):
    disk = tmp_path / "disk"
    journal = Journal(10, disk)
    fill(journal, *range(1, 58))
    journal.close()
    place = tmp_path / "state"
    journal = Journal(10, place)
    fill(journal, 1, 2)
    assert journal.take().seq == 1
    place.rename(tmp_path / "hidden")
    disk.rename(place)
    journal.delivered()
    assert journal.last == 57
    fill(journal, 58)
    journal = reopened(journal, place)
    assert drain(journal) == [2, *range(48, 58), 58][-10:]
    assert journal.last == 58
    journal.close()


@pytest.mark.parametrize("was_sent", [False, True])
def test_numbers_that_cannot_be_read_are_not_given_again(tmp_path, impatient, was_sent):
    place = tmp_path / "state"
    journal = Journal(10, place)
    fill(journal, 1, 2, 3)
    journal.close()
    place.rename(tmp_path / "disk")
    place.write_text("")  # neither there nor absent
    journal = Journal(10, place)
    first = journal.last + 1
    assert first > 1e9
    fill(journal, first)
    if was_sent:
        assert journal.take().seq == first
    place.unlink()
    (tmp_path / "disk").rename(place)
    fill(journal, first + 1)
    assert journal.outlives
    journal.give_back()
    found = drain(journal)
    # Order comes first: what is found behind a newer event is counted as lost.
    assert found == [first, first + 1] if was_sent else [1, 2, 3, first, first + 1]
    assert journal.lost == (3 if was_sent else 0)
    journal.close()


def test_a_full_disk_is_looked_at_without_another_event(tmp_path):
    command = [sys.executable, "-c", LATER, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    journal = Journal(1000, tmp_path)
    assert drain(journal) == [*range(1, 50)]
    journal.close()


LATER = """
import resource, sys
from pathlib import Path
import moodstream.mqtt.journal
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import Event

moodstream.mqtt.journal.RETRY_S = 0.0
journal = Journal(1000, Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (150, resource.RLIM_INFINITY))
for n in range(1, 50):
    journal.append(Event(n, '{"seq":%d}' % n))
journal.sync()
assert not journal.outlives
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
journal.sync()
assert journal.outlives
"""


def test_a_disk_that_is_full_now_and_then_is_told_seldom(tmp_path, monkeypatch):
    journal = Journal(1000, tmp_path)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with capture_logs() as logs:
        for seq in range(1, 40):
            with monkeypatch.context() as patch:
                patch.setattr(JournalFile, "enter" if seq % 2 else "nothing", full, raising=False)
                fill(journal, seq)
    journal.close()
    assert [entry["event"] for entry in logs] == [
        "journal not written, events are kept in memory",
        "the journal is on disk again",
    ]
