"""The folder of game audio is read by its table."""

from pathlib import Path

import pytest
import soundfile

from moodstream_train import corpora
from moodstream_train.corpora import CorpusError
from moodstream_train.corpora.sounds import games
from tests.train.conftest import tone

FILES = (
    ("wesnoth-music/battle.flac", "music", "train"),
    ("wesnoth-music/horn.flac", "effects", "train"),
    ("supertux-data/theme.flac", "music", "held-out"),
    ("supertux-data/jump.flac", "effects", "held-out"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "games"
    lines = ["file,package,kind,side"]
    for i, (name, kind, side) in enumerate(FILES):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(made / name, tone(i, 0.2, 16000, i), 16000)
        lines.append(f"{name},{name.split('/')[0]},{kind},{side}")
    (made / games.TABLE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def test_training_takes_the_music_of_its_side_alone(folder: Path) -> None:
    (clip,), warnings = corpora.load(folder.parent, ["games"])
    assert warnings == []
    assert clip.path == folder / "wesnoth-music" / "battle.flac"
    assert (clip.corpus, clip.group, clip.label) == ("games", "game wesnoth-music", "wesnoth-music")
    assert (clip.moods, clip.valence, clip.arousal) == ((), None, None)
    assert (clip.voice, clip.music) == (None, 1.0)


def test_no_package_is_on_two_sides(folder: Path) -> None:
    sides = [
        {clip.group for load in (games.load, games.load_effects) for clip in load(folder, side)[0]}
        for side in (games.TRAIN, games.HELD_OUT)
    ]
    assert sides == [{"game wesnoth-music"}, {"game supertux-data"}]


def test_of_an_effect_it_is_not_known_what_is_heard(folder: Path) -> None:
    (clip,), _ = games.load_effects(folder)
    assert clip.path.name == "jump.flac"
    assert (clip.voice, clip.music, clip.moods) == (None, None, ())


def test_a_file_that_is_missing_is_a_warning(folder: Path) -> None:
    (folder / FILES[0][0]).unlink()
    clips, (warning,) = games.load(folder)
    assert clips == []
    assert "1 files of index.csv are missing" in warning


def test_a_folder_without_its_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"index\.csv"):
        games.load(tmp_path)


def test_training_takes_the_effects_that_yamnet_is_sure_of(folder: Path) -> None:
    name = "wesnoth-music/horn.flac"
    held_out = "supertux-data/jump.flac,0.0,0.0,0.9"
    for scores, expected in (
        ("0.02,0.03,0.8", (0.0, 0.0)),
        ("0.9,0.03,0.1", (1.0, 0.0)),
        ("0.02,0.7,0.1", (0.0, 1.0)),
        ("0.3,0.03,0.4", None),
    ):
        table = f"file,voice,music,other\n{name},{scores}\n{held_out}\n"
        (folder / games.HEARD).write_text(table, encoding="utf-8")
        clips, _ = games.load_heard_effects(folder)
        assert [(clip.voice, clip.music) for clip in clips] == ([expected] if expected else [])
        assert all(clip.corpus == "effects" for clip in clips)


def test_without_a_teacher_no_effects_are_taken(folder: Path) -> None:
    with pytest.raises(CorpusError, match=r"heard\.csv: no such file"):
        corpora.load(folder.parent, ["effects"])
