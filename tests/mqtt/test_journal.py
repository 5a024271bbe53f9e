"""The journal of events: over restarts, and over files that are damaged."""

import os
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from moodstream.mqtt.journal import SLACK_LINES, Journal
from moodstream.mqtt.journal_file import MAX_LINES, NAME, Event
from tests.support.events import drain, events, fill, reopened


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


def test_months_without_a_broker_are_a_line_and_not_one_for_each_event():
    journal = Journal(3)
    with capture_logs() as logs:
        fill(journal, *range(1, 1000))
    assert [(entry["event"], entry["in_all"]) for entry in logs] == [
        ("event dropped, the broker is away", 1)
    ]


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


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "spoil", ["file is a directory", "directory is a file", "file is a FIFO without a reader"]
)
def test_without_a_usable_place_it_is_kept_in_memory(tmp_path, capfd, spoil):
    if spoil == "file is a directory":
        (tmp_path / "state" / NAME).mkdir(parents=True)
    elif spoil == "file is a FIFO without a reader":
        (tmp_path / "state").mkdir()
        os.mkfifo(tmp_path / "state" / NAME)
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
