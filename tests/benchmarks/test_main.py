"""The benchmarks run and print; how fast they find moodstream to be is not tested."""

import subprocess
import sys
from pathlib import Path

from moodstream.bundle import shipped

ROOT = Path(__file__).parents[2]


def test_prints_its_tables_and_writes_them_to_a_page(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    command = [sys.executable, "-m", "benchmarks", "--short", "--bundle", str(shipped())]
    parts = ["--only", "replay", "--only", "stages", "--only", "growth"]
    done = subprocess.run(
        [*command, *parts, "--write", str(page)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for text in (done.stdout, page.read_text()):
        for title in ("Replay", "Stages", "Growth", "Goals", "Conditions"):
            assert f"## {title}\n" in text
        assert "Live" not in text
    rows = [line.split("|") for line in done.stdout.splitlines() if line.startswith("| ")]
    stages = {row[1].strip() for row in rows}
    assert {"MFCC", "chroma", "texture", "window and CNN", "RNN", "message"} <= stages
    replay = [row[2:-1] for row in rows if row[1].startswith(" 44.1 kHz stereo")]
    assert [len([cell for cell in row if float(cell) > 0]) for row in replay] == [4, 4]
