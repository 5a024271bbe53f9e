"""The page without runs."""

import json
from pathlib import Path

from moodstream_train.report.page import write
from tests.train.report.conftest import section


def test_without_runs_every_row_names_the_command_that_would_measure_it(tmp_path: Path) -> None:
    write([], tmp_path)
    rows = json.loads((tmp_path / "results.json").read_text())["rows"]
    assert all(row["verdict"].startswith("not measured: `moodstream ") for row in rows)
    page = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "--recipe songs-80 --run songs-80`" in section(page, "The splits of the student project")
    assert "Not measured." in section(page, "Other rooms")
