"""Clip of a person who acts a mood only by voice."""

from pathlib import Path

from moodstream_train.corpora.clip import Clip, Corpus, Sex, moods_of


def acted(
    path: Path, corpus: Corpus, person: str, mood: str, language: str, sex: Sex | None = None
) -> Clip:
    """Return a clip in which one person acts one of our moods, without any music.

    Args:
        path: of the file.
        corpus: to which it belongs.
        person: name of the speaker within the corpus.
        mood: intended mood.
        language: ISO 639-1 code.
        sex: sex of the speaker; None if unknown.
    """
    group = f"{corpus} {person}"
    right = moods_of(mood)
    return Clip(path, corpus, group, right, mood, sex, voice=1.0, music=0.0, language=language)
