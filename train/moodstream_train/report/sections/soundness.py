"""Sections on use: precision, calibration, worse sound, streams, other rooms."""

from moodstream_train.evaluation.rows import TRIED_ON
from moodstream_train.measure.streams import KINDS
from moodstream_train.report import figure, measurements
from moodstream_train.report.figure import dig
from moodstream_train.report.gathered import Gathered
from moodstream_train.report.measurements import NO_MOOD
from moodstream_train.report.names import CORPUS_TITLES, HEADLINES, MODEL_TITLES
from moodstream_train.report.sections.section import Section, marked, table
from moodstream_train.report.sizes import sizes

STREAM_FIGURES = {
    "median_delay_s": ("median delay, s", 1),
    "share_right": ("share right, %", 1),
    "share_said": ("share with any mood said, %", 1),
    "false_changes": ("false changes a minute", 2),
    "lapses": ("lapses a minute", 2),
    "never": ("changes never said, %", 1),
    "window_s": ("window, s", 1),
}
"""Heading and digits of each figure of the streams."""
MEANT_IN_NOISE = ("share_said", "false_changes", "lapses")


def quantised(gathered: Gathered) -> Section:
    """Compare int8 with float32 models."""
    runs = gathered.of("shipped")
    agreement = [
        (name, figure.over_seeds(dig(run, "folds", "agreement", model) for run in runs))
        for model, name in MODEL_TITLES.items()
    ]
    lost = [
        (
            CORPUS_TITLES[corpus],
            *(
                figure.over_folds(runs, "folds", precision, "fused", corpus, "accuracy")
                for precision in ("float32", "int8")
            ),
            measurements.accuracy_lost(gathered, corpus),
        )
        for corpus in HEADLINES
    ]
    each = {precision: sizes(gathered, precision) for precision in ("float32", "int8")}
    kilobytes = [
        (precision, *(f"{one[model] / 1000:.0f}" for model in ("cnn", "rnn")), f"{total:.0f}")
        for precision, one in each.items()
        if one and (total := sum(one.values()) / 1000)
    ]
    note = (
        "`int8` has weights of 8 bits. It computes in int8 or in dynamic range, whichever is "
        "closer to Keras."
    )
    return Section(
        "int8 against float32",
        ("Q",),
        (
            table(("model", "clips with the same mood, %"), agreement),
            table(("accuracy, both models, %", "float32", "int8", "lost"), lost),
            table(("kB", "CNN", "RNN", "together"), kilobytes),
            note if kilobytes else "",
        ),
    )


def calibrated(gathered: Gathered) -> Section:
    """Show the calibration."""
    lines = []
    for corpus, name in CORPUS_TITLES.items():
        own = measurements.calibration(gathered, corpus)
        lines.append((name, own["ECE"], own["accuracy"], own["sure"], own["gain"]))
    head = ("int8, both", "ECE", "accuracy, %", "of the 70 % most confident, %", "points won")
    return Section("Calibration", ("C",), (table(head, lines),))


def robust(gathered: Gathered) -> Section:
    """Show the points lost under worse sound."""
    corpora = ("song", "speech", "music")
    lines = [
        (
            name,
            *(
                marked(measurements.drop(gathered, name, corpus), measurements.allowed_drop(name))
                for corpus in corpora
            ),
        )
        for name in measurements.conditions(gathered)
    ]
    head = ("points lost, int8, both", "V1: song, UAR", "V2: speech, UAR", "M1: music, accuracy")
    made = table(head, lines)
    note = "**Bold** is more than row R allows; speech has no goal there."
    return Section("Worse sound", ("R",), (made, note if made else ""))


def streams(gathered: Gathered) -> Section:
    """Show the scores on streams."""
    lines = [
        (
            f"{kind}, {how}",
            *(
                measurements.stream(gathered, kind, how, key, digits)
                for key, (_, digits) in STREAM_FIGURES.items()
            ),
        )
        for kind in KINDS
        for how in ("smoothing", "moving average")
    ]
    lines.append(
        (
            NO_MOOD,
            *(
                measurements.no_mood(gathered, key, digits) if key in MEANT_IN_NOISE else None
                for key, (_, digits) in STREAM_FIGURES.items()
            ),
        )
    )
    head = ("int8, both", *(name for name, _ in STREAM_FIGURES.values()))
    return Section("Streams", ("T",), (table(head, lines),))


def rooms(gathered: Gathered) -> Section:
    """Show the model of one corpus in the room of another."""
    lines, evenings = [], []
    for recipe in TRIED_ON:
        for run in gathered.of(recipe)[:1]:
            if found := run.get("rooms"):
                way = f"{CORPUS_TITLES[recipe]} to {CORPUS_TITLES[found['on']]}"
                cold, warm = (measurements.room(gathered, recipe, key) for key in ("cold", "warm"))
                orders = ", ".join(f"{one:.1f}" for one in found["rooms"]["warm_orders"])
                lines.append((way, found["rooms"]["clips"], cold, warm, orders))
                evenings += [
                    (f"{way}: {mood}", f"{points:+.1f}")
                    for mood, points in found["evening"]["drops"].items()
                ]
    return Section(
        "Other rooms",
        ("X",),
        (
            table(("UAR or accuracy, %", "clips", "cold", "warm", "warm, each order"), lines),
            table(("an evening of one mood (first seed)", "points lost"), evenings),
        ),
    )
