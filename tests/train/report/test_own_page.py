"""Results on own recordings: what is better, what is worse, and what may be chance."""

from pathlib import Path
from typing import Any

import pytest

from moodstream_train.evaluation import own
from moodstream_train.report import own_page
from tests.train.measuring import verdict


def judged(right: int, of: int, corpus: str = "own") -> list[Any]:
    """Happy clips, of which the first are right and the others are called sad."""
    return [
        verdict("happy", "happy" if i < right else "sad", corpus=corpus, group=f"g{i % 3}")
        for i in range(of)
    ]


def results(before: int, after: int, elsewhere: tuple[int, int] | None = None) -> dict[str, Any]:
    mine = {"before": judged(before, 20), "after": judged(after, 20)}
    others = {}
    if elsewhere:
        pair = dict(zip(("before", "after"), elsewhere, strict=True))
        others["cremad"] = own.compared({k: judged(n, 20, "cremad") for k, n in pair.items()})
    return {
        "start": {"name": "moodstream shipped final", "sha256": "0123456789abcdef"},
        "training_minutes": 1.5,
        "clips": {"happy": 20},
        "groups": 3,
        "own": {"moods": own.compared(mine)},
        "labels": {"happy": {"clips": 20, "before": before, "after": after}},
        "confusion": {
            "moods": {"labels": ["happy", "sad"], "counts": [[after, 20 - after], [0, 0]]}
            | {"picture": "confusion-moods.png"}
        },
        "elsewhere": others,
    }


def test_clips_that_became_right_and_wrong_are_counted() -> None:
    found = own.compared({"before": judged(5, 20), "after": judged(15, 20)})
    assert (found["clips"], found["mended"], found["broken"]) == (20, 10, 0)
    assert (found["before"]["accuracy"], found["after"]["accuracy"]) == (25, 75)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (5, 15, "better"),  # ten mended, none broken: 1 in 512
        (15, 5, "worse"),
        (5, 9, "no certain difference"),  # four mended: 1 in 8
        (5, 5, "no certain difference"),
    ],
)
def test_a_difference_that_may_be_chance_is_called_so(before: int, after: int, said: str) -> None:
    lines = own_page.brief(Path("run"), results(before, after)).splitlines()
    assert lines[2].endswith(f": {said}")
    assert len(lines) <= 10


@pytest.mark.parametrize(("after", "worse"), [(10, "CREMA-D"), (16, "none")])
def test_what_got_worse_elsewhere_is_named(after: int, worse: str) -> None:
    found = results(5, 15, (16, after))
    brief = own_page.brief(Path("run"), found)
    assert f"elsewhere: 80 % before, {5 * after} % after; worse on: {worse}" in brief
    page = own_page.text(found)
    assert f"| CREMA-D | 20 | 80.0 | {5 * after}.0 | {5 * after - 80:+.1f} |" in page


def test_without_corpora_the_page_says_how_to_measure_what_is_lost() -> None:
    found = results(5, 15)
    assert "give the corpora with --data" in own_page.brief(Path("run"), found)
    assert "`moodstream train --own … --data DIR`" in own_page.text(found)


def test_the_page_is_copied_to_another_folder(tmp_path: Path) -> None:
    run, out = tmp_path / "run", tmp_path / "out"
    run.mkdir()
    for name in ("results.json", "confusion-moods.png"):
        (run / name).write_text("{}")
    paths = own_page.write(run, results(5, 15), out)
    assert [path.name for path in paths] == ["results.md", "results.json", "confusion-moods.png"]
    assert all(path.parent == out and path.exists() for path in paths)
    page = (out / "results.md").read_text(encoding="utf-8")
    assert "| happy | 20 | 5 | 15 |" in page
    assert "| happy | 15 | 5 |" in page
