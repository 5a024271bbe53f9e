"""BAVED: seven words in Arabic by 60 speakers at three levels of emotion."""

import re
from pathlib import Path

from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Clip, Found, Sex
from moodstream_train.corpora.completeness import shortfall

PUBLISHED = 1935
COPY = "53"
"""Speaker whose 21 clips are identical to those of speaker 46; they are left out."""
SIZE = PUBLISHED - 21
SPEAKERS = 59
"""Number of speakers without the copy. The release lists 61, of whom number 52 has no clip."""
LEVELS = (("low", -0.7), ("normal", 0.0), ("high", 0.7))
"""The published levels 0, 1 and 2, with the arousal that is learned from them.

Level 0 is "tired or feeling down": on Russell's circumplex (1980) tired has an arousal of -1.0 and
sad one of -0.46, and the mean is -0.73. Level 1 is everyday speech: the origin. Level 2 is the
strongest joy, sadness or anger, with any valence. Its arousal mirrors that of level 0, so that the
scale is symmetric.
"""

_SEXES: dict[str, Sex] = {"f": "female", "m": "male"}
_NAME = re.compile(r"(?P<speaker>\d+)-(?P<sex>[fm])-\d+-[0-6]-(?P<level>[0-2])-\d+")


def load(folder: Path) -> Found:
    """Return the files with published names, in any folders below this one.

    The level is only an arousal, so no mood is correct and the valence is unknown.
    """
    clips = []
    for name, path in audio_below(folder).items():
        match = _NAME.fullmatch(name)
        if match and match["speaker"] != COPY:
            label, arousal = LEVELS[int(match["level"])]
            clips.append(
                Clip(
                    path,
                    "baved",
                    f"baved {match['speaker']}",
                    (),
                    label,
                    _SEXES[match["sex"]],
                    voice=1.0,
                    music=0.0,
                    arousal=arousal,
                    language="ar",
                )
            )
    return clips, shortfall(folder, "BAVED", clips, SIZE, SPEAKERS, "speakers")
