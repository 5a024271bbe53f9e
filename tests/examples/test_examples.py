"""The examples run as their first lines say."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream import hear
from tests.support.signals import glide

EXAMPLES = Path(__file__).parents[2] / "examples"
HAPPY = Path(__file__).parents[1] / "data" / "happy.flac"


def run(name, *arguments, **more):
    command = [sys.executable, EXAMPLES / name, *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, timeout=120, **more)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout.decode()


def test_every_example_is_short_and_tested():
    tests = Path(__file__).read_text(encoding="utf-8")
    paths = sorted(EXAMPLES.glob("*.py"))
    assert len(paths) == 5
    for path in paths:
        assert f'run("{path.name}"' in tests
        assert 40 <= len(path.read_text(encoding="utf-8").splitlines()) <= 90


def test_the_timeline_shows_every_part():
    lines = run("timeline.py", HAPPY).splitlines()
    heard = hear(HAPPY)
    words = [line.split()[1] for line in lines[:-1]]
    expected = []
    for state in heard.states:
        word = (state.mood or state.status).split("_")[0]
        if expected[-1:] != [word]:
            expected.append(word)
    assert words == expected
    assert lines[0].startswith("  0:00.0  warming up")
    assert heard.summary.mood in lines[-1]


def test_a_raw_stream_gives_the_moods_of_the_file(tmp_path):
    samples, rate = soundfile.read(HAPPY, dtype="int16")
    mono = samples if samples.ndim == 1 else samples[:, 0]
    output = run("raw_stream.py", rate, input=mono.astype("<i2").tobytes())
    states = hear(np.ascontiguousarray(mono), rate).states
    changes = [
        (state.position_n / 16000, state.mood or state.status)
        for before, state in zip([None, *states], states, strict=False)
        if before is None or before.key != state.key
    ]
    assert [
        (float(seconds), word) for seconds, word in re.findall(r"([\d.]+) s  (\w+)", output)
    ] == changes


def test_a_library_is_kept_in_a_database_and_continued(tmp_path):
    folder, database = tmp_path / "music", tmp_path / "moods.db"
    folder.mkdir()
    soundfile.write(folder / "b.wav", glide(5), 16000)
    (folder / "a.wav").write_text("no audio")
    run("library_to_sqlite.py", folder, database, "--jobs", 1)
    soundfile.write(folder / "c.flac", glide(6), 16000)
    output = run("library_to_sqlite.py", folder, database, "--jobs", 1)
    assert "b.wav" not in output
    with sqlite3.connect(database) as opened:
        rows = opened.execute("select file, quadrant, valence from track order by file").fetchall()
    for name, row in zip(("b.wav", "c.flac"), rows, strict=True):
        summary = hear(folder / name).summary
        assert row == (str(folder / name), summary.quadrant, summary.valence)


@pytest.mark.parametrize("quadrant", ["Q2", "Q4"])
def test_the_best_excerpt_is_nearer_to_the_quadrant_than_the_whole(tmp_path, quadrant):
    output = run("best_excerpt.py", HAPPY, quadrant, tmp_path / "x.wav", "--seconds", 3)
    begin, end = map(float, re.findall(r"([\d.]+) s", output))
    assert end - begin == pytest.approx(3)
    samples, rate = soundfile.read(tmp_path / "x.wav", dtype="int16")
    source, _ = soundfile.read(HAPPY, dtype="int16")
    at = round(begin * rate)
    assert len(samples) == 3 * rate
    assert np.abs(samples.astype(int) - source[at : at + len(samples)].astype(int)).max() <= 1


def test_the_light_is_dark_without_a_mood_and_coloured_with_one():
    lines = run("mood_light.py", HAPPY, "--fast").splitlines()
    assert len(lines) == len(hear(HAPPY).states)
    assert "#000000  warming_up" in lines[0]
    assert re.search(r"#(?!000000)[0-9a-f]{6}  \w+$", lines[-1])
