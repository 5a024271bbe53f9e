"""What is around a clip is held out with it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora.clip import Clip, Corpus
from moodstream_train.dataset import splits, surroundings

RATE = 16000
CORPORA: dict[Corpus, str] = {
    "speech": "actor",
    "cremad": "cremad",
    "music": "artist",
    "sounds": "sounds",
    "games": "game",
}


def clips_below(folder: Path) -> Iterator[Clip]:
    """Clips whose samples all have one value that is theirs alone."""
    for place, (corpus, prefix) in enumerate(CORPORA.items()):
        for number in range(1, 21):
            moodful = corpus in ("speech", "cremad")
            label = MOODS[number % 6] if moodful else ("Q2" if corpus == "music" else "x")
            path = folder / f"{corpus}-{number}.wav"
            value = (place + 1) / 10 + number / 1000
            soundfile.write(path, np.full(100, value), RATE, subtype="FLOAT")
            group = f"{prefix} {number:02}"
            heard = (1.0, 0.0) if moodful else (0.0, float(corpus != "sounds"))
            moods = (0,) if label != "x" else ()
            yield Clip(path, corpus, group, moods, label, voice=heard[0], music=heard[1])


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    return [*clips_below(tmp_path_factory.mktemp("clips"))]


def owner(clips: list[Clip], samples: np.ndarray) -> Clip:
    """The clip that some samples are of."""
    values = [soundfile.read(clip.path)[0][0] for clip in clips]
    return clips[int(np.abs(np.array(values) - samples[0]).argmin())]


def test_a_background_lies_in_the_fold_of_its_clip(clips: list[Clip]) -> None:
    near = surroundings.around(clips, [])
    folds = splits.fold_of_groups(clips)
    rng = np.random.default_rng(0)
    drawn = set()
    for clip in clips:
        around = near.of(clip, RATE, rng)
        assert around.background is not None
        for _ in range(5):
            background = around.background()
            other = owner(clips, background.samples)
            assert other.corpus in ("sounds", "games")
            assert folds[other.group] == folds[clip.group]
            assert background.heard == (other.voice, other.music)
            drawn.add(other.corpus)
    assert drawn == {"sounds", "games"}


def test_nobody_else_talks_behind_a_voice(clips: list[Clip]) -> None:
    near = surroundings.around(clips, [])
    rng = np.random.default_rng(0)
    for clip in clips:
        talker = near.of(clip, RATE, rng).talker
        if clip.corpus not in ("speech", "cremad"):
            assert talker is None
            continue
        assert talker is not None
        other = owner(clips, talker())
        assert (other.corpus, other.group) == (clip.corpus, clip.group)


def test_a_room_is_measured_and_of_unit_energy(clips: list[Clip], tmp_path: Path) -> None:
    path = tmp_path / "hall.flac"
    soundfile.write(path, np.array([0.5, 0.25, -0.25]), RATE)
    around = surroundings.around(clips, [path]).of(clips[0], RATE, np.random.default_rng(0))
    assert around.room is not None
    response = around.room()
    assert np.sum(response**2) == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(response / response[0], [1, 0.5, -0.5], atol=1e-3)


def test_without_any_there_is_nothing_to_draw(clips: list[Clip]) -> None:
    alone = [clip for clip in clips if clip.corpus == "music"]
    around = surroundings.around(alone, []).of(alone[0], RATE, np.random.default_rng(0))
    assert around == (None, None, None)
    stranger = surroundings.Around().of(clips[0], RATE, np.random.default_rng(0))
    assert stranger == (None, None, None)


def test_music_plays_behind_half_of_the_voices_and_never_behind_other_music(
    clips: list[Clip],
) -> None:
    near = surroundings.around(clips, [])
    for clip in clips:
        kinds = {other.corpus for corpus in near.behind(clip) for other in corpus}
        assert kinds == ({"sounds"} if clip.music == 1.0 else {"sounds", "games"})
