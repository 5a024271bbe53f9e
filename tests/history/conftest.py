from datetime import date

import pytest

from moodstream.history.calendar import start
from moodstream.history.columns import COLUMNS
from moodstream.history.database import NAME, Database

DAY = start(date(2026, 11, 20)) // 60
"""The first minute of a day."""


def span(**seconds):
    return {**dict.fromkeys(COLUMNS, 0.0), **seconds}


def happy_minute(valence=0.5):
    return span(happy_s=60, scored_s=60, valence_sum=6000 * valence, level_s=60, level_sum=-1200.0)


@pytest.fixture
def database(tmp_path):
    made = Database(tmp_path / NAME)
    yield made
    made.close()
