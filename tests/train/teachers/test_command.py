"""The command that asks a teacher about folders of audio.

The last test needs the teacher: MOODSTREAM_YAMNET names the folder that holds yamnet.tflite and
yamnet_class_map.csv. Without it the test is not collected.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile

ROOT = Path(__file__).parents[3]


def ask(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "moodstream_train.teachers", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_command_reports_a_missing_teacher_in_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "yamnet.tflite"
    done = ask("--yamnet", missing, "--classes", missing, "--cache", tmp_path / "c", tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"Error: {missing}: cannot be read: No such file or directory\n"


if TEACHER := os.environ.get("MOODSTREAM_YAMNET"):

    def test_yamnet_hears_music_and_is_asked_once(tmp_path: Path) -> None:
        folder, cache = tmp_path / "audio", tmp_path / "cache"
        folder.mkdir()
        music, rate = soundfile.read(ROOT / "moodstream/data/demo.ogg", dtype="float32")
        soundfile.write(folder / "a.wav", music[: 10 * rate], rate)
        (folder / "b.ogg").write_bytes(b"no audio")
        places = ("--yamnet", Path(TEACHER, "yamnet.tflite"), "--cache", cache)
        classes = ("--classes", Path(TEACHER, "yamnet_class_map.csv"))
        first = ask(*places, *classes, folder)
        assert first.returncode == 0, first.stderr
        assert first.stdout == f"{folder}: 1 files: voice 0.0%, music 100.0%, other 0.0%\n"
        assert "Left out: " in first.stderr
        (kept,) = cache.rglob("*.npz")
        with np.load(kept) as arrays:
            assert arrays["scores"].shape == (20, 521)
            assert arrays["embeddings"].shape == (20, 1024)
        before = kept.stat().st_mtime_ns
        assert ask(*places, *classes, folder).stdout == first.stdout
        assert kept.stat().st_mtime_ns == before
