import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.program import program

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "moodstream/data/demo.ogg"
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


def test_a_tree_for_packages_names_only_the_paths_of_the_machine_that_it_is_for(tmp_path):
    """`make install` with DESTDIR, twice, then `make uninstall`."""
    root = tmp_path / "root"
    home = root / "opt/moodstream"
    config = root / "etc/moodstream/config.toml"
    unit = root / "etc/systemd/system/moodstream.service"
    command = root / "usr/local/bin/moodstream"
    web_unit = root / "etc/systemd/system/moodstream-web.service"

    def install(*arguments):
        script = ROOT / "scripts" / "install-service"
        environment = {**os.environ, "DESTDIR": str(root)}
        subprocess.run([script, *arguments], env=environment, check=True, capture_output=True)

    install()
    assert config.read_text() == (ROOT / "config.toml").read_text()
    assert unit.read_text() == UNIT.read_text()
    assert command.readlink() == Path("/opt/moodstream/bin/moodstream")
    assert (home / "bin/moodstream").read_text().startswith("#!/opt/moodstream/bin/python3\n")
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            assert str(tmp_path).encode() not in content, path
            assert bytes(ROOT) not in content, path
    # Away from the source tree, so that only what was installed can be found.
    result = subprocess.run(
        [home / "bin/python", "-m", "moodstream", "replay", DEMO, "--format", "csv"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 2
    size = sum(file.lstat().st_size for file in home.rglob("*"))
    assert size < 300e6
    config.write_text("[audio]\nname = 'mine'\n")
    install()
    assert "mine" in config.read_text()
    install("--uninstall")
    assert "mine" in config.read_text()
    assert not any(path.exists() or path.is_symlink() for path in (home, unit, web_unit, command))
