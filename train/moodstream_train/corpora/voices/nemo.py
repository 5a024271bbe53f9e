"""nEMO: sentences in Polish by nine actors in six moods (Christop 2024)."""

import re
from pathlib import Path

from moodstream_train.corpora import table
from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Found, Sex
from moodstream_train.corpora.completeness import shortfall
from moodstream_train.corpora.voices.acted import acted

SIZE = 4481
ACTORS = 9
TABLE = "data.tsv"
"""Published table, of which the columns speaker_id and gender are used."""

_MOODS = {
    "anger": "angry",
    "fear": "fearful",
    "happiness": "happy",
    "neutral": "neutral",
    "sadness": "sad",
    "surprised": "surprised",
}
_NAME = re.compile(rf"(?P<actor>[A-Z]{{2}}\d)_(?P<mood>{'|'.join(_MOODS)})_\d+")
_SEXES: dict[str, Sex] = {"female": "female", "male": "male"}


def load(folder: Path) -> Found:
    """Return the files with published names, in any folders below this one."""
    sexes, warnings = _sexes(folder / TABLE)
    clips = []
    for name, path in audio_below(folder).items():
        if match := _NAME.fullmatch(name):
            actor, mood = match["actor"], _MOODS[match["mood"]]
            clips.append(acted(path, "nemo", actor, mood, "pl", sexes.get(actor)))
    return clips, warnings + shortfall(folder, "nEMO", clips, SIZE, ACTORS, "actors")


def _sexes(path: Path) -> tuple[dict[str, Sex], list[str]]:
    if not path.is_file():
        return {}, [f"{path}: no such file, so the sex of the actors is unknown; it is published"]
    found = {
        row["speaker_id"]: _SEXES[row["gender"]]
        for _, row in table.rows(path, "\t")
        if row.get("gender") in _SEXES and row.get("speaker_id")
    }
    return found, [] if found else [f"{path}: no columns speaker_id and gender in it"]
