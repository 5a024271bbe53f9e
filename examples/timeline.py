"""Print when the mood of a recording changes, and a bar for each part.

    python examples/timeline.py song.flac

A part without a mood shows why: the window warms up, the sound is silent, or no mood is sure.
"""

import argparse
import sys
from itertools import groupby

from moodstream import AudioFileError, Hearing, hear

WIDTH = 40
"""Characters of the longest bar."""


def parts(heard: Hearing) -> list[tuple[float, float, str]]:
    """Return beginning and end in seconds, and the mood or the status, of each part."""
    found = []
    begin_n = 0
    for word, states in groupby(heard.states, key=lambda state: state.mood or state.status):
        *_, last = states
        found.append((begin_n / heard.rate, last.position_n / heard.rate, word))
        begin_n = last.position_n
    return found


def minutes(seconds: float) -> str:
    """Return a time as minutes and seconds, such as 3:07.5."""
    whole, rest = divmod(seconds, 60)
    return f"{whole:.0f}:{rest:04.1f}"


def main() -> None:
    """Hear the file that the user names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    file = parser.parse_args().file
    try:
        heard = hear(file)
    except AudioFileError as error:
        sys.exit(f"Error: {error}")
    for complaint in heard.complaints:
        print(f"Warning: {complaint}", file=sys.stderr)
    found = parts(heard)
    longest_s = max(end_s - begin_s for begin_s, end_s, _ in found)
    for begin_s, end_s, word in found:
        bar = "#" * max(1, round(WIDTH * (end_s - begin_s) / longest_s))
        print(f"{minutes(begin_s):>8}  {word.replace('_', ' '):<10}  {bar}")
    summary = heard.summary
    if summary.mood is None or summary.confidence is None:
        print("No mood was named.")
    else:
        print(f"As a whole: {summary.mood} ({summary.quadrant}), {summary.confidence:.0%} sure")


if __name__ == "__main__":
    main()
