"""EmoGator: vocal bursts of 30 categories by 357 people (Buhl 2023).

They are laughs, sighs and groans without words, recorded at home. Ten of the categories are one of
our moods by another name: amusement and elation (happy), anger, disgust, fear, neutral, sadness,
serenity (calm), and both kinds of surprise. The other twenty, such as awe, contempt, pain or
relief, are no mood of ours or lie between two; they only say what a voice sounds like.
"""

import re
from pathlib import Path

from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Clip, Found, moods_of
from moodstream_train.corpora.completeness import shortfall

PUBLISHED = 32130
UNHEARD = "000160"
"""A person whose 90 clips lie at -72 dBFS, in the noise of the microphone; they are left out."""
SILENT = "000086-04-1"
"""Has no sound in the release and is left out, too."""
SIZE = PUBLISHED - 90 - 1
PEOPLE = 356
"""Without the one who is not heard."""

CATEGORIES = (
    "adoration",
    "amusement",
    "anger",
    "awe",
    "confusion",
    "contempt",
    "contentment",
    "desire",
    "disappointment",
    "disgust",
    "distress",
    "ecstasy",
    "elation",
    "embarrassment",
    "fear",
    "guilt",
    "interest",
    "neutral",
    "pain",
    "pride",
    "realization",
    "relief",
    "romantic love",
    "sadness",
    "serenity",
    "shame",
    "negative surprise",
    "positive surprise",
    "sympathy",
    "triumph",
)
"""In the order of the numbers 01 to 30 in the files' names."""
MOOD_OF = {
    "amusement": "happy",
    "anger": "angry",
    "disgust": "disgust",
    "elation": "happy",
    "fear": "fearful",
    "neutral": "neutral",
    "sadness": "sad",
    "serenity": "calm",
    "negative surprise": "surprised",
    "positive surprise": "surprised",
}
"""The categories that are a mood of ours by another name."""

_NAME = re.compile(r"(?P<person>\d{6})-(?P<category>0[1-9]|[12]\d|30)-[1-3]")


def load(folder: Path) -> Found:
    """Return the files that are named as published, in any folders below this one.

    The label is the mood, or the category where it is no mood of ours.
    """
    clips = []
    for name, path in audio_below(folder).items():
        match = _NAME.fullmatch(name)
        if match and match["person"] != UNHEARD and name != SILENT:
            category = CATEGORIES[int(match["category"]) - 1]
            mood = MOOD_OF.get(category, "")
            clips.append(
                Clip(
                    path,
                    "emogator",
                    f"emogator {match['person']}",
                    moods_of(mood),
                    mood or category,
                    voice=1.0,
                    music=0.0,
                )
            )
    return clips, shortfall(folder, "EmoGator", clips, SIZE, PEOPLE, "people")
