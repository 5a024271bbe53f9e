import threading

import pytest

from moodstream.pipeline import Pipeline
from moodstream.replay.library import Library


class Kept:
    """Sink that keeps all."""

    def __init__(self):
        self.states, self.events = [], []

    def state(self, message):
        self.states.append(message)

    def event(self, message):
        self.events.append(message)


@pytest.fixture
def make_library(bundle):
    def make(told, stop=None):
        return Library(
            lambda: Pipeline.of(bundle),
            bundle.sha256,
            "settings",
            realtime=False,
            stop=stop or threading.Event(),
            tell=told.append,
        )

    return make


def test_a_bad_recording_is_told_and_harms_no_other(make_library, tmp_path, short):
    told, summaries, sink, progress = [], [], Kept(), []
    library = make_library(told)
    (tmp_path / "bad.wav").write_text("no audio at all")
    for path in (tmp_path / "bad.wav", short):
        library.replay(
            path, [sink], summaries.append, lambda *progressed: progress.append(progressed)
        )
    assert library.failed == 1
    assert len(told) == 1
    assert str(tmp_path / "bad.wav") in told[0]
    (summary,) = summaries
    assert summary["file"] == str(short)
    assert summary["settings"] == "settings"
    assert [state["position"] for state in sink.states] == [0.5 * (i + 1) for i in range(10)]
    assert sum(heard_s for heard_s, _ in progress) == 5
    behind = [part for _, part in progress]
    assert behind == sorted(behind)
    assert behind[-1] == 1


def test_at_the_end_nothing_is_heard_any_more(make_library, short):
    sink = Kept()
    library = make_library([])
    library.end([sink])
    assert sink.states == []
    library.replay(short, [sink], lambda _: None, lambda *_: None)
    library.end([sink])
    assert sink.states[-1]["status"] == sink.events[-1]["status"] == "no_audio"


def test_a_library_that_is_stopped_says_no_more(make_library, short):
    stop, summaries = threading.Event(), []
    library = make_library([], stop)
    library.replay(short, [], summaries.append, lambda *_: stop.set())
    library.replay(short, [], summaries.append, lambda *_: None)
    assert summaries == []
