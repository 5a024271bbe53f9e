"""ASED: sentences in Amharic by 65 speakers in five moods (Retta et al. 2022)."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Found, Sex
from moodstream_train.corpora.completeness import shortfall
from moodstream_train.corpora.voices.acted import acted

SIZE = 2474
SPEAKERS = 65

_MOODS = {"a": "angry", "f": "fearful", "h": "happy", "n": "neutral", "s": "sad"}
_SEXES: dict[str, Sex] = {"01": "female", "02": "male"}
_NAME = re.compile(
    r"(?P<mood>[afhns])[1-5]-\d\d-\d\d-(?P<sex>0[12])-(?P<speaker>\d\d)",
    re.IGNORECASE,  # one file of the release begins with a capital letter
)


def load(folder: Path) -> Found:
    """Return the files with published names, in any folders below this one.

    The first letter of a name is the mood; the published folders agree.
    """
    files = {name: path for name, path in audio_below(folder).items() if _NAME.fullmatch(name)}
    sexes = _sexes(files)
    clips = []
    for name, path in files.items():
        if match := _NAME.fullmatch(name):
            mood, speaker = _MOODS[match["mood"].lower()], match["speaker"]
            clips.append(acted(path, "ased", speaker, mood, "am", sexes[speaker]))
    return clips, shortfall(folder, "ASED", clips, SIZE, SPEAKERS, "speakers")


def _sexes(names: Iterable[str]) -> dict[str, Sex]:
    """Return each speaker's sex by most of the names; five names of the release disagree."""
    counts: dict[str, Counter[Sex]] = {}
    for name in names:
        if match := _NAME.fullmatch(name):
            counts.setdefault(match["speaker"], Counter())[_SEXES[match["sex"]]] += 1
    return {speaker: count.most_common(1)[0][0] for speaker, count in counts.items()}
