"""Sections are tables and the commands that made them."""

from tests.train.report.conftest import section


def test_each_section_names_the_commands_that_made_it(page: str) -> None:
    command = (
        "`moodstream train --data DATA --recipe shipped --seed 2 --run b`, `moodstream evaluate b`"
    )
    for title in ("New voices", "Calibration", "Worse sound", "Streams", "Women and men"):
        assert command in section(page, title)
    for command in ("--recipe songs-75 --seed 1", "--recipe seed-project --seed 1 --run before"):
        assert command in section(page, "The splits of the student project")


def test_the_tables_are_tables(page: str) -> None:
    blocks = [block for block in page.split("\n\n") if block.startswith("| ")]
    assert len(blocks) > 10
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1
