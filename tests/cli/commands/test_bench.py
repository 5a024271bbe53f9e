"""`moodstream bench`, briefly."""

import re

from tests.support.program import run_program


def test_it_measures_and_says_what_hearing_costs(tmp_path):
    result = run_program("bench", "--seconds", "2", cwd=tmp_path)
    assert result.returncode == 0
    assert re.search(r"\d", result.stdout)
    for stage in ("resample", "MFCC", "CNN", "RNN"):
        assert stage in result.stdout
    assert [*tmp_path.iterdir()] == []


def test_a_time_that_makes_no_sense_and_a_bundle_that_is_none_are_refused(tmp_path):
    assert run_program("bench", "--seconds", "0").returncode == 2
    result = run_program("bench", "--seconds", "1", "--bundle", tmp_path)
    assert result.returncode == 78
    assert "card.json: No such file" in result.stderr
