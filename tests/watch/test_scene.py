"""A daemon as a watcher knows it."""

import json

from moodstream.watch.scene import AWAY, STALE_S, Scene
from tests.support.messages import SILENCE, said


def test_the_timeline_shows_what_was_known_when():
    scene = Scene(0)
    scene.link("", 0)
    scene.take("current", said(), 10)
    scene.take("current", said(mood="sad"), 20)
    scene.link("gone", 30)
    scene.link("", 40)
    scene.take("current", json.dumps(SILENCE).encode(), 50)
    scene.take("current", said(), 90)  # nothing came meanwhile
    scene.take("availability", b"offline", 95)
    found = [*scene.history(100, 100, 20)]
    assert found == (
        [AWAY] + ["happy"] * 2 + ["sad"] * 2 + [AWAY] * 4
        + ["silence"] * 3 + [AWAY] * 5 + ["happy"] + [AWAY] * 2
    )  # fmt: skip
    assert scene.state.mood == "happy"
    assert not scene.live(100)
    scene.take("availability", b"online", 100)
    assert scene.live(90 + STALE_S)
    assert not scene.live(90.1 + STALE_S)
