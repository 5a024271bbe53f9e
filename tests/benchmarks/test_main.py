"""The benchmarks run and print; how fast they find moodstream to be is not tested."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from moodstream.bundle.disk import shipped
from tests.support.program import program
from tests.train.conftest import make_voices

ROOT = Path(__file__).parents[2]


def measured(*arguments: object, **variables: str) -> str:
    command = [sys.executable, "-m", "benchmarks", "--short", "--bundle", str(shipped())]
    done = subprocess.run(
        [*command, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def table(text: str, title: str) -> dict[str, list[str]]:
    """The cells of a report's table, by the first one of each row."""
    lines = text.partition(f"## {title}\n")[2].partition("\n## ")[0].splitlines()
    rows = [line.strip("| ").split("|") for line in lines if line.startswith("| ")]
    return {name.strip(): [cell.strip() for cell in cells] for name, *cells in rows[2:]}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is printed, and what is written, of the benchmarks that need no other programs."""
    page = tmp_path_factory.mktemp("written") / "benchmarks.md"
    names = ("replay", "library", "stages", "left of replay", "growth")
    parts = [word for name in names for word in ("--only", name)]
    kept = page.with_name("results")
    printed = measured(*parts, "--write", page, "--keep", kept)
    return [printed, page.read_text(), *(path.read_text() for path in kept.glob("*/*.json"))]


def test_prints_its_tables_and_writes_them_to_a_page(pages: list[str]) -> None:
    printed, written, _ = pages
    for text in (printed, written):
        for title in ("Replay", "Library", "Stages", "Growth", "Goals", "Conditions"):
            assert f"## {title}\n" in text
        assert "## Live" not in text
    assert table(printed, "Stages").keys() >= {"MFCC", "chroma", "texture", "RNN", "message"}
    for cells in table(printed, "Replay").values():
        assert len([cell for cell in cells if float(cell) > 0]) == 4
    assert {name.partition(",")[0] for name in table(printed, "Library")} == {"4 files"}
    assert len(table(printed, "Growth")) == 3 + 2 + 3


def test_the_parts_of_a_replay_are_all_of_it(pages: list[str]) -> None:
    printed, *_ = pages
    parts = table(printed, "What is left: replay")
    assert {"mfcc", "chroma", "texture", "cnn", "rnn", "between the parts"} < parts.keys()
    costs_us = {name: float(cells[0]) for name, cells in parts.items()}
    whole_us = costs_us.pop("sum")
    whole_ms = table(printed, "Replay")["44.1 kHz stereo, without start-up"][2]
    assert abs(whole_us / 1000 - float(whole_ms)) < 0.01 * whole_us / 1000
    assert abs(sum(costs_us.values()) - whole_us) < 0.01 * whole_us


def test_keeps_the_costs_for_the_next_comparison(pages: list[str]) -> None:
    kept = json.loads(pages[2])
    assert kept["bundle"] == hashlib.sha256((shipped() / "card.json").read_bytes()).hexdigest()
    assert kept["machine"]["cores"] == os.cpu_count()
    reports = {name.partition(": ")[0] for name in kept["costs"]}
    assert reports == {"Replay", "Library", "Stages", "What is left", "Growth"}
    assert min(kept["costs"].values()) > -1
    stereo_s = kept["costs"]["Replay: 44.1 kHz stereo, the whole program, CPU s"]
    assert float(table(pages[0], "Replay")["44.1 kHz stereo, the whole program"][0]) == (
        pytest.approx(stereo_s, rel=0.01)
    )


def test_watches_the_daemon_and_who_hears_of_it() -> None:
    for name in ("mosquitto", "pulseaudio", "pactl", "paplay"):
        program(name)
    printed = measured("--only", "latency", "--only", "left of live")
    late = table(printed, "Latency")
    state, since_complete, event = late.values()
    assert int(state[0]) == int(since_complete[0]) > int(event[0]) > 1
    for p50, p95, p99, most in ([float(cell) for cell in cells[1:]] for cells in late.values()):
        assert 0 < p50 <= p95 <= p99 <= most
    assert float(since_complete[1]) <= float(state[1])
    threads = [name.partition(":")[0] for name in table(printed, "What is left: live")]
    assert {"main", "capture", "publisher", "paho", "sum"} <= {*threads}


def test_what_cannot_be_installed_is_said(tmp_path: Path) -> None:
    printed = measured("--only", "peers", "--peers", tmp_path, PIP_NO_INDEX="1")
    about = printed.partition("## Peers\n\n")[2].partition("\n")[0]
    assert about.startswith("Not measured: moodstream-")
    assert "cannot be installed: ERROR: " in about
    assert str(ROOT) not in about


def test_times_the_training(tmp_path: Path) -> None:
    make_voices(tmp_path / "corpora" / "ravdess")
    given = ("--data", tmp_path / "corpora", "--cache", tmp_path / "cache")
    row = table(measured("--only", "training", *given), "Training")["speech"]
    cnn, rnn, besides, part, parts, whole = map(float, row)
    assert min(cnn, rnn, besides) > 0
    assert abs(part - (cnn + rnn + besides)) < 0.01 * part
    assert (parts, whole) == (1, part)


def test_without_corpora_nothing_is_trained() -> None:
    printed = measured("--only", "training")
    assert "## Training\n\nNot measured: the corpora are needed: --data DIR.\n" in printed
