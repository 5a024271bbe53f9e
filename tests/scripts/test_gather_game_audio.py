"""The script that gathers audio from Debian packages, against a package archive on this disk."""

import csv
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.support.program import program

SCRIPT = Path(__file__).parents[2] / "scripts" / "gather-game-audio"
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
License: GPL-2+

Files: music/*
License: CC-BY-SA-3.0
 A licence text
 License: in the text

License: GPL-2+
 The text again.
"""
Archive = Callable[..., None]
Gather = Callable[..., subprocess.CompletedProcess[str]]


def sound(seconds: float, rate: int = 16_000, hertz: float = 440, channels: int = 1) -> np.ndarray:
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def encoded(samples: np.ndarray, rate: int = 16_000, form: str = "WAV") -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=form)
    return stream.getvalue()


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Put packages with given files into an archive that apt-get downloads from."""
    pool, state = tmp_path / "pool", tmp_path / "state"
    for folder in (pool, state / "lists/partial", tmp_path / "cache/archives/partial"):
        folder.mkdir(parents=True)
    (state / "status").touch()
    (tmp_path / "sources.list").write_text(f"deb [trusted=yes] copy:{pool} ./\n")
    settings = {
        "Dir::State": state,
        "Dir::State::status": state / "status",
        "Dir::Cache": tmp_path / "cache",
        "Dir::Etc::sourcelist": tmp_path / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "APT::Sandbox::User": "root",
    }
    lines = [f'{name} "{value}";\n' for name, value in settings.items()]
    (tmp_path / "apt.conf").write_text("".join(lines))
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))

    def add(name: str, files: dict[str, bytes], version: str = "1.0-1") -> None:
        tree = tmp_path / "trees" / name
        for path, content in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(content)
        fields = f"Package: {name}\nVersion: {version}\nArchitecture: all\n"
        fields += "Maintainer: A <a@example.org>\nDescription: test\n"
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN/control").write_text(fields)
        deb = pool / f"{name}.deb"
        subprocess.run(
            [program("dpkg-deb"), "--build", tree, deb], check=True, stdout=subprocess.DEVNULL
        )
        digest = hashlib.sha256(deb.read_bytes()).hexdigest()
        with (pool / "Packages").open("a") as index:
            place = f"Filename: ./{deb.name}\nSize: {deb.stat().st_size}\nSHA256: {digest}\n\n"
            index.write(fields + place)
        subprocess.run([program("apt-get"), "-qq", "update"], check=True)

    return add


@pytest.fixture
def gather(tmp_path: Path) -> Gather:
    def run(*packages: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(SCRIPT), "--out", str(tmp_path / "out"), *options]
        return subprocess.run(
            [*command, "--packages", *packages], capture_output=True, text=True, env=os.environ
        )

    return run


def index(out: Path) -> list[dict[str, str]]:
    with (out / "index.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_audio_of_every_form_becomes_16_khz_mono(
    tmp_path: Path, archive: Archive, gather: Gather
) -> None:
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w") as members:
        members.writestr("sound/c.WAV", encoded(sound(0.5, hertz=300)))
        members.writestr("models/c.md3", b"a mesh")
    files = {
        "usr/share/games/g/a.ogg": encoded(sound(26, 44_100, channels=2), 44_100, "OGG"),
        "usr/share/games/g/b.mp3": encoded(sound(1, 32_000), 32_000, "MP3"),
        "usr/share/games/g/pak0.pk3": pack.getvalue(),
        "usr/share/games/g/readme.txt": b"text",
        "usr/share/doc/g/copyright": COPYRIGHT.encode(),
    }
    archive("g", files, "2:3.1-4")
    done = gather("g")
    assert done.returncode == 0, done.stderr
    rows = {row["file"]: row for row in index(tmp_path / "out")}
    assert set(rows) == {
        "g/music/g_a.flac",
        "g/effects/g_b.flac",
        "g/effects/g_pak0.pk3_sound_c.flac",
    }
    for file, row in rows.items():
        info = soundfile.info(tmp_path / "out" / file)
        assert (info.samplerate, info.channels) == (16_000, 1)
        assert float(row["seconds"]) == pytest.approx(info.duration, abs=0.001)
        assert float(row["peak_dbfs"]) == pytest.approx(-6.02, abs=0.6)
        assert row["kind"] == file.split("/")[1]
        assert (row["package"], row["version"], row["side"]) == ("g", "2:3.1-4", "train")
        assert row["licence"] == "GPL-2+; CC-BY-SA-3.0"
    assert (tmp_path / "out/g/copyright").read_text() == COPYRIGHT


def test_the_sound_survives(tmp_path: Path, archive: Archive, gather: Gather) -> None:
    wave = sound(1, 48_000, 1000, channels=2)
    wave[:, 1] = 0
    archive("g", {"usr/share/g/a.wav": encoded(wave, 48_000)})
    gather("g")
    heard, rate = soundfile.read(tmp_path / "out/g/effects/g_a.flac", dtype="float32")
    expected = sound(1, rate, 1000)[:, 0] / 2
    assert np.abs(heard - expected)[500:-500].max() < 0.002


def test_what_teaches_nothing_is_left_out(tmp_path: Path, archive: Archive, gather: Gather) -> None:
    samples = (sound(1) * 32767).astype(np.int16)  # each format stores whole numbers exactly
    same = encoded(samples)
    files = {
        "usr/share/g/short.wav": encoded(sound(0.19)),
        "usr/share/g/silent.wav": encoded(np.zeros((16_000, 1), np.float32)),
        "usr/share/g/hiss.wav": encoded(sound(1) / 1000),
        "usr/share/g/one.wav": same,
        "usr/share/g/same.wav": same,
        "usr/share/g/broken.ogg": b"OggS and no more",
    }
    archive("g", files)
    archive("h", {"usr/share/h/also.flac": encoded(samples, form="FLAC")})
    done = gather("g", "h")
    assert done.returncode == 0
    assert [row["file"] for row in index(tmp_path / "out")] == ["g/effects/g_one.flac"]
    assert "g: cannot decode usr/share/g/broken.ogg" in done.stderr
    assert "g: 1 kept, 4 left out, 1 unreadable" in done.stdout
    assert "h: no copyright file" in done.stderr


def test_equal_short_names_do_not_overwrite_each_other(
    tmp_path: Path, archive: Archive, gather: Gather
) -> None:
    paths = ("usr/share/g/a b.wav", "usr/share/g/a_b.wav", "usr/share/games/g/a-b.wav")
    archive("g", {path: encoded(sound(1, hertz=300 + i)) for i, path in enumerate(paths)})
    gather("g")
    rows = index(tmp_path / "out")
    assert len({row["file"] for row in rows}) == 3
    assert all((tmp_path / "out" / row["file"]).is_file() for row in rows)


def test_a_package_for_testing_is_marked(tmp_path: Path, archive: Archive, gather: Gather) -> None:
    archive("supertuxkart-data", {"usr/share/g/a.wav": encoded(sound(1))})
    gather("supertuxkart-data")
    assert [row["side"] for row in index(tmp_path / "out")] == ["held-out"]


def test_a_package_that_is_there_is_not_downloaded_again(
    tmp_path: Path, archive: Archive, gather: Gather
) -> None:
    archive("g", {"usr/share/g/a.wav": encoded(sound(1))})
    gather("g")
    before = (tmp_path / "out/index.csv").read_bytes()
    (tmp_path / "pool/g.deb").unlink()
    done = gather("g")
    assert done.returncode == 0
    assert "g: already there" in done.stdout
    assert (tmp_path / "out/index.csv").read_bytes() == before


def test_a_package_that_fails_leaves_nothing_and_stops_no_other(
    tmp_path: Path, archive: Archive, gather: Gather
) -> None:
    archive("g", {"usr/share/g/a.wav": encoded(sound(1))})
    archive("h", {"usr/share/h/b.wav": encoded(sound(1, hertz=500))})
    (tmp_path / "pool/g.deb").write_bytes(b"cut off")
    (tmp_path / "out/.gather-killed/unpacked").mkdir(parents=True)
    done = gather("g", "no-such-package", "h")
    assert done.returncode == 1
    assert "no-such-package: apt-get download: " in done.stderr
    assert "Unable to locate package" in done.stderr
    assert "Not gathered: g no-such-package" in done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"h", "index.csv"}
    assert [row["package"] for row in index(tmp_path / "out")] == ["h"]


def test_archives_are_kept_only_when_asked_for(
    tmp_path: Path, archive: Archive, gather: Gather
) -> None:
    archive("g", {"usr/share/g/a.wav": encoded(sound(1))})
    archive("h", {"usr/share/h/b.wav": encoded(sound(1, hertz=500))})
    gather("g")
    assert not list((tmp_path / "out").rglob("*.deb"))
    gather("h", options=("--keep-archives",))
    assert len(list((tmp_path / "out/archives").glob("h_*.deb"))) == 1
