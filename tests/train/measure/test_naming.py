"""Row N: the share of the time in which a mood is named."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.audio.demo import RECORDING
from moodstream.bundle import disk
from moodstream_train.corpora import Clip
from moodstream_train.measure.naming import joined, naming
from moodstream_train.measure.streams import RATE

DATA = Path(__file__).parents[2] / "data"


def steady(folder: Path, name: str, level: float, seconds: float) -> Clip:
    """Signs by chance, so that the level of each sample is the same."""
    path = folder / f"{name}.wav"
    signs = np.random.default_rng(0).choice([-1.0, 1.0], round(seconds * RATE))
    soundfile.write(path, level * signs, RATE, subtype="FLOAT")
    return Clip(path, "sounds", f"sounds {name}", (), name)


@pytest.fixture
def some(tmp_path: Path) -> list[Clip]:
    return [steady(tmp_path, f"{i}", i / 10, 0.5 + i / 10) for i in range(1, 8)]


def test_all_clips_are_joined_in_an_order_that_the_seed_decides(some: list[Clip]) -> None:
    one, again, other = (joined(some, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    for found in (one, other):
        values, counts = np.unique(np.abs(found).round(3), return_counts=True)
        np.testing.assert_allclose(values, np.arange(1, 8) / 10, atol=1e-3)
        assert counts.tolist() == [round((0.5 + i / 10) * RATE) for i in range(1, 8)]


def test_a_stream_is_no_longer_than_asked(some: list[Clip]) -> None:
    assert len(joined(some, 0, longest_s=1.7)) == round(1.7 * RATE)


def test_each_kind_has_a_stream_of_its_own(tmp_path: Path) -> None:
    kinds = {
        "rain": [Clip(DATA / "rain.ogg", "sounds", "sounds rain", (), "rain")],
        "song": [Clip(RECORDING, "games", "game demo", (), "demo")],
        "nothing": [steady(tmp_path, "nothing", 0.0, 6.0)],
    }
    found = {one.kind: one for one in naming(disk.shipped(), kinds)}
    assert list(found) == list(kinds)
    for one in found.values():
        assert sum(one.statuses.values()) == pytest.approx(1, abs=1e-3)
        assert sum(one.moods.values()) == pytest.approx(one.named, abs=1e-3)
        assert one.statuses.get("ok", 0) == pytest.approx(one.named, abs=1e-3)
    assert found["nothing"].named == 0
    assert found["nothing"].seconds == 6
    assert set(found["nothing"].statuses) == {"warming_up", "silence"}
    assert found["rain"].named == 0
    assert found["song"].named > 0.3
