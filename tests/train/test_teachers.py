"""What is asked of a teacher, how its answers are grouped, and how they are kept.

All of this runs without a teacher, save the last test: MOODSTREAM_YAMNET names the folder that
holds yamnet.tflite and yamnet_class_map.csv.
"""

import itertools
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from moodstream_train.errors import TrainingError
from moodstream_train.teachers import groups, yamnet
from moodstream_train.teachers.cache import Cache, file_sha256
from moodstream_train.teachers.yamnet import Answer, Yamnet, frames

ROOT = Path(__file__).parents[2]
SHA = "ab" + "0" * 62
NAMES = [*groups.UNGROUPED, *groups.MUSIC, "Dog", "Engine", *groups.VOICE]


def noise(length: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, length).astype(np.float32)


def answer(seed: int = 0, count: int = 3) -> Answer:
    rng = np.random.default_rng(seed)
    return Answer(
        rng.random((count, 521)).astype(np.float16), rng.random((count, 1024)).astype(np.float16)
    )


@given(st.integers(1, 60_000))
def test_frames_hold_every_sample_once_in_its_place(length: int) -> None:
    samples = noise(length)
    found = frames(samples)
    hops = np.concatenate([found[:-1, : yamnet.HOP].ravel(), found[-1]])
    expected = samples * (0.9 / np.abs(samples).max())
    np.testing.assert_allclose(hops[:length], expected, rtol=1e-5)
    assert not hops[length:].any()
    for first, second in itertools.pairwise(found):
        np.testing.assert_array_equal(first[yamnet.HOP :], second[: yamnet.FRAME - yamnet.HOP])


@pytest.mark.parametrize(
    ("length", "count"), [(1, 1), (15_600, 1), (15_601, 2), (23_280, 2), (23_281, 3), (0, 0)]
)
def test_a_frame_is_added_only_for_samples_not_yet_heard(length: int, count: int) -> None:
    assert frames(noise(length)).shape == (count, 15_600)


def test_loudness_does_not_matter_and_silence_stays_silent() -> None:
    samples = noise(20_000)
    np.testing.assert_allclose(frames(samples), frames(samples * np.float32(0.01)), rtol=1e-4)
    assert not frames(np.zeros(20_000, np.float32)).any()


@pytest.mark.parametrize(
    ("name", "group"),
    [("Singing", "voice"), ("Laughter", "voice"), ("Piano", "music"), ("Dog", "other")],
)
def test_each_class_counts_for_its_group_alone(name: str, group: str) -> None:
    scores = np.zeros((2, len(NAMES)), np.float16)
    scores[1, NAMES.index(name)] = 0.5
    expected = np.zeros((2, 3))
    expected[1, groups.GROUPS.index(group)] = 0.5
    np.testing.assert_array_equal(groups.Grouping(NAMES).scores(scores), expected)


def test_places_and_silence_count_for_no_group() -> None:
    scores = np.zeros((1, len(NAMES)))
    scores[0, : len(groups.UNGROUPED)] = 1
    assert not groups.Grouping(NAMES).scores(scores).any()


def test_no_class_is_listed_twice() -> None:
    listed = (*groups.VOICE, *groups.MUSIC, *groups.UNGROUPED)
    assert len(set(listed)) == len(listed)


def test_a_listed_class_that_the_map_lacks_is_named() -> None:
    with pytest.raises(TrainingError, match=r"lacks: Banjo; Speech$"):
        groups.Grouping([name for name in NAMES if name not in {"Speech", "Banjo"}])


def test_scores_of_another_model_are_refused() -> None:
    with pytest.raises(ValueError, match="expected scores of"):
        groups.Grouping(NAMES).scores(np.zeros((4, 10)))


def test_class_names_come_in_the_order_of_the_scores(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text('index,mid,display_name\n0,/m/1,"Child speech, kid speaking"\n1,/m/2,Dog\n')
    assert groups.class_names(path) == ["Child speech, kid speaking", "Dog"]


@pytest.mark.parametrize(
    "text",
    ["", "index,name\n0,Dog\n", "index,display_name\n1,Dog\n", "index,display_name\nx,Dog\n"],
)
def test_a_file_that_is_no_class_map_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "map.csv").write_text(text)
    with pytest.raises(TrainingError, match=r"map\.csv"):
        groups.class_names(tmp_path / "map.csv")


def test_an_answer_comes_back_as_it_was_for_its_teacher_alone(tmp_path: Path) -> None:
    Cache(tmp_path, "1" * 64).write(SHA, answer())
    found = Cache(tmp_path, "1" * 64).read(SHA)
    assert found is not None
    np.testing.assert_array_equal(found.scores, answer().scores)
    np.testing.assert_array_equal(found.embeddings, answer().embeddings)
    assert found.embeddings.dtype == np.float16
    assert Cache(tmp_path, "2" * 64).read(SHA) is None
    assert Cache(tmp_path, "1" * 64).read(SHA[::-1]) is None


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "1" * 64)
    cache.write(SHA, answer(seed=1))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))  # as a full disk would
    try:
        with pytest.raises(OSError, match="File too large"):
            cache.write(SHA, answer(seed=2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    found = cache.read(SHA)
    assert found is not None
    np.testing.assert_array_equal(found.scores, answer(seed=1).scores)
    assert [path.name for path in cache.path(SHA).parent.iterdir()] == [f"{SHA}.npz"]


@pytest.mark.parametrize("length", [0, 10, 5000])
def test_a_damaged_answer_is_reported_with_its_path(tmp_path: Path, length: int) -> None:
    cache = Cache(tmp_path, "1" * 64)
    cache.write(SHA, answer())
    path = cache.path(SHA)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(TrainingError, match=rf"{SHA}\.npz: damaged .*delete it"):
        cache.read(SHA)


def test_audio_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"one")
    (tmp_path / "c").write_bytes(b"two")
    one, same, two = (file_sha256(tmp_path / name) for name in "abc")
    assert one == same != two
    with pytest.raises(TrainingError, match="cannot be read"):
        file_sha256(tmp_path / "d")


def test_another_model_is_not_taken_for_yamnet(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="not YAMNet"):
        Yamnet(ROOT / "models" / "cnn.tflite")
    (tmp_path / "text.tflite").write_text("no model")
    with pytest.raises(TrainingError, match="not a TFLite model"):
        Yamnet(tmp_path / "text.tflite")
    with pytest.raises(TrainingError, match="cannot be read"):
        Yamnet(tmp_path / "missing.tflite")


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
