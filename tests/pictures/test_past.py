"""Pictures of the history, by the whole program."""

import os
from datetime import date

from moodstream.history.calendar import start
from moodstream.history.database import NAME, Database
from tests.history.conftest import happy_minute, span
from tests.support.program import run_program

DAY = start(date(2026, 11, 20)) // 60


def test_a_day_and_a_week_are_drawn(tmp_path):
    database = Database(tmp_path / NAME)
    database.write([(DAY + i, "home/$1/mood", happy_minute()) for i in range(300)], [])
    database.write([(DAY + 400 + i, "home/2/mood", span(silence_s=60)) for i in range(30)], [])
    database.close()
    environment = {**os.environ, "STATE_DIRECTORY": str(tmp_path)}
    for last in ("2026-11-20", "2026-11-26", "2027-03-26"):
        pictures = [tmp_path / f"{n}.svg" for n in range(2)]
        for picture in pictures:
            span_of = ("--from", "2026-11-20", "--to", last)
            result = run_program("history", "--plot", picture, *span_of, env=environment)
            assert result.returncode == 0, result.stderr
        assert pictures[0].read_bytes() == pictures[1].read_bytes()
        assert "<pattern" in pictures[0].read_text()
    nothing = run_program("history", "--plot", "x.png", "--to", "2020-01-01", env=environment)
    assert nothing.returncode == 1
    assert "nothing was recorded then" in nothing.stderr
