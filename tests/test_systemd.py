import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.program import program

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "systemd" / "moodstream.service"


@pytest.mark.parametrize(
    ("name", "installed", "whose"),
    [
        ("moodstream", "/opt/moodstream/bin/moodstream", "--system"),
        ("moodstream-user", "%h/.local/opt/moodstream/bin/moodstream", "--user"),
        ("moodstream-web", "/opt/moodstream/bin/moodstream", "--system"),
    ],
)
def test_the_units_are_valid(tmp_path, name, installed, whose):
    text = UNIT.with_stem(name).read_text()
    command = "web" if name == "moodstream-web" else "run"
    assert f"ExecStart={installed} {command}" in text
    # What was installed is not there: put any program in its place.
    unit = tmp_path / f"{name}.service"
    unit.write_text(text.replace(installed, "/bin/true"))
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [program("systemd-analyze"), whose, "verify", str(unit)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", ["moodstream", "moodstream-web"])
def test_the_units_expose_little(name):
    unit = UNIT.with_stem(name)
    command = [program("systemd-analyze"), "security", "--offline=true", str(unit)]
    result = subprocess.run(command, capture_output=True, text=True)
    (exposure,) = re.findall(rf"exposure level for {unit.name}: ([\d.]+)", result.stdout)
    assert float(exposure) <= 1.6


def test_installing_keeps_the_persons_settings_and_can_be_repeated_and_undone(tmp_path):
    environment = {**os.environ, "DESTDIR": str(tmp_path / "root")}
    root = tmp_path / "root"
    config = root / "etc/moodstream/config.toml"

    def install(*arguments):
        script = ROOT / "scripts" / "install-service"
        subprocess.run([script, *arguments], env=environment, check=True, capture_output=True)

    install()
    assert config.read_text() == (ROOT / "config.toml").read_text()
    assert (root / "etc/systemd/system/moodstream.service").read_text() == UNIT.read_text()
    installed = root / "opt/moodstream/bin/moodstream"
    recording = ROOT / "moodstream/data/demo.ogg"
    # Away from the source tree, so that only what was installed can be found.
    result = subprocess.run(
        [installed, "replay", recording, "--format", "csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 2
    size = sum(file.lstat().st_size for file in (root / "opt").rglob("*"))
    assert size < 300e6
    config.write_text("[audio]\nname = 'mine'\n")
    install()
    assert "mine" in config.read_text()
    install("--uninstall")
    assert "mine" in config.read_text()
    assert not (root / "opt/moodstream").exists()
    assert not (root / "etc/systemd/system/moodstream.service").exists()
    assert not (root / "etc/systemd/system/moodstream-web.service").exists()
    assert shutil.which("moodstream", path=str(root / "opt/moodstream/bin")) is None
