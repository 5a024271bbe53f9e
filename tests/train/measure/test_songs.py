"""The table of songs is drawn by seed and counts what it shows."""

from pathlib import Path

import pytest

from moodstream.mood.circumplex import QUADRANTS
from moodstream_train.corpora.music import music4q
from moodstream_train.errors import TrainingError
from moodstream_train.measure import songs
from moodstream_train.measure.verdict import Verdict
from tests.train.conftest import make_music
from tests.train.measuring import MOOD_OF, verdict


def verdicts(each: int = 8) -> list[Verdict]:
    """Of each quadrant so many, all taken for Q3."""
    return [verdict(q, "sad", name=f"{q} {i}") for q in QUADRANTS for i in range(each)]


def test_as_many_of_each_quadrant_by_seed() -> None:
    chosen = songs.choose(verdicts(), {})
    assert [song.true for song in chosen] == [q for q in QUADRANTS for _ in range(5)]
    assert chosen == songs.choose(list(reversed(verdicts())), {})
    assert chosen != songs.choose(verdicts(), {}, seed=1)
    assert songs.right(chosen) == {"fused": 5, "cnn": 5, "rnn": 5}


def test_too_few_songs_are_told() -> None:
    with pytest.raises(TrainingError, match="found 4 songs of Q1; 5 are needed"):
        songs.choose(verdicts(4), {})


def test_the_table_names_songs_and_strikes_out_what_is_wrong() -> None:
    said = [verdict(q, MOOD_OF[q], name=q) for q in QUADRANTS[:3]] + [
        verdict("Q4", None, name="Q4")
    ]
    said[0] = verdict("Q1", "sad", name="Q1")
    table = songs.markdown(songs.choose(said, {"Q1": "Abba - One | Two"}, count=4))
    assert table.splitlines() == [
        "| song | true | CNN | RNN | both |",
        "|---|---|---|---|---|",
        "| Abba - One / Two | Q1 | ~~Q3~~ | ~~Q3~~ | ~~Q3~~ |",
        "| Q2 | Q2 | Q2 | Q2 | Q2 |",
        "| Q3 | Q3 | Q3 | Q3 | Q3 |",
        "| Q4 | Q4 | - | - | - |",
        "| **right** | | 2 of 4 | 2 of 4 | 2 of 4 |",
    ]


def test_titles_come_from_the_table_of_the_corpus(tmp_path: Path) -> None:
    make_music(tmp_path)
    clips, _ = music4q.load(tmp_path)
    assert {clip.name: clip.title for clip in clips}["MT002"] == "Artist 1 - Title"
