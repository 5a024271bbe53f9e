"""Clips through the runtime say what a replay of them says."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.audio.demo import RECORDING
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle
from moodstream.mood.circumplex import MOODS
from moodstream.replay import recording as replay
from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError
from moodstream_train.measure import playback
from tests.train.measuring import clip


@pytest.fixture
def song(tmp_path: Path) -> Clip:
    """The bundled recording, for some seconds."""
    samples, rate = soundfile.read(RECORDING, dtype="float32", frames=400_000)
    soundfile.write(tmp_path / "song.wav", samples, rate)
    return Clip(tmp_path / "song.wav", "music", "artist", (), "Q1")


@pytest.mark.parametrize("seconds", [None, 1.2])
def test_a_verdict_rests_on_the_evidence_of_a_replay(
    tmp_path: Path, bundle: Bundle, song: Clip, seconds: float | None
) -> None:
    heard = song if seconds is None else clip(tmp_path, "short", "happy", seconds)
    said = playback.verdict(heard, bundle)
    told = replay.summarise(heard.path, bundle)
    assert (said.mood("cnn"), said.mood("rnn")) == (told["cnn"], told["rnn"])
    assert said.scores is not None
    # A mood that is named takes the same part of all other scores.
    others = [mood for mood in MOODS if mood != told["mood"]]
    own, wanted = (
        np.array([scores[mood] for mood in others])
        for scores in (dict(zip(MOODS, said.scores[0], strict=True)), told["scores"])
    )
    assert own / own.sum() == pytest.approx(wanted / wanted.sum(), abs=2e-3)
    assert (said.clip, said.corpus, said.label) == (heard.name, heard.corpus, heard.label)


def test_two_processes_say_what_one_says(
    tmp_path: Path, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = [clip(tmp_path, mood, mood) for mood in ("happy", "sad")]
    monkeypatch.setattr(playback, "CHUNK", 1)
    found = playback.judge(disk.shipped(), clips)
    assert found == [playback.verdict(one, bundle) for one in clips]


def test_what_is_silent_has_no_mood(tmp_path: Path, bundle: Bundle) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(16000, np.float32), 16000)
    said = playback.verdict(Clip(tmp_path / "silence.wav", "speech", "x", (3,), "sad"), bundle)
    assert (said.scores, said.mood(), said.quadrant()) == (None, None, None)


def test_a_room_is_learned_and_heard_by(bundle: Bundle, song: Clip) -> None:
    cold = playback.verdict(song, bundle)
    room = playback.room(bundle, prior_frames=100)
    first = playback.verdict(song, bundle, room)
    assert room.frames_heard > 500
    frozen = playback.as_now(room)
    second = playback.verdict(song, bundle, room)
    assert len({str(one.scores) for one in (cold, first, second)}) == 3
    assert playback.verdict(song, bundle, frozen) == second


def test_chance_is_of_the_name_alone(bundle: Bundle, song: Clip) -> None:
    drawn = []

    def change(samples: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
        drawn.append((rate, rng.random()))
        return samples * 0

    assert playback.verdict(song, bundle, change=change).scores is None
    playback.verdict(song, bundle, change=change)
    assert drawn[0] == drawn[1]
    assert playback.chance("one").random() != playback.chance("other").random()


def test_a_clip_that_cannot_be_read_is_named(tmp_path: Path, bundle: Bundle) -> None:
    (tmp_path / "broken.wav").write_bytes(b"no audio")
    broken = Clip(tmp_path / "broken.wav", "speech", "x", (3,), "sad")
    with pytest.raises(TrainingError, match=r"broken\.wav: .*; repair the file or remove it"):
        playback.verdict(broken, bundle)
