"""What the runtime is made of: light, and none of it writes audio."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream import __version__
from moodstream.audio.demo import RECORDING
from moodstream.cli.training import TRAINING_COMMANDS
from tests.support.program import MOODSTREAM, run_program, wait_until
from tests.support.written import Written

PACKAGE = Path(__file__).parents[1] / "moodstream"
HEAVY = ("tensorflow", "keras", "librosa", "scipy", "numba", "matplotlib", "sklearn")


def test_nothing_heavy_is_imported():
    modules = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if path.stem not in ("__main__", "__init__") and path.parent.name != "pictures"
    ]
    code = (
        f"import sys, importlib\nfor m in {modules}: importlib.import_module(m)\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_the_daemon_loads_no_web_server_and_no_database():
    modules = ["moodstream.daemon.run", "moodstream.cli.group", "moodstream.cli.commands.run"]
    code = (
        f"import sys, importlib\nfor m in {modules}: importlib.import_module(m)\n"
        "print([m for m in ('starlette', 'uvicorn', 'prometheus_client', 'sqlite3') "
        "if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


# Written by a real run: what waits for the broker, and a few hundred numbers about the room.
STATE = {f"state/{name}" for name in ("events.journal", "events.new", "room.json.part")}


def test_audio_never_leaves_memory_in_a_real_run(pulseaudio, mosquitto, tmp_path, recording):
    """Every file that a daemon opens for writing, from its start through a mood to its end."""
    samples, rate = recording
    soundfile.write(tmp_path / "played.wav", samples[120 * rate : 150 * rate], rate)
    written = Written(tmp_path)
    environment = {
        **pulseaudio.environment,
        **written.environment,
        "PYTHONPATH": written.python_path(os.pathsep.join(sys.path)),
    }
    command = [*MOODSTREAM, "run", "--states", "--broker", mosquitto.url]
    with (
        mosquitto.subscriber("mood/current") as states,
        subprocess.Popen(
            command,
            env=environment,
            cwd=written.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as daemon,
    ):
        pulseaudio.play(tmp_path / "played.wav").wait()
        wait_until(lambda: any(json.loads(state)["mood"] for state in states))
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=20)
        assert daemon.returncode == 0
    opened = written.opened()
    assert opened - {os.devnull} <= STATE
    assert {"state/events.journal", "state/room.json.part"} <= opened  # it did look
    assert written.files() <= {"state/events.journal", "state/room.json", *SOUND_SERVER}
    for name in written.files():
        assert (written.folder / name).stat().st_size < 20_000


SOUND_SERVER = {"home/.config/pulse/cookie"}
"""Made by libpulse."""


@pytest.mark.parametrize(
    ("options", "results"),
    [([], set()), (["--jobs", "2"], set()), (["--resume", "results.csv"], {"cwd/results.csv"})],
)
def test_audio_never_leaves_memory_in_a_real_replay(tmp_path, recording, options, results):
    samples, rate = recording
    for name in ("one.wav", "two.flac"):
        soundfile.write(tmp_path / name, samples[120 * rate : 130 * rate], rate)
    written = Written(tmp_path)
    environment = {
        **os.environ,
        **written.environment,
        "PYTHONPATH": written.python_path(os.pathsep.join(sys.path)),
    }
    files = [tmp_path / "one.wav", tmp_path / "two.flac"]
    result = run_program(
        "replay", *files, "--format", "csv", *options, env=environment, cwd=written.cwd
    )
    assert result.returncode == 0, result.stderr
    opened = written.opened() - {os.devnull}
    assert opened == results
    assert written.files() == results


@pytest.mark.parametrize(
    "leak",
    [
        "open('leak', 'wb')",
        "os.open('leak', os.O_CREAT | os.O_RDWR)",
        "Path('leak').write_bytes(b'audio')",
        "numpy.save('leak', numpy.zeros(9))",
        "numpy.zeros(9).tofile('leak')",
        "soundfile.write('leak.wav', numpy.zeros(9), 16000)",
    ],
)
def test_no_way_to_write_a_file_escapes_the_guard(tmp_path, leak):
    written = Written(tmp_path)
    environment = {
        **os.environ,
        **written.environment,
        "PYTHONPATH": written.python_path(os.pathsep.join(sys.path)),
    }
    code = f"import os, numpy, soundfile; from pathlib import Path; {leak}"
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=written.cwd, check=True)
    assert written.opened() | written.files()


NOT_FOR_REPLAY = (
    *("amqtt", "asyncio", "concurrent", "paho", "rich", "sounddevice", "ssl", "structlog"),
    *("moodstream.audio.portaudio", "moodstream.daemon", "moodstream.doctor", "moodstream.watch"),
    *(f"moodstream.mqtt.{name}" for name in ("broker", "connection", "journal", "link")),
    *("moodstream.mqtt.publisher", "moodstream.mqtt.subscriber"),
)


def test_a_replay_that_publishes_nothing_loads_no_code_of_brokers_and_daemons(tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(16000), 16000)
    command = [sys.executable, "-X", "importtime", "-m", "moodstream", "replay", tmp_path]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "soundfile" in imported
    parents = {name for name in imported if name.startswith(NOT_FOR_REPLAY)}
    assert parents == set()


def test_version_and_help():
    assert run_program("--version").stdout == f"moodstream {__version__}\n"
    text = run_program("--help").stdout
    for command in ("run", "replay", "demo", "bench", "devices", "config", *TRAINING_COMMANDS):
        assert f"\n  {command} " in text
        assert run_program(command, "--help").returncode == 0


def test_training_commands_say_how_to_install_them_where_they_are_missing(tmp_path):
    code = (
        "import importlib.metadata; importlib.metadata.entry_points = lambda **_: (); "
        "from moodstream.cli.group import main; main(['train', '--data', 'x'])"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert "pip install ./train" in result.stderr


def test_the_recording_is_made_by_its_script(tmp_path):
    script = PACKAGE.parent / "scripts" / "compose_demo.py"
    subprocess.run([sys.executable, script, tmp_path / "demo.ogg"], check=True, capture_output=True)
    made, rate = soundfile.read(tmp_path / "demo.ogg")
    shipped, shipped_rate = soundfile.read(RECORDING)
    assert rate == shipped_rate
    assert made.shape == shipped.shape
    # Another encoder version may round otherwise; it is the same music.
    assert np.abs(made - shipped).max() < 0.1
    assert np.corrcoef(made[:, 0], shipped[:, 0])[0, 1] > 0.999
