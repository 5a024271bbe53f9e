"""Sections on accuracy."""

from typing import Any

from moodstream_train.report import figure, gallery, measurements
from moodstream_train.report.figure import Figure, dig
from moodstream_train.report.gathered import Gathered
from moodstream_train.report.names import HEADLINES, MODEL_TITLES
from moodstream_train.report.sections.section import Section, table

LEAKY = (("S1", "songs-80", "cnn"), ("S2", "songs-75", "rnn"))
MODEL_COLUMNS = (("float32", "fused"), ("int8", "fused"), ("int8", "cnn"), ("int8", "rnn"))
"""Precision and model of each column."""
HEAD = ("float32, both", "int8, both", "int8, CNN", "int8, RNN")


def leaky(gathered: Gathered) -> Section:
    """Show the random splits beside the student project."""
    lines = [line for protocol in LEAKY for line in _leaky_lines(gathered, *protocol)]
    head = ("*leaky*, RAVDESS song", "test clips", "accuracy, %", "loss")
    links = [
        f"![{name}]({gallery.FOLDER}/{name})"
        for name in gallery.links(gathered)
        if name.startswith((*gallery.OWN_CONFUSION, gallery.SEED_PROJECT))
    ]
    note = (
        "The same singers are on both sides of these splits. All of these figures are therefore "
        "too good; V1 has the figures on new singers. In the curves, the second line is the test "
        "side. No choice is made by it."
    )
    made = table(head, lines)
    return Section(
        "The splits of the student project",
        ("S1", "S2", "S3"),
        (made, note if made else "", "\n".join(links)),
    )


def _leaky_lines(
    gathered: Gathered, goal: str, recipe: str, model: str
) -> list[tuple[object, ...]]:
    lines: list[tuple[object, ...]] = []
    for precision, which in (("int8", model), ("float32", model), ("int8", "fused")):
        each = [dig(run, "leaky", precision, which) for run in gathered.of(recipe)]
        known = [one for one in each if one]
        lines.append(
            (
                f"{goal}: {MODEL_TITLES[which]}, {precision}",
                known[0]["clips"] if known else None,
                figure.over_seeds(one["accuracy"] for one in known),
                figure.over_seeds((one["loss"] for one in known), 3),
            )
        )
    if own := dig(gathered.seed_project, goal):
        lines.append(
            (
                f"{goal}: {MODEL_TITLES[model]} of the student project, made again",
                own["test_clips"],
                f"{own['accuracy']:.1f}",
                f"{own['loss']:.3f}",
            )
        )
        reported = own["reported"]
        lines.append(
            (
                f"{goal}: {MODEL_TITLES[model]} of the student project, as reported",
                None,
                reported["accuracy"],
                reported["loss"],
            )
        )
    return lines


def voices(gathered: Gathered) -> Section:
    """Show held-out voices by model."""
    among = [dig(run, "folds", "shared_moods", "cremad", "uar") for run in gathered.of("shipped")]
    six = figure.over_seeds(among)
    note = f"With only its own six moods to name, CREMA-D: {six} (all folds together, int8, both)."
    return Section(
        "New voices",
        ("V1", "V2", "V3"),
        (_models(gathered, ("song", "speech", "cremad")), note if six else "", _links(gathered)),
    )


def music(gathered: Gathered) -> Section:
    """Show held-out artists, and models of voices alone on music."""
    shipped = [
        (f"trained with music (M1), {name}", *_line(gathered, "music", key))
        for name, key in (("accuracy", "accuracy"), ("macro-F1", "macro_f1"))
    ]
    alone = [
        (
            f"trained on voice alone (M2), {name}",
            None,
            *(
                figure.over_folds(gathered.of("voice"), "on_music", model, "music", key)
                for _, model in MODEL_COLUMNS[1:]
            ),
        )
        for name, key in (("accuracy", "accuracy"), ("macro-F1", "macro_f1"))
    ]
    before = dig(gathered.seed_project, "M2") or {}
    again = (
        "trained on voice alone, the student project, accuracy",
        None,
        None,
        *(f"{before[model]['accuracy']:.1f}" if before else None for model in ("cnn", "rnn")),
    )
    piano = (
        "EMOPIA, piano rendered, songs held out, accuracy",
        *_line(gathered, "emopia", "accuracy"),
    )
    head = ("4Q music, quadrant, %", *HEAD)
    return Section("New artists", ("M1", "M2"), (table(head, [*shipped, *alone, again, piano]),))


def songs(gathered: Gathered) -> Section:
    """Show songs that people may know."""
    tables = [run["songs"]["table"].strip() for run in gathered.of("shipped")[:1] if "songs" in run]
    note = (
        "Drawn by a seed from the test side of the first run's first fold, as many of each "
        "quadrant. Wrong quadrants are struck out."
    )
    return Section("Songs", ("M3",), (*tables, note if tables else ""))


def joint(gathered: Gathered) -> Section:
    """Compare one model for voice and music with one for each."""
    lines = []
    for name, (corpus, recipe) in measurements.TRAINED_APART.items():
        one, other = (measurements.headline(gathered, own, corpus) for own in ("shipped", recipe))
        if one and other:
            lines.append(
                (
                    f"{name}: {HEADLINES[corpus][0]}",
                    _mean(gathered, "shipped", corpus),
                    f"{_mean(gathered, recipe, corpus)} (`{recipe}`)",
                    figure.difference(one, other),
                )
            )
    head = ("int8, both models", "shipped, for voice and music", "trained apart", "points")
    return Section("One bundle for voice and music", ("J",), (table(head, lines),))


def sexes(gathered: Gathered) -> Section:
    """Show women and men separately."""
    lines = []
    for corpus, (name, key) in HEADLINES.items():
        each = [
            figure.over_seeds(
                dig(run, "folds", "sex", corpus, sex, key) for run in gathered.of("shipped")
            )
            for sex in ("female", "male")
        ]
        spans = [_span(gathered, corpus, sex, key) for sex in ("female", "male")]
        cells = [f"{one} {span}" if one else None for one, span in zip(each, spans, strict=True)]
        lines.append((name, *cells, figure.less(*each)))
    head = ("int8, both", "women", "men", "women less men")
    note = "In brackets, 95 % of the bootstrap draws of whole actors (first seed)."
    made = table(head, lines)
    return Section("Women and men", ("V1", "V2", "V3"), (made, note if made else ""))


def _span(gathered: Gathered, corpus: str, sex: str, key: str) -> str:
    runs = gathered.of("shipped")[:1]
    found = [dig(run, "folds", "sex", corpus, sex, f"{key}_interval") for run in runs]
    return "".join(f"[{one[0]:.1f}, {one[1]:.1f}]" for one in found if one)


def _models(gathered: Gathered, corpora: tuple[str, ...]) -> str:
    lines = [(HEADLINES[one][0], *_line(gathered, one, HEADLINES[one][1])) for one in corpora]
    return table(("%", *HEAD), lines)


def _line(gathered: Gathered, corpus: str, key: str) -> list[Figure | None]:
    runs: list[Any] = gathered.of("shipped")
    return [figure.over_folds(runs, "folds", *column, corpus, key) for column in MODEL_COLUMNS]


def _mean(gathered: Gathered, recipe: str, corpus: str) -> Figure | None:
    place = ("folds", "int8", "fused", corpus, HEADLINES[corpus][1])
    return figure.over_folds(gathered.of(recipe), *place)


def _links(gathered: Gathered) -> str:
    names = [name for name in gallery.links(gathered) if name.startswith("shipped")]
    return "\n".join(f"![{name}]({gallery.FOLDER}/{name})" for name in names)
