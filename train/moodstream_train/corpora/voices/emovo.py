"""EMOVO: fourteen sentences in Italian by six actors in seven moods (Costantini et al. 2014)."""

import re
from pathlib import Path

from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Found, Sex
from moodstream_train.corpora.completeness import shortfall
from moodstream_train.corpora.voices.acted import acted

SIZE = 588
ACTORS = 6

_MOODS = {
    "dis": "disgust",
    "gio": "happy",
    "neu": "neutral",
    "pau": "fearful",
    "rab": "angry",
    "sor": "surprised",
    "tri": "sad",
}
"""Moods by their codes: disgusto, gioia, neutrale, paura, rabbia, sorpresa and tristezza."""
_SEXES: dict[str, Sex] = {"f": "female", "m": "male"}
_NAME = re.compile(rf"(?P<mood>{'|'.join(_MOODS)})-(?P<actor>(?P<sex>[fm])[1-3])-[a-z]\d")


def load(folder: Path) -> Found:
    """Return the files with published names, in any folders below this one."""
    clips = []
    for name, path in audio_below(folder).items():
        if match := _NAME.fullmatch(name):
            mood = _MOODS[match["mood"]]
            clips.append(acted(path, "emovo", match["actor"], mood, "it", _SEXES[match["sex"]]))
    return clips, shortfall(folder, "EMOVO", clips, SIZE, ACTORS, "actors")
