"""The page without runs."""

import json
from pathlib import Path

from moodstream_train.report.page import write
from tests.train import made_up
from tests.train.report.conftest import section


def test_without_runs_no_row_is_on_the_page_and_each_names_its_command_in_json(
    tmp_path: Path,
) -> None:
    write([], tmp_path)
    rows = json.loads((tmp_path / "results.json").read_text())["rows"]
    assert all(row["verdict"].startswith("not measured: `moodstream ") for row in rows)
    page = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "No row of the protocol was measured." in page
    assert "Other rooms" not in page


def test_rows_appear_with_the_runs_of_their_corpora_and_a_sentence_each(
    page: str, tmp_path: Path
) -> None:
    asked = section(page, "What was asked, and what was found")
    for row in ("S1", "V1", "M1", "X"):
        assert f"- **{row}**: " in asked
        assert f"| {row} | " in asked
    assert "**O**" not in page
    alone = made_up.make(tmp_path / "music", "music", 1, lambda *_: 8)
    write([alone], tmp_path / "out")
    assert "**V1**" not in (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
