"""Turn a recording into the colours of a lamp, as it would play.

    python examples/mood_light.py song.flac --fast

The angle on the plane of valence and arousal is the hue. The distance from its centre is the
saturation. The lamp is dark where there is no mood. A real lamp takes the same numbers over its own
interface.
"""

import argparse
import colorsys
import math
import time
from pathlib import Path

from moodstream import AudioFileError, MoodState, hear

HUES = {0: 50, 90: 0, 180: 270, 270: 190}
"""Hue in degrees at an angle on the plane: happy is yellow, tense red, sad violet, calm blue."""
GLIDE = 0.2
"""Part of the way to the new colour that the lamp goes in each hop."""

Colour = tuple[float, float, float]
"""Red, green and blue, 0 .. 1."""


def hue(angle: float) -> float:
    """Return the hue at an angle, both in degrees, between the fixed ones."""
    below = int(angle // 90) * 90
    first, second = HUES[below], HUES[(below + 90) % 360]
    turn = (second - first + 180) % 360 - 180  # the short way round
    return (first + turn * (angle - below) / 90) % 360


def colour(state: MoodState) -> Colour:
    """Return the colour of a state; black without a mood."""
    if state.mood is None or state.moods is None:
        return 0.0, 0.0, 0.0
    valence, arousal = state.moods.valence, state.moods.arousal
    angle = math.degrees(math.atan2(arousal, valence)) % 360
    return colorsys.hsv_to_rgb(hue(angle) / 360, min(1.0, math.hypot(valence, arousal)), 1.0)


def main() -> None:
    """Show the colours of the file that the user names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--fast", action="store_true", help="do not wait for the music")
    asked = parser.parse_args()
    try:
        heard = hear(asked.file)
    except AudioFileError as error:
        parser.error(str(error))
    lamp: Colour = (0.0, 0.0, 0.0)
    before_s = 0.0
    for state in heard.states:
        red, green, blue = (
            now + GLIDE * (new - now) for now, new in zip(lamp, colour(state), strict=True)
        )
        lamp = red, green, blue
        now_s = state.position_n / heard.rate
        if not asked.fast:
            time.sleep(now_s - before_s)
        before_s = now_s
        word = state.mood or state.status
        print(f"{now_s:7.1f} s  #{''.join(f'{round(255 * part):02x}' for part in lamp)}  {word}")


if __name__ == "__main__":
    main()
