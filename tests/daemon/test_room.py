"""What is learnt of the room outlives the daemon, whatever happens to its file."""

import json
import os
import re
import resource
import signal
import stat
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from moodstream.daemon.room import SAVE_S, SCHEMA, RoomError, RoomKeeper, SavedRoom, read, write
from moodstream.features.normalise import Normaliser, Room
from tests.support.program import MOODSTREAM, run_program
from tests.support.signals import glide


@pytest.fixture
def normaliser(bundle):
    return Normaliser(bundle.card.normalisation)


def learn(normaliser, frames=640, seed=1):
    rng = np.random.default_rng(seed)
    return normaliser.process(rng.normal(20, 50, (frames, 40)).astype(np.float32), audible=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "room.json"


@pytest.fixture
def keeper(path, normaliser, bundle):
    return RoomKeeper(path, normaliser, bundle, "usb")


def test_what_was_learnt_goes_on_as_if_nothing_had_been(path, normaliser, keeper, bundle):
    learn(normaliser)
    keeper.save()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    later = Normaliser(bundle.card.normalisation)
    RoomKeeper(path, later, bundle, "usb").take_up()
    assert later.room == normaliser.room
    for seed in range(3):
        np.testing.assert_array_equal(learn(later, seed=seed), learn(normaliser, seed=seed))


def test_nothing_learnt_is_nothing_saved(path, keeper):
    keeper.take_up()
    keeper.save()
    assert not path.parent.exists()


def test_it_is_saved_now_and_then_and_at_the_end(path, normaliser, keeper, bundle):
    features = bundle.card.features
    every = SAVE_S * features.sample_rate / features.hop_length
    frames = round(every / 4)
    found = []
    for _ in keeper.beside(range(10)):
        learn(normaliser, frames)
        found.append(read(path).room.frames // frames if path.exists() else 0)
    assert found == [0, 0, 0, 0, 4, 4, 4, 4, 8, 8]
    assert read(path).room.frames == 10 * frames


def test_it_is_saved_when_the_source_fails(path, normaliser, keeper):
    def chunks():
        yield 1
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        for _ in keeper.beside(chunks()):
            learn(normaliser)
    assert read(path).room.frames == 640


def test_what_was_removed_is_forgotten_and_learnt_anew(path, normaliser, keeper):
    learn(normaliser)
    keeper.save()
    path.unlink()
    learn(normaliser)
    keeper.save()
    assert not path.exists()
    assert normaliser.frames_heard == 0
    learn(normaliser, 64)
    keeper.save()
    assert read(path).room.frames == 64


def test_a_disk_that_fails_is_no_wish_to_forget(path, normaliser, keeper):
    learn(normaliser)
    keeper.save()
    path.unlink()
    path.parent.rmdir()
    path.parent.touch()  # neither there nor not there: ENOTDIR
    learn(normaliser)
    keeper.save()
    assert normaliser.frames_heard == 1280


def test_a_disk_that_cannot_be_written_for_months_is_told_seldom(path, normaliser, keeper):
    path.parent.touch()
    with capture_logs() as logs:
        for _ in range(10):
            learn(normaliser)
            keeper.save()
    assert [entry["event"] for entry in logs] == ["the room was not saved"]


@pytest.mark.parametrize("changes", [{"bundle": "0" * 64}, {"device": "webcam"}])
def test_a_room_of_another_bundle_or_device_is_not_taken_up(path, normaliser, keeper, changes):
    learn(normaliser)
    keeper.save()
    write(path, replace(read(path), **changes))
    normaliser.reset()
    keeper.take_up()
    assert normaliser.frames_heard == 0
    assert path.exists()
    assert not path.with_suffix(".broken").exists()


def test_a_file_that_was_cut_anywhere_is_set_aside(path, normaliser, keeper):
    learn(normaliser)
    keeper.save()
    whole = path.read_bytes()
    normaliser.reset()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        keeper.take_up()
        assert normaliser.frames_heard == 0
        assert not path.exists()
        assert path.with_suffix(".broken").read_bytes() == whole[:length]
    path.write_bytes(whole)
    keeper.take_up()
    assert normaliser.frames_heard == 640


ROOM = {"frames": 10, "mean": [1.0, -2.0], "square": [1.0, 5.0]}
SAVED = {"schema": SCHEMA, "saved": "now", "bundle": "b", "device": "", "room": ROOM}


@pytest.mark.parametrize(
    "changes",
    [
        {"frames": 0},
        {"frames": 1.5},
        {"frames": 10**30},
        {"mean": [1.0]},
        {"mean": [1.0, 1e9]},
        {"mean": [1.0, float("nan")]},
        {"mean": [1.0, 10**400]},
        {"mean": "12"},
        {"square": [0.5, 5.0]},
        {"square": [1.0, float("inf")]},
        {"square": [1.0, -5.0]},
        {"more": 1},
    ],
)
def test_numbers_that_cannot_be_are_refused(path, changes):
    path.parent.mkdir()
    path.write_text(json.dumps(SAVED))
    assert read(path).room == Room(10, (1.0, -2.0), (1.0, 5.0))
    path.write_text(json.dumps({**SAVED, "room": {**ROOM, **changes}}))
    with pytest.raises(RoomError):
        read(path)


def test_a_file_of_another_kind_or_size_is_refused(path):
    path.parent.mkdir()
    for content in (b"\xff", b"[" * 20_000, b" " * 70_000, b"[]", b"{}", b'{"schema": 2}'):
        path.write_bytes(content)
        with pytest.raises(RoomError):
            read(path)


@given(st.binary())
def test_no_content_stops_the_start(tmp_path_factory, bundle, content):
    path = tmp_path_factory.mktemp("state") / "room.json"
    path.write_bytes(content)
    normaliser = Normaliser(bundle.card.normalisation)
    RoomKeeper(path, normaliser, bundle, "").take_up()
    assert normaliser.frames_heard == 0


def test_a_place_that_cannot_be_used_stops_nothing(tmp_path, normaliser, bundle):
    (tmp_path / "file").touch()
    (tmp_path / "state" / "room.json").mkdir(parents=True)
    for path in (tmp_path / "file" / "room.json", tmp_path / "state" / "room.json"):
        keeper = RoomKeeper(path, normaliser, bundle, "")
        keeper.take_up()
        learn(normaliser)
        keeper.save()
    assert not (tmp_path / "state" / "room.json.part").exists()


@pytest.mark.timeout(20)
def test_a_fifo_of_its_name_is_not_waited_for(path, keeper):
    path.parent.mkdir()
    os.mkfifo(path)
    keeper.take_up()
    assert path.with_suffix(".broken").is_fifo()


HEARD = ("ok", "uncertain")


@pytest.fixture
def listening(pulseaudio, tmp_path):
    """A daemon that has heard a while of sound; yields it and what it logs, and stops it."""
    path = tmp_path / "gliding.wav"
    soundfile.write(path, glide(600), 16000)
    player = pulseaudio.play(path)
    state = {"STATE_DIRECTORY": str(tmp_path / "state")}

    @contextmanager
    def listen():
        command = [*MOODSTREAM, "run", "--states", "--broker", "mqtt://127.0.0.1:1"]
        with subprocess.Popen(
            command,
            env={**pulseaudio.environment, **state},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as daemon:
            logs = []
            heard = (line for line in daemon.stdout if json.loads(line)["status"] in HEARD)
            for _ in range(3):  # the first steps may be taken for other sounds
                next(heard)
            yield daemon, logs
            daemon.send_signal(signal.SIGTERM)
            logs += daemon.communicate(timeout=10)[1].splitlines()
            assert daemon.returncode == 0
            assert "Traceback" not in "\n".join(logs)

    yield listen
    player.kill()
    player.wait()


def room(state, *arguments):
    return run_program("room", *arguments, env={**os.environ, "STATE_DIRECTORY": str(state)})


def test_a_daemon_knows_its_room_again(listening, tmp_path):
    state = tmp_path / "state"
    assert "Nothing is known" in room(state, "show").stdout
    with listening():
        assert not (state / "room.json").exists()
    first = read(state / "room.json").room.frames
    least = 2 * 64  # a window and two steps, but for those taken for other sounds
    assert first >= least
    with listening() as (_, logs):
        pass
    assert any("the room is known" in line for line in logs)
    assert read(state / "room.json").room.frames >= first + least
    shown = room(state, "show").stdout
    assert re.search(r"learnt from 0\.\d minutes of sound; weight \d% against the prior", shown)
    assert "another bundle" not in shown
    assert "learnt with device ''" in room(state, "show", "--device", "usb").stdout
    with listening():
        assert "Forgotten" in room(state, "forget").stdout
    assert not (state / "room.json").exists()
    assert "Nothing is known" in room(state, "forget").stdout


def test_a_full_disk_does_not_stop_the_daemon_nor_spoil_what_there_was(listening, tmp_path):
    path = tmp_path / "state" / "room.json"
    with listening():
        pass
    before = path.read_bytes()
    with listening() as (daemon, logs):
        # No file may grow: writing fails as it does on a full disk, in the midst.
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (200, 200))
    assert any("the room was not saved" in line for line in logs)
    assert path.read_bytes() == before
    assert not path.with_name("room.json.part").exists()


def test_a_broken_file_is_shown_as_one(tmp_path):
    (tmp_path / "room.json").write_text("{")
    result = room(tmp_path, "show")
    assert result.returncode == 1
    assert "room.json: not JSON" in result.stderr


def test_a_saved_room_survives_json(path):
    saved = SavedRoom(SCHEMA, "now", "b", "", Room(3, (0.1, 1 / 3), (0.2, 2 / 3)))
    write(path, saved)
    assert read(path) == saved
