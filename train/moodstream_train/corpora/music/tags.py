"""Mood tags of songs that name one of our moods."""

from collections.abc import Iterable

from moodstream.mood.circumplex import MOODS, QUADRANT_OF

MOOD_OF = {
    "joyous": "happy",
    "happy": "happy",
    "cheerful": "happy",
    "exuberant": "happy",
    "gleeful": "happy",
    "euphoric": "happy",
    "jovial": "happy",
    "angry": "angry",
    "hostile": "angry",
    "outraged": "angry",
    "belligerent": "angry",
    "nervous": "fearful",
    "anxious": "fearful",
    "paranoid": "fearful",
    "eerie": "fearful",
    "spooky": "fearful",
    "gloomy": "sad",
    "sad": "sad",
    "somber": "sad",
    "melancholy": "sad",
    "calm": "calm",
    "peaceful": "calm",
    "soothing": "calm",
    "gentle": "calm",
    "relaxed": "calm",
    "mellow": "calm",
}
"""Tags that clearly name a mood. No tag names neutral, disgust or surprised.

Number of the 720 clips that have the tag and are in the quadrant of its mood:

- happy: joyous 61, happy 47, cheerful 42, exuberant 11, gleeful 8, euphoric 4, jovial 1
- angry: angry 57, hostile 57, outraged 20, belligerent 3
- fearful: nervous 37, anxious 35, paranoid 14, eerie 11, spooky 7
- sad: gloomy 69, sad 67, somber 28, melancholy 11
- calm: calm 65, peaceful 65, soothing 59, gentle 41, relaxed 35, mellow 21

That names one mood for 444 clips: happy 103, angry 64, fearful 65, sad 101, calm 111. Another 24
are both angry and fearful, so none is named for them.
"""


def named(tags: Iterable[str], quadrant: str) -> int | None:
    """Return the id of the one mood of a quadrant that tags name.

    Args:
        tags: tags of a song, in any case; ``Tense/Anxious`` counts as two.
        quadrant: of the song. A mood of another quadrant is not considered.

    Returns:
        None if the tags name no mood of the quadrant, or two of them.
    """
    words = {word.strip().casefold() for tag in tags for word in tag.split("/")}
    moods = {MOOD_OF[word] for word in words & MOOD_OF.keys()}
    own = [mood for mood in moods if QUADRANT_OF[mood] == quadrant]
    return MOODS.index(own[0]) if len(own) == 1 else None
