"""The file of the history: what is written, and what becomes of a bad disk."""

import resource
import sqlite3
import stat
from contextlib import closing, contextmanager
from datetime import date

import pytest

from moodstream.history.calendar import DAY_S, next_midnight, start
from moodstream.history.database import Event, forget
from moodstream.history.reading import opened
from tests.history.conftest import DAY, happy_minute, span

NOON = DAY + 720


@contextmanager
def no_room_for(byte_count):
    """Let no file of this process grow beyond a size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (byte_count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def minutes_of(path):
    with opened(path) as history:
        return [row.begin_s // 60 for row in history.spans(0, 1 << 40, 60, None)]


def test_minutes_are_added_and_events_come_once(database):
    assert database.write([(NOON, "mood", happy_minute())], [Event(5, "mood", "happy", 7)])
    assert database.write([(NOON, "mood", span(sad_s=2))], [Event(5, "mood", "happy", 7)])
    with opened(database.path) as history:
        (row,) = history.spans(NOON * 60, NOON * 60 + 60, 60, "mood")
        assert (row.span["happy_s"], row.span["sad_s"]) == (60, 2)
        assert [*history.events(0, 10, None)] == [Event(5, "mood", "happy", 7)]
        assert history.rooms() == ["mood"]
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600


def test_gaps_are_gaps(database):
    database.write([(NOON, "a", happy_minute()), (NOON + 2, "a", happy_minute())], [])
    database.write([(NOON + 1, "b", happy_minute())], [])
    with opened(database.path) as history:
        rows = [*history.spans(NOON * 60, NOON * 60 + 300, 60, "a")]
        assert [row.begin_s // 60 - NOON for row in rows] == [0, 2]
        (whole,) = history.spans(NOON * 60, NOON * 60 + 300, 300, "a")
        assert whole.span["happy_s"] == 120


def test_days_stay_when_their_minutes_go(database):
    database.write([(DAY + 60 * hour, "mood", happy_minute()) for hour in range(24)], [])
    database.write(
        [(DAY + 1440 * 3 + 5, "mood", span(sad_s=30))], [Event(DAY * 60000, "mood", "sad")]
    )
    now_s = (DAY + 1440 * 3 + 6) * 60
    database.tidy(now_s, 730, 90)
    database.tidy(now_s, 1, 1)
    assert minutes_of(database.path) == [DAY + 1440 * 3 + 5]
    with opened(database.path) as history:
        rows = [*history.days(DAY * 60, DAY * 60 + 7 * DAY_S, "mood")]
        assert [(row.span["happy_s"], row.span["sad_s"]) for row in rows] == [(24 * 60, 0), (0, 30)]
        assert rows[0].begin_s == DAY * 60
        assert [*history.events(0, 1 << 40, None)] == []


@pytest.mark.parametrize("content", [b"no database at all" * 1000, None])
def test_a_damaged_file_is_set_aside(database, content):
    database.write([(NOON + i, "mood", happy_minute()) for i in range(3000)], [])
    database.close()
    damaged = content or bytearray(database.path.read_bytes())
    if content is None:
        damaged[8192:20000] = b"\xa5" * (20000 - 8192)
    database.path.write_bytes(damaged)
    assert database.write([(NOON, "mood", happy_minute())], [])
    assert minutes_of(database.path) == [NOON]
    assert database.set_aside.read_bytes() == bytes(damaged)


def test_damage_that_comes_while_it_is_open_is_set_aside(database):
    database.write([(NOON + i, "mood", happy_minute()) for i in range(3000)], [])
    with closing(sqlite3.connect(database.path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = database.path.stat().st_size
    database.path.write_bytes(b"\xa5" * size)
    for i in range(3):  # the first may fail
        database.write([(NOON + i, "mood", happy_minute())], [])
    assert database.problem == ""
    assert NOON + 2 in minutes_of(database.path)


def test_a_full_disk_costs_minutes_only(database):
    assert database.write([(NOON, "mood", happy_minute())], [])
    with no_room_for(4096):
        assert not database.write([(NOON + i, "mood", happy_minute()) for i in range(500)], [])
        assert database.problem
    assert database.write([(NOON + 1000, "mood", happy_minute())], [])
    assert database.problem == ""
    assert minutes_of(database.path) == [NOON, NOON + 1000]


def test_a_place_that_cannot_be_written_costs_minutes_only(tmp_path, database):
    (tmp_path / "file").write_text("")
    bad = type(database)(tmp_path / "file" / "history.db")
    assert not bad.write([(NOON, "mood", happy_minute())], [])
    assert bad.problem


def test_what_is_forgotten_is_gone_for_good(database):
    database.write(
        [(NOON - 1440, "mood", happy_minute()), (NOON, "mood", happy_minute())],
        [
            Event((NOON - 1440) * 60000, "mood", "surprised-secret"),
            Event(NOON * 60000, "mood", "x"),
        ],
    )
    assert b"surprised-secret" in b"".join(p.read_bytes() for p in database.path.parent.iterdir())
    assert forget(database.path, DAY * 60) == 2
    assert minutes_of(database.path) == [NOON]
    database.close()
    left = b"".join(p.read_bytes() for p in database.path.parent.iterdir())
    assert b"surprised-secret" not in left


def test_days_follow_the_clocks(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    import time  # noqa: PLC0415

    time.tzset()
    try:
        for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
            begin_s = start(day)
            assert next_midnight(begin_s) - begin_s == hours * 3600
    finally:
        monkeypatch.undo()
        time.tzset()
