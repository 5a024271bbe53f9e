"""UrbanSound8K: sounds of street and house in ten classes (Salamon et al. 2014)."""

import re
from pathlib import Path

from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Clip, Found

SIZE = 8732
CLASSES = (
    "air_conditioner",
    "car_horn",
    "children_playing",
    "dog_bark",
    "drilling",
    "engine_idling",
    "gun_shot",
    "jackhammer",
    "siren",
    "street_music",
)
"""Classes in the order of the numbers 0 to 9 in the files' names."""
VOICE = "children_playing"
MUSIC = "street_music"

_NAME = re.compile(r"(?P<recording>\d+)-(?P<kind>\d)-\d+-\d+")


def load(folder: Path) -> Found:
    """Return the files with published names, in any folders below this one.

    No sound has a mood; the label is its class. The group is the original recording.
    """
    clips = []
    for name, path in audio_below(folder).items():
        if match := _NAME.fullmatch(name):
            kind = CLASSES[int(match["kind"])]
            clips.append(
                Clip(
                    path,
                    "sounds",
                    f"sounds {match['recording']}",
                    (),
                    kind,
                    # Street music may or may not contain singing.
                    voice=None if kind == MUSIC else float(kind == VOICE),
                    music=float(kind == MUSIC),
                )
            )
    warnings = []
    if len(clips) != SIZE:
        warnings.append(
            f"{folder}: UrbanSound8K holds {len(clips)} clips, the whole corpus has {SIZE}; "
            "docs/training.md says where the rest can be found"
        )
    if absent := sorted(set(CLASSES) - {clip.label for clip in clips}):
        warnings.append(f"{folder}: UrbanSound8K holds no {', '.join(absent)}")
    return clips, warnings
