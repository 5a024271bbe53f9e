"""The tutorial of docs/training.md, typed line by line as a user does, and what it leaves."""

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from moodstream.bundle import disk
from tests.support.program import MOODSTREAM

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {"moodstream": MOODSTREAM, "python": [sys.executable]}


@dataclass(frozen=True)
class Followed:
    """The folder in which the commands were typed, and what they printed."""

    folder: Path
    said: dict[str, str]


def commands() -> list[str]:
    """The first block of code of the section."""
    page = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
    _, section = page.split("## Fine-tune on your own recordings\n", 1)
    (block, *_) = re.findall(r"(?:^    .+\n)+", section, re.MULTILINE)
    return [line.strip() for line in block.splitlines()]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    folder = tmp_path_factory.mktemp("tutorial")
    for name in ("scripts", "models"):
        (folder / name).symlink_to(ROOT / name)
    path = os.pathsep.join([str(ROOT), str(ROOT / "train"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "HOME": str(folder), "PYTHONPATH": path}
    said = {}
    for line in commands():
        name, *arguments = shlex.split(line)
        result = subprocess.run(
            [*PROGRAMS[name], *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, (line, result.stdout, result.stderr)
        assert "Traceback" not in result.stderr
        said[" ".join(arguments[:2])] = result.stdout
    return Followed(folder, said)


def test_every_line_does_what_the_page_says(followed: Followed) -> None:
    trained = followed.said["train --own"]
    assert "own recordings: 18 clips, 2 groups, 1.2 min; angry 6, happy 6, sad 6" in trained
    assert "to train: fold-0, final" in trained
    assert "warning: 18 clips can change the networks a little" in trained
    assert "moodstream own final" in followed.said["bundle show"]
    assert "began from    moodstream" in followed.said["bundle show"]
    assert followed.said["replay --bundle"].count(".flac") == 12
    assert 'bundle = "' in followed.said["config --bundle"]


def test_the_terminal_shows_ten_lines_and_the_page_the_rest(followed: Followed) -> None:
    said = followed.said["evaluate evenings"].splitlines()
    lines = [line for line in said if not re.match(r"\d\d:\d\d:\d\d", line)]
    assert 4 <= len(lines) <= 10
    assert all(len(line) <= 80 for line in said)
    assert any(re.match(r"moods: \d+ % right before, \d+ % after \(9 clips\)", x) for x in lines)
    page = (followed.folder / "evenings" / "results.md").read_text(encoding="utf-8")
    assert "| happy | 3 |" in page
    assert "V1" not in page
    assert (followed.folder / "evenings" / "confusion-moods.png").exists()


def test_before_is_the_bundle_that_ships_on_the_same_clips(followed: Followed) -> None:
    found = json.loads((followed.folder / "evenings" / "results.json").read_text())
    assert found["start"]["sha256"] == disk.read(disk.shipped()).sha256
    moods = found["own"]["moods"]
    assert moods["clips"] == sum(one["clips"] for one in found["labels"].values()) == 9
    assert moods["mended"] - moods["broken"] == sum(
        one["after"] - one["before"] for one in found["labels"].values()
    )
    assert found["groups"] == 1
    assert found["elsewhere"] == {}


def test_networks_change_and_their_statistics_and_calibration_stay(followed: Followed) -> None:
    one, other = (
        disk.read(folder) for folder in (disk.shipped(), followed.folder / "evenings-bundle")
    )
    assert one.cnn_model != other.cnn_model
    assert one.rnn_model != other.rnn_model
    for name in ("normalisation", "texture", "smoothing", "hearing", "silence", "features"):
        assert getattr(one.card, name) == getattr(other.card, name)
    temperatures = [(x.card.cnn.temperature, x.card.rnn.temperature) for x in (one, other)]
    assert temperatures[0] == temperatures[1]
    assert np.isclose(one.card.cnn.weight, other.card.cnn.weight)


def test_the_card_names_the_own_data_and_where_the_networks_came_from(followed: Followed) -> None:
    shipped = disk.read(disk.shipped())
    training = disk.read(followed.folder / "evenings-bundle").card.training
    assert [*training["corpora"]] == ["own"]
    assert training["clips"]["own happy"] == 6
    assert training["start"]["sha256"] == shipped.sha256
    assert {*training["start"]["corpora"]} == {*shipped.card.training["corpora"]}
    assert "RAVDESS" in training["licence"]
    page = (followed.folder / "evenings-bundle" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "own recordings of the person who trained the models: 18 clips" in page
    assert f"It began from the networks of {shipped.card.name}" in page.replace("\n", " ")
    assert "| own recordings, moods | 9 |" in page
    assert "RAVDESS song" not in page.split("## Accuracy")[1]
