"""What own recordings can teach, and what they cannot."""

from dataclasses import replace
from pathlib import Path

import pytest

from moodstream_train.corpora.clip import Clip, CorpusError, moods_of
from moodstream_train.corpora.survey import Hearing, Survey, survey

MUSIC = Hearing(seconds=6.0, silent=False, mood="calm", voice=0.1, music=0.9)


def clip(label: str, number: int, group: str) -> Clip:
    return Clip(Path(f"{label}-{number}.wav"), "own", f"own {group}", moods_of(label), label)


def made(counts: dict[str, int], groups: int) -> list[Clip]:
    return [clip(name, i, str(i % groups)) for name, count in counts.items() for i in range(count)]


def surveyed(clips: list[Clip], **changed: object) -> Survey:
    return survey(clips, {str(one.path): replace(MUSIC, **changed) for one in clips}, 60)


def test_plenty_in_balance_is_no_reason_to_warn() -> None:
    found = surveyed(made({"happy": 60, "sad": 60}, 12))
    assert found.warnings() == []
    assert found.summary == "own recordings: 120 clips, 12 groups, 12.0 min; happy 60, sad 60"


@pytest.mark.parametrize(
    ("clips", "warning"),
    [
        (
            made({"happy": 6, "sad": 6}, 6),
            "12 clips can change the networks a little, but cannot show",
        ),
        (made({"happy": 6, "sad": 6}, 6), "1.2 min of sound is little"),
        (made({"happy": 30, "sad": 30}, 1), "all clips are in one group"),
        (made({"happy": 30, "sad": 30}, 3), "results from 3 groups say little"),
        (made({"happy": 30, "Q3": 4}, 6), "fewer than 5 clips are Q3, which can hardly be learned"),
        (made({"happy": 60, "sad": 10}, 6), "the labels differ much in number"),
        ([*made({"sad": 30}, 6), *(clip("calm", i, "a") for i in range(9))], "only one group has"),
        (
            [clip(name, i, f"{name} {i}") for name in ("sad", "calm") for i in range(30)],
            "no two clips share a group",
        ),
    ],
)
def test_each_weakness_is_warned_of(clips: list[Clip], warning: str) -> None:
    assert any(line.startswith(warning) for line in surveyed(clips).warnings())


def test_long_clips_and_clips_without_voice_or_music_are_counted() -> None:
    clips = made({"happy": 60, "sad": 60}, 12)
    (long,) = surveyed(clips, seconds=90.0).warnings()
    assert long.startswith("120 clips are long")
    assert long.endswith("cut them into pieces")
    assert surveyed(clips, seconds=90.0).minutes == 120
    (unheard,) = surveyed(clips, music=0.2).warnings()
    assert unheard.startswith("in 120 clips, the bundle hears neither a voice nor music")


@pytest.mark.parametrize(
    ("clips", "message"),
    [
        ([clip("happy", 1, "a")], "a single clip teaches nothing"),
        (made({"happy": 20}, 4), "all 20 clips are happy: one answer is correct for all"),
        (made({"happy": 20, "Q1": 20}, 4), "all 40 clips are Q1, happy: one answer is correct"),
    ],
)
def test_what_teaches_nothing_is_refused(clips: list[Clip], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        surveyed(clips)


def test_every_silent_clip_is_named() -> None:
    clips = made({"happy": 2, "sad": 2}, 2)
    with pytest.raises(CorpusError) as caught:
        surveyed(clips, silent=True)
    assert str(caught.value).splitlines() == [
        f"{one.path}: silent from beginning to end; remove it" for one in clips
    ]
