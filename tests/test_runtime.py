"""What the runtime is made of: light, and none of it writes audio."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile

from moodstream import __version__
from moodstream.audio.demo import RECORDING
from moodstream.cli.training import TRAINING_COMMANDS
from tests.support.program import run_program

PACKAGE = Path(__file__).parents[1] / "moodstream"
HEAVY = ("tensorflow", "keras", "librosa", "scipy", "numba", "matplotlib", "sklearn")


def test_nothing_heavy_is_imported():
    modules = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if path.stem not in ("__main__", "__init__")
    ]
    code = (
        f"import sys, importlib\nfor m in {modules}: importlib.import_module(m)\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


WRITERS = {
    "results.py",  # what replay has to say
}


def test_audio_never_leaves_memory():
    """The runtime opens files to read them, but for those that hold messages."""
    writing = re.compile(
        r"open\([^)]*[\"'][wax+]|write_(text|bytes)|soundfile\.write|np\.save|tofile"
    )
    for path in PACKAGE.rglob("*.py"):
        assert path.name in WRITERS or not writing.search(path.read_text()), path


def test_a_replay_that_publishes_nothing_imports_no_mqtt_client(tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(16000), 16000)
    command = [sys.executable, "-X", "importtime", "-m", "moodstream", "replay", tmp_path]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "soundfile" in imported
    assert "paho.mqtt" not in imported


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
