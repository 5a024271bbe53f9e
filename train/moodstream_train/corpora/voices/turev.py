"""TurEV-DB: 82 words in Turkish by six speakers in four moods (Canpolat et al. 2020)."""

import re
from pathlib import Path

from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Found
from moodstream_train.corpora.completeness import shortfall
from moodstream_train.corpora.voices.acted import acted

SIZE = 1735
SPEAKERS = 6

_MOODS = {"hl": "sad", "kz": "angry", "mt": "happy", "sk": "calm"}
_NAME = re.compile(rf"(?P<speaker>\d{{4}})_(?P<mood>{'|'.join(_MOODS)})_\w+")


def load(folder: Path) -> Found:
    """Return the files with published names, in any folders below this one.

    The release does not say whether a speaker is a woman or a man.
    """
    clips = []
    for name, path in audio_below(folder).items():
        if match := _NAME.fullmatch(name):
            mood = _MOODS[match["mood"]]
            clips.append(acted(path, "turev", match["speaker"], mood, "tr"))
    return clips, shortfall(folder, "TurEV-DB", clips, SIZE, SPEAKERS, "speakers")
