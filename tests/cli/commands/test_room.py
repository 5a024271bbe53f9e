"""`moodstream room`; what a daemon learns is tested in tests/daemon/test_room.py."""

import os

import pytest

from moodstream.daemon.room import SCHEMA, SavedRoom, write
from moodstream.features.normalise import Room
from tests.support.program import run_program


@pytest.fixture
def saved(tmp_path, bundle):
    """A state directory with a room of the shipped bundle."""
    prior = bundle.card.normalisation
    square = tuple(mean**2 + std**2 for mean, std in zip(prior.mean, prior.std, strict=True))
    room = Room(64 * 60 * 10, prior.mean, square)
    write(tmp_path / "room.json", SavedRoom(SCHEMA, "now", bundle.sha256, "usb", room))
    return tmp_path


def room(state, *arguments):
    return run_program("room", *arguments, env={**os.environ, "STATE_DIRECTORY": str(state)})


def test_it_shows_how_much_is_known(saved):
    result = room(saved, "show", "--device", "usb")
    assert result.returncode == 0
    assert "learnt from 10.0 minutes of sound" in result.stdout
    assert "0.00 standard deviations from the prior" in result.stdout
    assert "learnt with device 'usb', but the device is now ''" in room(saved, "show").stdout


def test_it_forgets_and_that_can_be_repeated(saved):
    assert room(saved, "forget").stdout == f"Forgotten: {saved / 'room.json'}\n"
    assert not (saved / "room.json").exists()
    for command in ("forget", "show"):
        result = room(saved, command)
        assert result.returncode == 0
        assert result.stdout.startswith("Nothing is known")


def test_without_a_directory_nothing_is_kept():
    result = run_program("room", "show", env={"PATH": ""})
    assert result.returncode == 1
    assert "neither $STATE_DIRECTORY" in result.stderr
