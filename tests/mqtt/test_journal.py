"""The journal of events: over restarts, over disks that are full, over files that are damaged."""

import shutil
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodstream.mqtt.journal import SLACK_LINES, Journal
from moodstream.mqtt.journal_file import MAX_LINES, NAME, Event
from tests.support.disks import read_only


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


def test_the_oldest_are_lost_first_but_not_the_one_on_its_way():
    journal = Journal(3)
    fill(journal, 1)
    assert journal.take() == events(1)[0]
    assert journal.take() is None
    fill(journal, 2, 3, 4, 5, 6)
    assert (journal.lost, journal.waiting, journal.last) == (2, 4, 6)
    journal.delivered()
    assert drain(journal) == [4, 5, 6]
    assert not journal.outlives


def test_a_restart_goes_on_where_it_ended(tmp_path):
    journal = Journal(3, tmp_path / "state")
    fill(journal, 1, 2, 3, 4, 5)
    journal.take()
    fill(journal, 6)  # 3 is on its way, and so not lost
    journal = reopened(journal, tmp_path / "state")
    assert journal.outlives
    assert (journal.last, journal.lost) == (6, 2)
    assert journal.take() == events(3)[0]
    journal.delivered()
    journal = reopened(journal, tmp_path / "state", capacity=2)
    assert (journal.last, journal.lost) == (6, 3)
    assert drain(journal) == [5, 6]
    journal = reopened(journal, tmp_path / "state")
    assert (journal.last, journal.lost, journal.waiting) == (6, 3, 0)
    journal.close()


def test_nobody_else_can_read_it(tmp_path):
    journal = Journal(3, tmp_path / "state")
    fill(journal, 1)
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / NAME).stat().st_mode & 0o777 == 0o600
    journal.close()


def test_the_file_stays_small(tmp_path):
    journal = Journal(5, tmp_path)
    for n in range(1, 2 * SLACK_LINES):
        fill(journal, n)
        drain(journal)
    for n in range(2 * SLACK_LINES, 3 * SLACK_LINES):
        fill(journal, n)
    assert len((tmp_path / NAME).read_bytes().splitlines()) <= SLACK_LINES + 20
    journal = reopened(journal, tmp_path)
    assert drain(journal) == [2995, 2996, 2997, 2998, 2999]
    assert journal.lost == 995
    journal.close()


def test_cut_short_at_any_byte_it_keeps_all_that_is_whole(tmp_path):
    journal = Journal(3, tmp_path)
    fill(journal, 1, 2, 3, 4)
    drain(journal)
    fill(journal, 5, 6)
    journal.close()
    content = (tmp_path / NAME).read_bytes()
    for end in range(len(content)):
        directory = tmp_path / str(end)
        directory.mkdir()
        (directory / NAME).write_bytes(content[:end])
        journal = Journal(3, directory)
        assert list(directory.glob("*.damaged")) == []
        whole = content[: end + 1].count(b"\n")
        entered = [line for line in content.splitlines()[:whole] if line[9:10] == b"+"]
        assert journal.last == len(entered)
        # The torn line is gone, so the next one stands on its own.
        fill(journal, 99)
        journal = reopened(journal, directory)
        assert drain(journal)[-1] == 99
        assert journal.last == 99
        journal.close()


@settings(max_examples=50)
@given(
    at=st.integers(0, 400),
    garbage=st.binary(min_size=1, max_size=60) | st.just(b"x" * 200_000),
    insert=st.booleans(),
)
def test_garbage_in_it_costs_the_events_that_it_hits(tmp_path_factory, at, garbage, insert):
    directory = tmp_path_factory.mktemp("state")
    journal = Journal(100, directory)
    fill(journal, *range(1, 11))
    journal.close()
    path = directory / NAME
    content = path.read_bytes()
    damaged = content[:at] + garbage + content[at if insert else at + len(garbage) :]
    path.write_bytes(damaged)
    journal = Journal(100, directory)
    kept = drain(journal)
    lines = damaged.split(b"\n")
    assert kept == [n for n in range(1, 11) if content.split(b"\n")[n] in lines]
    if path.with_suffix(".damaged").exists():
        assert path.with_suffix(".damaged").read_bytes() == damaged
    fill(journal, 11)
    journal = reopened(journal, directory)
    assert drain(journal) == [11]
    journal.close()


def test_a_forged_one_does_not_fill_the_memory(tmp_path):
    padding = "x" * 10_000
    journal = Journal(2000, tmp_path)
    for n in range(1, 2001):
        journal.append(Event(n, f'{{"seq":{n},"padding":"{padding}"}}'))
    tracemalloc.start()
    journal = reopened(journal, tmp_path, capacity=10)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 2_000_000
    assert (journal.last, journal.lost, journal.waiting) == (2000, 1990, 10)
    assert journal.take() == Event(1991, f'{{"seq":1991,"padding":"{padding}"}}')
    journal.close()


def test_one_of_more_lines_than_there_can_be_is_set_aside(tmp_path):
    body = b"+ 1 {}"
    line = b"%08x %s\n" % (zlib.crc32(body), body)
    (tmp_path / NAME).write_bytes(line * (MAX_LINES + 1))
    journal = Journal(10, tmp_path)
    assert journal.waiting == 0
    assert (tmp_path / NAME).with_suffix(".damaged").exists()
    journal.close()


def test_damage_is_told(tmp_path, capfd):
    (tmp_path / NAME).write_bytes(b"\xff\n+ 1 {}\n")
    Journal(3, tmp_path).close()
    assert "journal damaged" in "".join(capfd.readouterr())


@pytest.mark.parametrize("spoil", ["file is a directory", "directory is a file"])
def test_without_a_usable_place_it_is_kept_in_memory(tmp_path, capfd, spoil):
    if spoil == "file is a directory":
        (tmp_path / "state" / NAME).mkdir(parents=True)
    else:
        (tmp_path / "state").write_text("")
    journal = Journal(3, tmp_path / "state")
    fill(journal, 1, 2)
    assert drain(journal) == [1, 2]
    assert "no journal on disk" in "".join(capfd.readouterr())


def test_two_daemons_do_not_share_one(tmp_path, capfd):
    first = Journal(3, tmp_path)
    fill(first, 1)
    second = Journal(3, tmp_path)
    fill(second, 1, 2)
    assert "another daemon" in "".join(capfd.readouterr())
    second.close()
    first = reopened(first, tmp_path)
    assert drain(first) == [1]
    first.close()


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
