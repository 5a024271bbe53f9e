"""EmoGator: vocal bursts of 30 categories by 357 people (Buhl 2023).

They are laughs, sighs and groans without words, recorded at home. Ten of the categories are one of
our moods under another name: amusement and elation (happy), anger, disgust, fear, neutral, sadness,
serenity (calm), and both kinds of surprise. The other twenty, such as awe, contempt, pain or
relief, match none of our moods or two of them; they only teach what a voice sounds like.
"""

import re
from pathlib import Path

from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Clip, Found, moods_of
from moodstream_train.corpora.completeness import shortfall

PUBLISHED = 32130
UNHEARD = "000160"
"""Person whose 90 clips have a level of -72 dBFS, buried in microphone noise; they are left out."""
SILENT = "000086-04-1"
"""Clip without sound in the release, which is also left out."""
SIZE = PUBLISHED - 90 - 1
PEOPLE = 356
"""Number of people without the inaudible one."""

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
"""Categories in the order of the numbers 01 to 30 in the files' names."""
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
"""Categories that are one of our moods under another name."""

_NAME = re.compile(r"(?P<person>\d{6})-(?P<category>0[1-9]|[12]\d|30)-[1-3]")


def load(folder: Path) -> Found:
    """Return the files with published names, in any folders below this one.

    The label is the mood, or the category if it is none of our moods.
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
