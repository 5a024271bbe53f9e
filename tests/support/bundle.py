"""The shipped bundle, and copies of it to be spoilt."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from moodstream import self_test
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return self_test.load(disk.shipped())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped bundle, to be spoilt."""
    return shutil.copytree(disk.shipped(), tmp_path / "bundle")


def read_card(directory: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((directory / disk.CARD).read_text())
    return card


def change_card(directory: Path, **changes: object) -> None:
    (directory / disk.CARD).write_text(json.dumps({**read_card(directory), **changes}))
