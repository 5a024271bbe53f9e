"""Responses of rooms are on one side, and those to test on are the same each time."""

from pathlib import Path

from moodstream_train.corpora.rooms import HELD_OUT, responses

NAMES = (
    "bath",
    "kitchen-near",
    "living-room",
    "living-kitchen-2",
    "s1_a",
    "s3_b",
    "omni-4",
    "hall",
)


def test_a_place_is_on_one_side(tmp_path: Path) -> None:
    (tmp_path / "rooms").mkdir()
    for name in NAMES:
        (tmp_path / "rooms" / f"{name}.flac").touch()
    (tmp_path / "rooms" / "README.md").touch()
    train, test = responses(tmp_path), responses(tmp_path, held_out=True)
    assert [path.stem for path in train] == ["bath", "hall", "living-room", "s1_a"]
    assert {path.stem for path in train} | {path.stem for path in test} == set(NAMES)
    assert not {*train} & {*test}
    assert all(path.name.startswith(HELD_OUT) for path in test)


def test_no_rooms_are_no_error(tmp_path: Path) -> None:
    assert responses(tmp_path) == responses(tmp_path, held_out=True) == []
