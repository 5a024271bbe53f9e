import doctest
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

import moodstream
from moodstream import AudioFileError, Hearing, Unheard, hear, hear_many, hearing
from moodstream.messages.published import encode
from moodstream.mood.circumplex import MOODS
from tests.support.program import run_program
from tests.support.signals import glide, noise

ROOT = Path(__file__).parents[1]
HAPPY = ROOT / "tests" / "data" / "happy.flac"


def test_importing_the_package_imports_nothing_else():
    code = (
        "import sys; before = set(sys.modules); import moodstream; print(set(sys.modules) - before)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "{'moodstream'}\n"


def test_every_public_name_can_be_imported_and_no_other():
    assert moodstream.__all__ == hearing.__all__
    for name in moodstream.__all__:
        assert getattr(moodstream, name) is getattr(hearing, name)
    assert set(moodstream.__all__) <= set(dir(moodstream))
    with pytest.raises(AttributeError, match="no attribute 'haer'"):
        _ = moodstream.haer


def test_the_public_names_are_typed(tmp_path):
    (tmp_path / "user.py").write_text(
        "from moodstream import Pipeline, hear, hear_many, load_bundle\n"
        "reveal_type(hear('x').summary.mood)\n"
        "reveal_type([step.state.position_n for step in Pipeline.of(load_bundle()).finish()])\n"
        "reveal_type(next(hear_many([])))\n"
        "hear('x', 'y')\n"
    )
    command = [sys.executable, "-m", "mypy", "--config-file", "", "--strict", tmp_path / "user.py"]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    lines = [line for line in found.stdout.splitlines() if "user.py" in line]
    kinds = ["str | None", "list[int]", "moodstream.hearing.Hearing | moodstream.hearing.Unheard"]
    for line, kind in zip(lines, kinds, strict=False):
        assert f'"{kind}"' in line.replace("builtins.", "")
    assert "[arg-type]" in lines[3]
    assert len(lines) == 4


def test_an_array_is_heard_as_the_file_with_the_same_samples(bundle, tmp_path):
    stereo = np.stack([glide(9), noise(9) / 3], axis=1)
    soundfile.write(tmp_path / "x.wav", stereo, 16000, "FLOAT")
    file = hear(tmp_path / "x.wav", bundle=bundle)
    array = hear(stereo, 16000, bundle=bundle)
    assert array.states == file.states
    assert array.file is None
    assert file.file == str(tmp_path / "x.wav")
    assert {**array.summary.message, "file": file.file} == file.summary.message


def test_a_file_is_heard_as_by_the_program(bundle):
    lines = run_program("replay", HAPPY, "--format", "jsonl", "--summary").stdout.splitlines()
    assert [encode(hear(str(HAPPY), bundle=bundle).summary.message)] == lines


@settings(max_examples=8)
@given(form=st.sampled_from(["float64", "float32", "float16", "int16"]), stereo=st.booleans())
def test_every_form_of_samples_sounds_the_same(bundle, form, stereo):
    samples = np.round(glide(5) * 2**9) / 2**9  # exact in every form
    heard = hear(samples, 16000, bundle=bundle)
    given_ = samples[:, None].repeat(2, axis=1) if stereo else samples
    other = given_ * 2**15 if form == "int16" else given_
    assert hear(other.astype(form), 16000, bundle=bundle).states == heard.states


def test_the_summary_has_what_the_message_has(bundle):
    heard = hear(HAPPY, bundle=bundle)
    summary, message = heard.summary, heard.summary.message
    assert set(summary.scores) == set(MOODS)
    assert sum(summary.shares.values()) == pytest.approx(1, abs=1e-3)
    assert [[part.start_s, part.end_s, part.mood] for part in summary.segments] == [
        [part["start"], part["end"], part["mood"]] for part in message["segments"]
    ]
    for name in ("mood", "quadrant", "confidence", "valence", "arousal"):
        assert getattr(summary, name) == message[name]
    assert heard.states[-1].position_n == summary.duration_s * heard.rate


@pytest.mark.parametrize(
    ("source", "rate", "error", "message"),
    [
        (np.zeros(9), None, TypeError, "needs its rate"),
        (np.zeros(9, np.int32), 8000, TypeError, "int32 have no known full scale"),
        (np.zeros(0), 8000, ValueError, "found \\(0,\\)"),
        (np.zeros((2, 2, 2)), 8000, ValueError, "found \\(2, 2, 2\\)"),
        (np.zeros(9), 8, ValueError, "8 Hz is not audio"),
        ("x.wav", 8000, TypeError, "leave out rate"),
        ("absent.wav", None, AudioFileError, "no such file"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(bundle, source, rate, error, message):
    with pytest.raises(error, match=message):
        hear(source, rate, bundle=bundle)


def test_a_cut_file_is_heard_as_far_as_it_goes(bundle, tmp_path):
    soundfile.write(tmp_path / "x.flac", glide(10), 16000)
    whole = (tmp_path / "x.flac").read_bytes()
    (tmp_path / "x.flac").write_bytes(whole[: len(whole) // 2])
    heard = hear(tmp_path / "x.flac", bundle=bundle)
    assert 3 < heard.summary.duration_s < 7
    assert "damaged after" in heard.complaints[0]
    broken = glide(5)
    broken[100:110] = np.nan
    assert "10 samples are not finite" in hear(broken, 16000, bundle=bundle).complaints[0]


def test_many_files_come_in_order_and_a_bad_one_costs_no_other(bundle, tmp_path):
    paths = [tmp_path / f"{i}.wav" for i in range(4)]
    for i, path in enumerate(paths):
        soundfile.write(path, glide(4 + i), 16000)
    paths[1].write_text("no audio")
    found = list(hear_many([paths[3], *paths[:3]], bundle=bundle, jobs=2))
    assert [Path(one.file) for one in found] == [paths[3], *paths[:3]]
    assert [type(one) for one in found] == [Hearing, Hearing, Unheard, Hearing]
    assert "1.wav" in found[2].complaints[0]
    for one in (found[0], found[1], found[3]):
        assert one.summary == hear(one.file, bundle=bundle).summary
    assert [one.file for one in hear_many([tmp_path], bundle=bundle)] == [*map(str, paths)]


def test_many_can_be_left_early(bundle, tmp_path):
    soundfile.write(tmp_path / "x.wav", glide(4), 16000)
    results = hear_many([tmp_path / "x.wav"] * 50, bundle=bundle, jobs=1)
    next(results)
    begun_s = time.monotonic()
    results.close()
    assert time.monotonic() - begun_s < 20
    with pytest.raises(ValueError, match="at least 0"):
        hear_many([], bundle=bundle, jobs=-1)


def test_the_page_and_the_docstrings_say_the_truth(tmp_path, monkeypatch):
    samples, rate = soundfile.read(HAPPY)
    soundfile.write(tmp_path / "concert.flac", samples, rate)
    (tmp_path / "notes.txt").write_text("no audio")
    shutil.copytree(ROOT / "models", tmp_path / "my-bundle")
    monkeypatch.chdir(tmp_path)
    page = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert page.attempted > 20
    assert not page.failed
    strings = doctest.testmod(hearing)
    assert strings.attempted > 4
    assert not strings.failed
