"""Rooms that are learned: nothing changes where nothing can be learned, something where it can."""

from pathlib import Path

import pytest

from moodstream.bundle import disk
from moodstream_train.corpora import Clip
from moodstream_train.measure import figures, playback, rooms
from moodstream_train.measure.figures import SHARED_MOODS
from moodstream_train.measure.rooms import Learning
from moodstream_train.measure.verdict import Verdict
from tests.train.measuring import clip

NEVER = Learning(prior_frames=10**9)
AT_ONCE = Learning(prior_frames=10, memory_frames=1000)


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    return [clip(tmp_path, mood, mood, 2.0) for mood in ("happy", "sad", "surprised")]


def by_clip(verdicts: list[Verdict]) -> list[Verdict]:
    return sorted(verdicts, key=lambda verdict: verdict.clip)


def test_cold_is_each_clip_alone(clips: list[Clip]) -> None:
    assert rooms.cold(disk.shipped(), clips) == playback.judge(disk.shipped(), clips)


def test_warm_is_every_clip_in_each_order(clips: list[Clip]) -> None:
    cold = rooms.cold(disk.shipped(), clips, NEVER)
    for heard in rooms.warm(disk.shipped(), clips, NEVER, orders=1):
        assert [one.mood() for one in by_clip(heard)] == [one.mood() for one in cold]
    (learned,) = rooms.warm(disk.shipped(), clips, AT_ONCE, orders=1)
    assert by_clip(learned) != by_clip(cold)
    again = rooms.warm(disk.shipped(), clips, AT_ONCE, orders=1)
    assert again == [learned]


def test_the_figures_of_a_room_are_of_the_moods_that_it_has(clips: list[Clip]) -> None:
    found = rooms.rooms(disk.shipped(), clips, SHARED_MOODS, AT_ONCE)
    assert found.clips == 2
    assert len(found.warm_orders) == rooms.ORDERS
    assert found.warm == pytest.approx(sum(found.warm_orders) / 3, abs=0.01)
    cold = rooms.cold(disk.shipped(), clips[:2], AT_ONCE)
    assert found.cold == round(figures.headline(cold, SHARED_MOODS), 2)


def test_an_evening_costs_nothing_where_nothing_is_learned(clips: list[Clip]) -> None:
    found = rooms.evening(disk.shipped(), clips, clips[:2], learning=NEVER, seconds=4)
    assert found.drops == {"happy": 0, "sad": 0, "surprised": 0}
    assert found.worst == 0


def test_the_speed_is_the_best_that_an_evening_does_not_spoil(
    clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rooms.choose(disk.shipped(), clips[:2], [10, 10**9], seconds=3.0)
    assert sorted(one.learning.prior_frames or 0 for one in found.tried) == [10, 10**9]
    assert found.tried[0].warm >= found.tried[1].warm
    assert found.chosen in [one.learning for one in found.tried[: len(found.evenings)]]
    monkeypatch.setattr(rooms, "MAX_EVENING_DROP", -1000.0)  # all are spoiled
    spoiled = rooms.choose(disk.shipped(), clips[:2], [10, 10**9], seconds=3.0)
    assert len(spoiled.evenings) == 2
    least = min(one.worst for one in spoiled.evenings)
    place = [one.learning for one in spoiled.tried].index(spoiled.chosen)
    assert spoiled.evenings[place].worst == least
