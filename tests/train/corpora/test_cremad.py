"""CREMA-D: moods, actors and who they are."""

from pathlib import Path

import pytest

from moodstream.mood.circumplex import MOODS
from moodstream_train import corpora

NAMES = (
    "1001_DFA_ANG_XX",
    "1001_IEO_DIS_LO",
    "1001_IEO_FEA_MD",
    "1002_IEO_HAP_HI",
    "1002_ITH_NEU_XX",
    "1076_MTI_SAD_XX",
    "1091_WSI_SAD_XX",
)
ACTORS = '"ActorID","Age","Sex","Race"\n1001,51,"Male","C"\n1002,21,"Female","C"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "cremad"
    (place / "AudioWAV").mkdir(parents=True)
    for name in (*NAMES, "1001_IEO_XXX_LO", "notes"):
        (place / "AudioWAV" / f"{name}.wav").touch()  # names alone are looked at
    (place / "actors.csv").write_text(ACTORS)
    return tmp_path


def load(folder: Path) -> tuple[dict[str, corpora.Clip], list[str]]:
    clips, warnings = corpora.load(folder, ["cremad"])
    return {clip.name: clip for clip in clips}, warnings


def test_a_clip_carries_the_mood_that_was_meant_and_its_actor(folder: Path) -> None:
    clips, _ = load(folder)
    assert {name: clip.label for name, clip in clips.items()} == {
        "1001_DFA_ANG_XX": "angry",
        "1001_IEO_DIS_LO": "disgust",
        "1001_IEO_FEA_MD": "fearful",
        "1002_IEO_HAP_HI": "happy",
        "1002_ITH_NEU_XX": "neutral",
        "1091_WSI_SAD_XX": "sad",
    }
    clip = clips["1002_IEO_HAP_HI"]
    assert (clip.corpus, clip.group, clip.sex) == ("cremad", "cremad 1002", "female")
    assert clip.moods == (MOODS.index("happy"),)
    assert clips["1001_DFA_ANG_XX"].sex == "male"


def test_what_is_missing_is_named(folder: Path) -> None:
    _, warnings = load(folder)
    assert any("holds 6 clips, the whole corpus has 7441 (of 7442" in w for w in warnings)
    assert any("holds 3 actors, the whole corpus has 91" in w for w in warnings)
    assert any("the table of actors lacks 1091" in w for w in warnings)


def test_without_the_table_of_actors_their_sex_is_unknown(folder: Path) -> None:
    (folder / "cremad" / "actors.csv").unlink()
    clips, warnings = load(folder)
    assert {clip.sex for clip in clips.values()} == {None}
    assert any("no actors.csv or VideoDemographics.csv" in warning for warning in warnings)


def test_the_table_may_have_its_published_name(folder: Path) -> None:
    (folder / "cremad" / "actors.csv").rename(folder / "cremad" / "VideoDemographics.csv")
    assert load(folder)[0]["1001_DFA_ANG_XX"].sex == "male"


def test_another_table_of_actors_is_named(folder: Path) -> None:
    (folder / "cremad" / "actors.csv").write_text("who,what\n1001,Male\n")
    clips, warnings = load(folder)
    assert {clip.sex for clip in clips.values()} == {None}
    assert any("actors.csv: no columns ActorID and Sex" in warning for warning in warnings)


def test_the_whole_corpus_is_loaded_without_a_warning(tmp_path: Path) -> None:
    place = tmp_path / "cremad"
    place.mkdir()
    actors = [str(actor) for actor in range(1001, 1092)]
    for i in range(7441):
        sentence = "".join(chr(65 + i // 91 // 26**k % 26) for k in range(3))
        (place / f"{actors[i % 91]}_{sentence}_SAD_XX.opus").touch()
    rows = "".join(f"{actor},Male\n" for actor in actors)
    (place / "actors.csv").write_text(f"ActorID,Sex\n{rows}")
    clips, warnings = corpora.load(tmp_path, ["cremad"])
    assert (len(clips), warnings) == (7441, [])
