"""Sections on what is heard, and on corpora that are not known."""

from moodstream_train.report import figure, world
from moodstream_train.report.gathered import Gathered
from moodstream_train.report.names import CORPUS_TITLES
from moodstream_train.report.sections.section import Section, table


def sounds(gathered: Gathered) -> Section:
    """Show what is named in each kind of sound, and what is heard."""
    named = [
        (kind.replace("_", " "), world.named(gathered, kind)) for kind in world.kinds(gathered)
    ]
    runs = gathered.of("shipped")
    keys = {"right": "both right, %", "voice": "voice, %", "music": "music, %"}
    told = [
        (
            name,
            *(figure.over_folds(runs, "heard", name, key) for key in keys),
            figure.over_folds(runs, "heard", name, "delay_s"),
        )
        for name in ("clean", "mixed")
    ]
    return Section(
        "What is heard",
        ("N", "H"),
        (
            table(("kind of sound", "time with a named mood, %"), named),
            table(("voice, music and other sounds", *keys.values(), "delay, s"), told),
        ),
    )


def abroad(gathered: Gathered) -> Section:
    """Show corpora that were left out of a training, and corpora whose speakers were."""
    lines = [
        (
            CORPUS_TITLES[one],
            *(world.left_out(gathered, one, key) for key in ("cold", "warm", "valence", "arousal")),
        )
        for one in (*world.VOICES, *world.MUSIC)
    ]
    rated = [
        (
            CORPUS_TITLES[one],
            *(
                figure.over_folds(gathered.of("shipped"), "ratings", one, key, digits=2)
                for key in ("valence", "arousal")
            ),
        )
        for one in CORPUS_TITLES
    ]
    head = ("never trained on, %", "cold", "warm", "half of valence", "half of arousal")
    return Section(
        "Corpora that are not known",
        ("L1", "L2", "VA"),
        (
            table(head, lines),
            table(("correlation with ratings, held out", "valence", "arousal"), rated),
        ),
    )
