"""What is known of own clips before they are trained on."""

from pathlib import Path

import pytest

from moodstream_train.corpora.clip import Clip
from moodstream_train.corpora.survey import Hearing
from moodstream_train.training import sources


@pytest.mark.parametrize(
    ("voice", "music", "known"),
    [
        (0.95, 0.05, (1.0, 0.0)),
        (0.9, 0.9, (1.0, 1.0)),
        (0.6, 0.95, (None, 1.0)),
        (0.1, 0.4, (0.0, 1.0)),  # neither is heard, but somebody found a mood in it
        (0.3, 0.1, (1.0, 0.0)),
        (0.0, 0.0, (None, None)),  # too even to be judged
    ],
)
def test_an_own_clip_holds_what_the_bundle_is_sure_of_and_never_nothing(
    voice: float, music: float, known: tuple[float | None, float | None]
) -> None:
    clip = Clip(Path("a.wav"), "own", "own a", (2,), "happy")
    made = sources.heard_in(clip, Hearing(4.0, False, "happy", voice, music))
    assert (made.voice, made.music) == known
