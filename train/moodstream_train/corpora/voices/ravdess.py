"""RAVDESS: speech and song of 24 actors (Livingstone & Russo 2018)."""

import re
from collections import Counter
from pathlib import Path

from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Clip, Corpus, Found

SIZES: dict[Corpus, int] = {"speech": 1440, "song": 1012}
"""Published numbers of clips; there are no songs by actor 18."""

_NAME = re.compile(r"03-(?P<channel>0[12])-(?P<mood>0[1-8])-\d\d-\d\d-\d\d-(?P<actor>\d\d)")
_CHANNELS: dict[str, Corpus] = {"01": "speech", "02": "song"}


def load(folder: Path) -> Found:
    """Return the files with published names; songs have no instruments."""
    clips = []
    for name, path in audio_below(folder).items():
        if match := _NAME.fullmatch(name):
            mood = int(match["mood"]) - 1
            actor = match["actor"]
            clips.append(
                Clip(
                    path,
                    _CHANNELS[match["channel"]],
                    f"actor {actor}",
                    (mood,),
                    MOODS[mood],
                    "male" if int(actor) % 2 else "female",
                    voice=1.0,
                    music=0.0,
                    language="en",
                )
            )
    counts = Counter(clip.corpus for clip in clips)
    return clips, [
        f"{folder}: RAVDESS {corpus} holds {counts[corpus]} clips, the whole corpus has {size}"
        for corpus, size in SIZES.items()
        if counts[corpus] != size
    ]
