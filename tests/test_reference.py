"""The same bytes as before, however little work they take."""

import json

import pytest

from tests.support import reference

HOW = "if that is meant: python -m tests.support.reference"


@pytest.fixture(scope="module")
def expected():
    return json.loads(reference.PATH.read_text())


@pytest.fixture(scope="module")
def found():
    return reference.found()


def test_the_recording_has_the_same_moods_on_every_machine(found, expected):
    _, objects = found
    assert objects[0]["bundle"] == expected["bundle"], f"another bundle; {HOW}"
    for one, other in zip(reference.outline(objects), expected["outline"], strict=True):
        assert one[:-1] == other[:-1], HOW
        assert one[-1] == pytest.approx(other[-1], abs=0.03), HOW


def test_on_a_machine_that_rounds_alike_every_byte_is_the_same(found, expected):
    sha256, objects = found
    if reference.arithmetic() == expected["arithmetic"]:
        assert sha256 == expected["sha256"], HOW
    else:
        # Another processor rounds otherwise, but does it the same way every time.
        assert reference.found() == (sha256, objects)
