"""The loaders of rated music, and the moods that the tags of songs name."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.mood.circumplex import MOODS, QUADRANT_OF
from moodstream_train import corpora
from moodstream_train.corpora.music import tags
from tests.support.program import program
from tests.train.conftest import tone
from tests.train.corpora.test_emopia import KEY, midi

RATED = """\
"","CLIP_NAME","TRACK_TITLE","ARTIST","VOCALISATION","valence_M","arousal_M"
"1","60s_HIGH_01","As We Go","The Band","no",3.45,3.24
"2","Metal_LOW_02","Loud, Louder","Johnny Cash","no",3.43,5
"3","Folk_LOW_03","Low","Somebody","yes",1,1.5
"4","Jazz_MED_04","Slow","The Band","no",5,3.22
"5","Country_MED_13","Sunny","Nobody","no",3.7,3.4
"6","Pop_LOW_99","Gone","Nobody","no",3,3
"""
GAMES = """\
id,series,console,game,piece,midi,valence,arousal
8000,Quest,NES,Quest II,The Castle,labelled/phrases/Quest_NES_Quest II_The Castle_0.mid,1,-1
8001,Quest,NES,Quest II,The Cave,labelled/phrases/Quest_NES_Quest II_The Cave_0.mid,-1,1
8001,Quest,NES,Quest II,The Cave,labelled/phrases/Quest_NES_Quest II_The Cave_1.mid,-1,-1
8002,Other,PC,Blocks,Fast's Theme,labelled/phrases/Other_PC_Blocks_Fast's Theme_0.mid,1,1
"""


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    place = tmp_path / "musifeast"
    (place / "stimuli").mkdir(parents=True)
    (place / "data").mkdir()
    for name in ("60s_HIGH_01", "Metal_LOW_02", "Folk_LOW_03", "Jazz_MED_04", "Country_MED_13"):
        samples = np.stack([tone(2, 0.3, 44100, 0)] * 2, axis=1)
        soundfile.write(place / "stimuli" / f"{name}.mp3", samples, 44100)
    (place / "data" / "MUSIFEAST17_all.csv").write_text(RATED)
    return tmp_path


@pytest.fixture
def games(tmp_path: Path) -> Path:
    program("fluidsynth")
    place = tmp_path / "vgmidi"
    (place / "labelled" / "annotations").mkdir(parents=True)
    (place / "vgmidi_labelled.csv").write_text(GAMES)
    for folder in ("phrases", "midi"):
        (place / "labelled" / folder).mkdir()
    for line in GAMES.splitlines()[1:]:
        path = place / line.split(",")[5]
        path.write_bytes(midi(KEY))
        (path.parent / f"._{path.name}").write_bytes(b"of another system's making")
        (place / "labelled" / "midi" / f"{path.stem[:-2]}.mid").write_bytes(midi(KEY))
    rate(place, 1, ["Quest_NES_Quest II_The Castle.mid", "Quest_NES_Quest II_The Cave.mid"])
    rate(place, 2, ["Other_PC_Blocks_Fast's Theme.mid"])
    return tmp_path


def rate(place: Path, part: int, midis: list[str]) -> None:
    """Let two people rate each piece: 0.5 and 0.1 in the mean; a third has rated nothing."""
    people = {"valence": [[0.4, 0.6], [0.2, 0.0]], "arousal": [[-0.5, -0.5], [-0.1, -0.1]]}
    annotations: dict[str, dict[str, list[float]]] = {"piece9_1": {"valence": [1], "arousal": [1]}}
    for i in range(len(midis)):
        for k in range(2):
            annotations[f"piece{i}_{k}"] = {name: all_[k] for name, all_ in people.items()}
        annotations[f"piece{i}_2"] = {"valence": [], "arousal": []}
    tree = {"pieces": {f"piece{i}": {"midi": m} for i, m in enumerate(midis)}}
    path = place / "labelled" / "annotations" / f"vgmidi_raw_{part}.json"
    path.write_text(json.dumps(tree | {"annotations": annotations}))


def load(folder: Path, name: str) -> tuple[dict[str, corpora.Clip], list[str]]:
    clips, warnings = corpora.load(folder, [name], rendered=folder / "rendered")
    assert {(clip.corpus, clip.music, clip.language, clip.named) for clip in clips} == {
        (name, 1.0, "", None)
    }
    assert all(clip.moods for clip in clips)
    assert all({QUADRANT_OF[MOODS[mood]] for mood in c.moods} == {c.label} for c in clips)
    return {clip.name: clip for clip in clips}, warnings


def test_the_medians_of_musifeast_divide_its_quadrants(rated: Path) -> None:
    clips, _ = load(rated, "musifeast")
    assert {name: clip.label for name, clip in clips.items()} == {
        "60s_HIGH_01": "Q1",
        "Metal_LOW_02": "Q2",
        "Folk_LOW_03": "Q3",
        "Jazz_MED_04": "Q4",
    }


def test_the_ratings_of_musifeast_go_from_minus_one_to_one(rated: Path) -> None:
    clips, _ = load(rated, "musifeast")
    places = {name: (clip.valence, clip.arousal) for name, clip in clips.items()}
    assert places["Metal_LOW_02"] == (pytest.approx(0.215), 1.0)
    assert places["Folk_LOW_03"] == (-1.0, -0.75)
    assert places["Jazz_MED_04"] == (1.0, pytest.approx(0.11))


def test_a_clip_of_musifeast_carries_artist_title_and_whether_somebody_sings(rated: Path) -> None:
    clips, _ = load(rated, "musifeast")
    assert clips["60s_HIGH_01"].group == clips["Jazz_MED_04"].group == "the band"
    assert clips["Metal_LOW_02"].title == "Johnny Cash - Loud, Louder"
    assert {name: clip.voice for name, clip in clips.items()} == {
        "60s_HIGH_01": 0.0,
        "Metal_LOW_02": 0.0,
        "Folk_LOW_03": None,
        "Jazz_MED_04": 0.0,
    }
    assert len(corpora.read(clips["60s_HIGH_01"], 16000)) >= 0.3 * 16000


def test_an_artist_of_musifeast_and_4q_is_one_group(rated: Path) -> None:
    (rated / "music4q").mkdir()
    soundfile.write(rated / "music4q" / "MT1.flac", tone(1, 0.1, 16000, 0), 16000)
    (rated / "music4q" / "clips.csv").write_text("clip,quadrant,artist\nMT1,Q2,Johnny Cash\n")
    clips, _ = corpora.load(rated, ["4q", "musifeast"])
    own = {clip.corpus for clip in clips if clip.group == "johnny cash"}
    assert own == {"music", "musifeast"}


def test_what_musifeast_lacks_is_named(rated: Path) -> None:
    _, warnings = load(rated, "musifeast")
    assert any("1 of 6 clips have no audio, Pop_LOW_99 first; the folder" in w for w in warnings)
    assert any("MUSIFEAST-17 holds 4 clips, expected 353 (of 356" in w for w in warnings)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "no MUSIFEAST17_all.csv in it; the folder data/"),
        ("CLIP_NAME,ARTIST,valence_M\n60s_HIGH_01,A,3\n", "no column AROUSAL_M"),
        ("CLIP_NAME,ARTIST,valence_M,arousal_M\n60s_HIGH_01,A,3,NA\n", "60s_HIGH_01: a rating"),
        ("", "no column CLIP_NAME, ARTIST"),
    ],
)
def test_musifeast_needs_its_ratings(rated: Path, content: str | None, why: str) -> None:
    path = rated / "musifeast" / "data" / "MUSIFEAST17_all.csv"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(corpora.CorpusError, match=why):
        load(rated, "musifeast")


def test_a_phrase_of_vgmidi_carries_its_quadrant_and_its_game(games: Path) -> None:
    clips, warnings = load(games, "vgmidi")
    assert {name: (clip.label, clip.group) for name, clip in clips.items()} == {
        "Quest_NES_Quest II_The Castle_0": ("Q4", "vgmidi Quest II"),
        "Quest_NES_Quest II_The Cave_0": ("Q2", "vgmidi Quest II"),
        "Quest_NES_Quest II_The Cave_1": ("Q3", "vgmidi Quest II"),
        "Other_PC_Blocks_Fast's Theme_0": ("Q1", "vgmidi Blocks"),
    }
    clip = clips["Other_PC_Blocks_Fast's Theme_0"]
    assert (clip.title, clip.voice) == ("Blocks - Fast's Theme", 0.0)
    assert any("VGMIDI holds 4 clips, the whole corpus has 204" in w for w in warnings)
    assert any("VGMIDI holds 2 games, the whole corpus has 30" in w for w in warnings)


def test_a_phrase_of_vgmidi_is_rendered_as_one_of_emopia_is(games: Path) -> None:
    for clip in load(games, "vgmidi")[0].values():
        assert clip.path == games / "rendered" / f"{clip.name}.flac"
        samples = corpora.read(clip, 16000)
        assert np.abs(samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)


def test_the_rating_of_a_piece_is_that_of_its_only_phrase(games: Path) -> None:
    clips, _ = load(games, "vgmidi")
    rated = {name: (clip.valence, clip.arousal) for name, clip in clips.items()}
    everybody = (pytest.approx(0.3), pytest.approx(-0.3))
    assert rated == {
        "Quest_NES_Quest II_The Castle_0": everybody,
        "Quest_NES_Quest II_The Cave_0": (None, None),
        "Quest_NES_Quest II_The Cave_1": (None, None),
        "Other_PC_Blocks_Fast's Theme_0": everybody,
    }


def test_vgmidi_without_annotations_has_quadrants_alone(games: Path) -> None:
    for path in (games / "vgmidi").rglob("*.json"):
        path.unlink()
    clips, warnings = load(games, "vgmidi")
    assert {(clip.valence, clip.arousal) for clip in clips.values()} == {(None, None)}
    assert len(clips) == 4
    assert any("no vgmidi_raw_*.json, so ratings are unknown" in w for w in warnings)


def test_vgmidi_names_what_it_cannot_use(games: Path) -> None:
    place = games / "vgmidi" / "labelled"
    (place / "phrases" / "Quest_NES_Quest II_The Castle_0.mid").write_bytes(b"no notes")
    clips, warnings = load(games, "vgmidi")
    assert len(clips) == 3
    assert any("1 cannot be rendered (Quest_NES_Quest II_The Castle_0.mid: " in w for w in warnings)
    (place / "annotations" / "vgmidi_raw_1.json").write_text('{"pieces": []}')
    with pytest.raises(corpora.CorpusError, match=r"vgmidi_raw_1\.json: no ratings in it"):
        load(games, "vgmidi")


def test_without_phrases_vgmidi_says_what_to_unpack(games: Path) -> None:
    for path in (games / "vgmidi" / "labelled" / "phrases").iterdir():
        path.unlink()
    with pytest.raises(corpora.CorpusError, match=r"no phrases; unpack labelled/phrases\.zip"):
        load(games, "vgmidi")


def test_vgmidi_needs_its_table_and_a_place_for_the_audio(games: Path) -> None:
    with pytest.raises(corpora.CorpusError, match="give a folder"):
        corpora.load(games, ["vgmidi"])
    table = games / "vgmidi" / "vgmidi_labelled.csv"
    table.write_text("id,midi\n1,x.mid\n")
    with pytest.raises(corpora.CorpusError, match="no column game, piece, valence, arousal"):
        load(games, "vgmidi")
    table.unlink()
    with pytest.raises(corpora.CorpusError, match=r"vgmidi_labelled\.csv: no such file"):
        load(games, "vgmidi")


@pytest.mark.parametrize(
    ("of", "quadrant", "mood"),
    [
        (["Sad", "Weary"], "Q3", "sad"),
        (["Joyous", "Fun", "happy"], "Q1", "happy"),
        (["Calm/Peaceful", "Spiritual"], "Q4", "calm"),
        (["Nervous/Jittery"], "Q2", "fearful"),
        (["Angry", "Eerie"], "Q2", None),  # two moods
        (["Sad"], "Q4", None),  # of another quadrant
        (["Sad", "Cheerful"], "Q1", "happy"),
        (["Greasy", ""], "Q3", None),
        ([], "Q1", None),
    ],
)
def test_tags_name_one_mood_of_the_quadrant(of: list[str], quadrant: str, mood: str | None) -> None:
    assert tags.named(of, quadrant) == (None if mood is None else MOODS.index(mood))


def test_a_song_of_4q_has_the_mood_that_its_tags_name_beside_its_quadrant(tmp_path: Path) -> None:
    folder = tmp_path / "music4q"
    folder.mkdir()
    for name in ("MT1", "MT2", "MT3"):
        soundfile.write(folder / f"{name}.flac", tone(1, 0.1, 16000, 0), 16000)
    (folder / "clips.csv").write_text(
        "clip,quadrant,artist,title,genres,moods\n"
        "MT1,Q2,A,T,G,Hostile; Harsh\nMT2,Q2,B,T,G,Harsh; Sad\nMT3,Q4,C,T,G,\n"
    )
    clips, _ = corpora.load(tmp_path, ["4q"])
    assert [clip.named for clip in clips] == [MOODS.index("angry"), None, None]
    assert [(clip.label, len(clip.moods)) for clip in clips] == [("Q2", 3), ("Q2", 3), ("Q4", 2)]


def test_the_tags_of_the_published_table_of_4q_are_split_words(tmp_path: Path) -> None:
    folder = tmp_path / "music4q"
    folder.mkdir()
    soundfile.write(folder / "MT1.mp3", tone(1, 0.1, 16000, 0), 16000)
    (folder / "metadata.csv").write_text(
        '"Song","Artist","Title","Quadrant","Moods","MoodsStrSplit"\n'
        '"MT1","A","T","Q4",2,"Calm; Peaceful"\n'
    )
    clips, _ = corpora.load(tmp_path, ["4q"])
    assert [clip.named for clip in clips] == [MOODS.index("calm")]
