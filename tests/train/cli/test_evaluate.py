"""``moodstream evaluate`` says what is missing."""

from pathlib import Path

from tests.train.conftest import command


def test_evaluate_and_export_say_what_is_missing(tmp_path: Path) -> None:
    for arguments in (("evaluate", tmp_path), ("export", tmp_path, "--out", tmp_path / "out")):
        result = command(*arguments)
        assert result.exit_code == 1
        assert "moodstream train" in result.output
