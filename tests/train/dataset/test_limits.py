"""A part of each corpus, which own recordings are mixed with."""

from collections import Counter
from pathlib import Path

from moodstream_train.corpora import Clip
from moodstream_train.dataset.limits import sampled


def clips(corpus: str, counts: dict[str, int]) -> list[Clip]:
    return [
        Clip(Path(f"{corpus}-{label}-{i}.wav"), corpus, f"{corpus} {i % 7}", (), label)
        for label, count in counts.items()
        for i in range(count)
    ]


def test_each_corpus_gives_as_many_of_each_label_in_the_same_order() -> None:
    every = [*clips("music", {"Q1": 50, "Q2": 50, "Q3": 3}), *clips("nemo", {"sad": 200})]
    some = sampled(every, 30)
    assert Counter((clip.corpus, clip.label) for clip in some) == {
        ("music", "Q1"): 10,
        ("music", "Q2"): 10,
        ("music", "Q3"): 3,
        ("nemo", "sad"): 30,
    }
    places = [every.index(clip) for clip in some]
    assert places == sorted(places)
    assert some == sampled(every, 30)
    assert {clip.name for clip in some} < {clip.name for clip in sampled(every, 60)}
