"""CREMA-D: twelve sentences in six moods by 91 actors (Cao et al. 2014)."""

import re
from pathlib import Path

from moodstream_train.corpora import table
from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Found, Sex
from moodstream_train.corpora.voices.acted import acted

PUBLISHED = 7442
SILENT = "1076_MTI_SAD_XX"
"""Clip without an audio signal in the release; others who train on the corpus also leave it out."""
SIZE = PUBLISHED - 1
ACTORS = 91
TABLES = ("actors.csv", "VideoDemographics.csv")
"""Names of the table of actors; the second is that of the release."""

_MOODS = {
    "ANG": "angry",
    "DIS": "disgust",
    "FEA": "fearful",
    "HAP": "happy",
    "NEU": "neutral",
    "SAD": "sad",
}
_NAME = re.compile(rf"(?P<actor>\d{{4}})_[A-Z]{{3}}_(?P<mood>{'|'.join(_MOODS)})_(LO|MD|HI|XX)")
_SEXES: dict[str, Sex] = {"female": "female", "male": "male"}


def load(folder: Path) -> Found:
    """Return the files with published names, labelled with the intended mood."""
    sexes, warnings = _sexes(folder)
    clips = []
    for name, path in audio_below(folder).items():
        match = _NAME.fullmatch(name)
        if match and name != SILENT:
            actor, mood = match["actor"], _MOODS[match["mood"]]
            clips.append(acted(path, "cremad", actor, mood, "en", sexes.get(actor)))
    if len(clips) != SIZE:
        warnings.append(
            f"{folder}: CREMA-D holds {len(clips)} clips, the whole corpus has {SIZE} "
            f"(of {PUBLISHED} published, {SILENT} is silent)"
        )
    if (actors := len({clip.group for clip in clips})) != ACTORS:
        warnings.append(f"{folder}: CREMA-D holds {actors} actors, the whole corpus has {ACTORS}")
    if sexes and (unknown := sorted({clip.group[-4:] for clip in clips} - sexes.keys())):
        warnings.append(f"{folder}: the table of actors lacks {', '.join(unknown)}")
    return clips, warnings


def _sexes(folder: Path) -> tuple[dict[str, Sex], list[str]]:
    for path in (folder / name for name in TABLES):
        if path.is_file():
            found = {
                row.get("actorid", ""): _SEXES[row["sex"].lower()]
                for _, row in table.rows(path)
                if row.get("sex", "").lower() in _SEXES
            }
            return found, [] if found else [f"{path}: no columns ActorID and Sex in it"]
    names = " or ".join(TABLES)
    return {}, [f"{folder}: no {names}, so the calibration people are not balanced by sex"]
