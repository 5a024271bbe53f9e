from dataclasses import dataclass, field
from typing import Any

import pytest

from moodstream.schema import at_least, between, checked_by, decode, one_of, shown, unset


def even(value: int) -> None:
    if value % 2:
        raise ValueError(f"expected an even number, found {value}")


@dataclass(frozen=True)
class Part:
    size: int = field(metadata=at_least(1))
    share: float = field(default=0.5, metadata=between(0, 1))


@dataclass(frozen=True)
class Whole:
    name: str
    part: Part
    colour: str = field(default="red", metadata=one_of("red", "green"))
    pairs: int = field(default=2, metadata=checked_by(even))
    flag: bool = False
    sizes: tuple[int, ...] = field(default=(), metadata=between(1, 9))
    words: dict[str, int] = field(default_factory=dict)
    anything: Any = None
    maybe: float | None = unset(Part, "share")
    secret: str = field(default="", metadata={"secret": True})

    def problems(self) -> list[str]:
        return ["name and colour are the same"] if self.name == self.colour else []


GOOD = {"name": "a", "part": {"size": 3}}


def errors_of(value: object) -> list[str]:
    errors: list[str] = []
    assert decode(Whole, value, "", errors) is None
    return errors


def test_a_mapping_becomes_a_dataclass_and_defaults_fill_it() -> None:
    errors: list[str] = []
    assert decode(Whole, GOOD, "", errors) == Whole("a", Part(3))
    more = {"flag": True, "sizes": [1, 9], "words": {"x": 1}, "anything": [None], "maybe": 1}
    expected = Whole(
        "a", Part(3), flag=True, sizes=(1, 9), words={"x": 1}, anything=[None], maybe=1.0
    )
    assert decode(Whole, GOOD | more, "", errors) == expected
    assert errors == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"part": {}}, "part.size: missing"),
        ({"part": 3}, "part: expected a table of settings, found 3"),
        ({"part": {"size": 0}}, "part.size: must be at least 1, found 0"),
        ({"part": {"size": True}}, "part.size: expected a whole number, found True"),
        ({"part": {"size": 1, "share": 1.5}}, "part.share: must be between 0 and 1, found 1.5"),
        ({"part": {"size": 1, "share": float("nan")}}, "part.share: expected a finite number"),
        ({"maybe": 2}, "maybe: must be between 0 and 1, found 2"),  # the bounds of part.share
        ({"name": 3}, "name: expected text, found 3"),
        ({"name": "x" * 5000}, "name: expected at most 4096 characters, found 5000"),
        ({"colour": "gren"}, "colour: found 'gren'; did you mean 'green'?"),
        ({"pairs": 3}, "pairs: expected an even number, found 3"),
        ({"flag": 1}, "flag: expected true or false, found 1"),
        ({"sizes": [1, 10]}, "sizes[1]: must be between 1 and 9, found 10"),
        ({"sizes": 4}, "sizes: expected a list, found 4"),
        ({"words": {"x": "y"}}, "words.x: expected a whole number, found 'y'"),
        ({"nmae": "b"}, "nmae: unknown key; did you mean 'name'?"),
        ({"secret": 7}, "secret: expected text, found something else"),
        ({"name": "red"}, "the file: name and colour are the same"),
    ],
)
def test_an_error_says_where_and_what(changes: dict[str, Any], error: str) -> None:
    (found,) = errors_of(GOOD | changes)
    assert found.startswith(error)


def test_all_errors_are_told_at_once() -> None:
    found = errors_of({"part": {"size": 0, "share": "much"}, "flag": "no"})
    assert [error.partition(":")[0] for error in found] == [
        *("name", "part.size", "part.share", "flag")
    ]


def test_many_unknown_keys_are_counted() -> None:
    found = errors_of(GOOD | {f"k{i}": i for i in range(25)})
    assert len(found) == 21
    assert found[-1] == "the file: 5 more unknown keys"


def test_whatever_it_is_can_be_shown() -> None:
    assert shown([1]) == "[1]"
    assert shown("x" * 100) == "'" + "x" * 56 + "..."
    assert "too large" in shown(10**5000)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert "too deep" in shown(deep)
