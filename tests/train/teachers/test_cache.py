"""Answers are kept whole, by the content of the audio and by the teacher."""

import resource
from pathlib import Path

import numpy as np
import pytest

from moodstream_train.errors import TrainingError
from moodstream_train.teachers.cache import Cache, file_sha256
from moodstream_train.teachers.yamnet import Answer

SHA = "ab" + "0" * 62


def answer(seed: int = 0, count: int = 3) -> Answer:
    rng = np.random.default_rng(seed)
    return Answer(
        rng.random((count, 521)).astype(np.float16), rng.random((count, 1024)).astype(np.float16)
    )


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
