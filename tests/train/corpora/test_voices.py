"""The loaders of voices: moods, speakers, languages, and warnings for what is missing."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.mood.circumplex import MOODS
from moodstream_train import corpora
from moodstream_train.corpora.voices import baved, emogator
from tests.train.conftest import tone

NEMO = "EB0_anger_1 EB0_fear_2 IC0_happiness_3 IC0_neutral_4 WR0_sadness_5 WR0_surprised_64"
NEMO_TABLE = (
    "file_id\temotion\traw_text\tnormalized_text\tspeaker_id\tgender\tage\n"
    "EB0_anger_1.wav\tanger\tKto?\tkto\t        EB0\tfemale\t27\n"
    "WR0_sadness_5.wav\tsadness\tTo.\tto\t        WR0\tmale\t23\n"
)
ASED = (
    "01Neutral/n1-01-01-01-01 02Fearful/f2-07-01-02-62 03Happy/h3-01-02-02-08 "
    "04Sad/S4-04-02-01-08 04Sad/s4-04-02-02-08 05Angry/a5-03-01-02-50"
)
EMOVO = "f1/dis-f1-b1 f1/gio-f1-b2 f2/neu-f2-l1 f3/pau-f3-n5 m1/rab-m1-d1 m2/sor-m2-v1 m3/tri-m3-l4"
TUREV = "Sad/1157_hl_acik Angry/1157_kz_algi Happy/1234_mt_beste Calm/7895_sk_ordek"
BAVED = "0/3-f-21-0-0-1 1/3-f-21-1-1-2 6/10-m-20-6-2-3 0/46-m-20-0-0-156 0/53-m-20-0-0-209"
OTHERS = ("warnings", "notes", "cover-art")
"""Files of other names, which belong to no corpus."""


def make(folder: Path, names: Sequence[str], rate: int, suffix: str = "wav") -> Path:
    """Write a tenth of a second for each name; return the folder of all corpora."""
    for name in (*names, *OTHERS):
        path = folder / f"{name}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(1, 0.1, rate, 0), rate)
    return folder.parent


def load(folder: Path, name: str) -> tuple[dict[str, corpora.Clip], list[str]]:
    clips, warnings = corpora.load(folder, [name])
    assert all(np.abs(corpora.read(clip, 16000)).max() > 0.1 for clip in clips)
    assert {clip.corpus for clip in clips} == {name}
    assert {(clip.voice, clip.music) for clip in clips} == {(1.0, 0.0)}
    assert all((clip.named, clip.valence, clip.title) == (None, None, "") for clip in clips)
    for clip in clips:
        assert clip.moods == ((MOODS.index(clip.label),) if clip.label in MOODS else ())
    return {clip.name: clip for clip in clips}, warnings


def told(clips: dict[str, corpora.Clip]) -> dict[str, tuple[str, str]]:
    return {name: (clip.label, clip.group) for name, clip in clips.items()}


def languages(clips: dict[str, corpora.Clip]) -> set[str]:
    return {clip.language for clip in clips.values()}


def test_nemo_has_six_moods_and_a_table_of_actors(tmp_path: Path) -> None:
    folder = make(tmp_path / "nemo", [f"samples/{name}" for name in NEMO.split()], 24000)
    (tmp_path / "nemo" / "data.tsv").write_text(NEMO_TABLE)
    clips, warnings = load(folder, "nemo")
    assert told(clips) == {
        "EB0_anger_1": ("angry", "nemo EB0"),
        "EB0_fear_2": ("fearful", "nemo EB0"),
        "IC0_happiness_3": ("happy", "nemo IC0"),
        "IC0_neutral_4": ("neutral", "nemo IC0"),
        "WR0_sadness_5": ("sad", "nemo WR0"),
        "WR0_surprised_64": ("surprised", "nemo WR0"),
    }
    assert languages(clips) == {"pl"}
    sexes = {clip.group: clip.sex for clip in clips.values()}
    assert sexes == {"nemo EB0": "female", "nemo WR0": "male", "nemo IC0": None}
    assert any("nEMO holds 6 clips, the whole corpus has 4481; docs/tr" in w for w in warnings)
    assert any("nEMO holds 3 actors, the whole corpus has 9" in w for w in warnings)


@pytest.mark.parametrize("content", [None, "who\twhat\nEB0\tfemale\n"])
def test_nemo_without_its_table_knows_no_sex(tmp_path: Path, content: str | None) -> None:
    folder = make(tmp_path / "nemo", NEMO.split(), 24000)
    if content:
        (tmp_path / "nemo" / "data.tsv").write_text(content)
    clips, warnings = load(folder, "nemo")
    assert {clip.sex for clip in clips.values()} == {None}
    why = "no columns speaker_id and gender" if content else "no such file, so the sex"
    assert any("data.tsv: " in warning and why in warning for warning in warnings)


def test_ased_has_five_moods_and_the_speaker_in_its_last_number(tmp_path: Path) -> None:
    clips, warnings = load(make(tmp_path / "ased", ASED.split(), 16000), "ased")
    assert told(clips) == {
        "n1-01-01-01-01": ("neutral", "ased 01"),
        "f2-07-01-02-62": ("fearful", "ased 62"),
        "h3-01-02-02-08": ("happy", "ased 08"),
        "S4-04-02-01-08": ("sad", "ased 08"),
        "s4-04-02-02-08": ("sad", "ased 08"),
        "a5-03-01-02-50": ("angry", "ased 50"),
    }
    assert languages(clips) == {"am"}
    assert any("ASED holds 6 clips, the whole corpus has 2474" in w for w in warnings)
    assert any("ASED holds 4 speakers, the whole corpus has 65" in w for w in warnings)


def test_the_sex_of_a_speaker_of_ased_is_that_of_most_names(tmp_path: Path) -> None:
    clips, _ = load(make(tmp_path / "ased", ASED.split(), 16000), "ased")
    assert {clip.group: clip.sex for clip in clips.values()} == {
        "ased 01": "female",
        "ased 62": "male",
        "ased 08": "male",  # one of its three names says otherwise
        "ased 50": "male",
    }


def test_emovo_has_seven_moods_and_the_sex_in_the_actors_name(tmp_path: Path) -> None:
    clips, warnings = load(make(tmp_path / "emovo", EMOVO.split(), 48000), "emovo")
    assert told(clips) == {
        "dis-f1-b1": ("disgust", "emovo f1"),
        "gio-f1-b2": ("happy", "emovo f1"),
        "neu-f2-l1": ("neutral", "emovo f2"),
        "pau-f3-n5": ("fearful", "emovo f3"),
        "rab-m1-d1": ("angry", "emovo m1"),
        "sor-m2-v1": ("surprised", "emovo m2"),
        "tri-m3-l4": ("sad", "emovo m3"),
    }
    assert languages(clips) == {"it"}
    assert all((clip.sex == "male") == ("-m" in name) for name, clip in clips.items())
    assert len(warnings) == 1, "all six actors are there"
    assert "EMOVO holds 7 clips, the whole corpus has 588" in warnings[0]


def test_turev_has_four_moods_of_which_one_is_calm(tmp_path: Path) -> None:
    names = [f"Sound Source/{name}" for name in TUREV.split()]
    clips, warnings = load(make(tmp_path / "turev", names, 44100), "turev")
    assert told(clips) == {
        "1157_hl_acik": ("sad", "turev 1157"),
        "1157_kz_algi": ("angry", "turev 1157"),
        "1234_mt_beste": ("happy", "turev 1234"),
        "7895_sk_ordek": ("calm", "turev 7895"),
    }
    assert languages(clips) == {"tr"}
    assert {clip.sex for clip in clips.values()} == {None}
    assert any("TurEV-DB holds 4 clips, the whole corpus has 1735" in w for w in warnings)
    assert any("TurEV-DB holds 3 speakers, the whole corpus has 6" in w for w in warnings)


def test_baved_has_arousal_and_no_mood(tmp_path: Path) -> None:
    clips, warnings = load(make(tmp_path / "baved", BAVED.split(), 16000), "baved")
    assert {
        name: (clip.group, clip.arousal, clip.label, clip.sex) for name, clip in clips.items()
    } == {
        "3-f-21-0-0-1": ("baved 3", -0.7, "low", "female"),
        "3-f-21-1-1-2": ("baved 3", 0.0, "normal", "female"),
        "10-m-20-6-2-3": ("baved 10", 0.7, "high", "male"),
        "46-m-20-0-0-156": ("baved 46", -0.7, "low", "male"),
    }
    assert languages(clips) == {"ar"}
    assert any("BAVED holds 4 clips, the whole corpus has 1914" in w for w in warnings)
    assert any("BAVED holds 3 speakers, the whole corpus has 59" in w for w in warnings)


def test_the_levels_of_baved_rise() -> None:
    arousals = [arousal for _, arousal in baved.LEVELS]
    assert arousals == sorted(set(arousals))
    assert sum(arousals) == 0


def test_emogator_names_a_mood_where_a_category_does(tmp_path: Path) -> None:
    names = [f"data/mp3/000007-{k:02}-1" for k in range(1, 32)]
    names += ["data/mp3/000160-03-1", "data/mp3/000086-04-1", "data/mp3/000086-04-2"]
    clips, warnings = load(make(tmp_path / "emogator", names, 48000, "mp3"), "emogator")
    assert sorted(clips) == ["000007-" + f"{k:02}-1" for k in range(1, 31)] + ["000086-04-2"]
    assert {name[7:9]: clip.label for name, clip in clips.items() if clip.moods} == {
        "02": "happy",
        "03": "angry",
        "10": "disgust",
        "13": "happy",
        "15": "fearful",
        "18": "neutral",
        "24": "sad",
        "25": "calm",
        "27": "surprised",
        "28": "surprised",
    }
    unnamed = clips["000086-04-2"]
    assert (unnamed.label, unnamed.group, unnamed.moods) == ("awe", "emogator 000086", ())
    assert languages(clips) == {""}
    assert any("EmoGator holds 31 clips, the whole corpus has 32039" in w for w in warnings)
    assert any("EmoGator holds 2 people, the whole corpus has 356" in w for w in warnings)


def test_the_categories_of_emogator_are_in_order_and_known() -> None:
    assert len(emogator.CATEGORIES) == 30
    assert set(emogator.MOOD_OF) <= set(emogator.CATEGORIES)
    assert set(emogator.MOOD_OF.values()) == set(MOODS)


@pytest.mark.parametrize(
    ("corpus", "form", "groups", "size"),
    [
        ("ased", "f2-{i:02}-01-01-{k:02}", 65, 2474),
        ("turev", "{k}000_kz_word{i}", 6, 1735),
        ("baved", "{other}-m-20-1-1-{i}", 59, 1914),
    ],
)
def test_a_whole_corpus_is_loaded_without_a_warning(
    tmp_path: Path, corpus: str, form: str, groups: int, size: int
) -> None:
    (tmp_path / corpus).mkdir()
    for count in range(size):
        i, k = divmod(count, groups)
        name = form.format(i=i, k=k + 1, other=k + (k >= 53))  # 53 is left out of BAVED
        (tmp_path / corpus / f"{name}.wav").touch()  # names alone are looked at
    clips, warnings = corpora.load(tmp_path, [corpus])
    assert (len(clips), warnings) == (size, [])


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path) -> None:
    names = ["nemo", "ased", "emovo", "turev", "baved", "emogator"]
    for name in names:
        (tmp_path / name).mkdir()
        with pytest.raises(corpora.CorpusError, match=rf"{name}: no clips found; put the .* there"):
            corpora.load(tmp_path, [name])
