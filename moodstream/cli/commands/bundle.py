"""`moodstream bundle`: the contents of a bundle, and whether this machine computes it correctly."""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from moodstream.cli.failure import Failure, failures

if TYPE_CHECKING:
    from moodstream.bundle.bundle import Bundle

DIRECTORY = click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
WIDTH = 80
"""Width of a terminal in columns."""


@click.group()
def bundle() -> None:
    """Show, compare and verify model bundles."""


@bundle.command()
@DIRECTORY
def show(directory: Path) -> None:
    """Print the models, the training data and the measured figures of a bundle."""
    from moodstream.bundle import disk

    with failures():
        loaded = disk.read(directory)
    click.echo("\n".join(_described(loaded)))


@bundle.command()
@DIRECTORY
def verify(directory: Path) -> None:
    """Check the files of a bundle, and run its self-test on this machine."""
    from moodstream import self_test
    from moodstream.bundle import disk

    with failures():
        loaded = disk.read(directory)
        found = self_test.deviation(loaded)
    tolerance = loaded.card.self_test.tolerance
    click.echo(f"bundle     {loaded.sha256[:12]}  {loaded.card.name}")
    click.echo("files      checksums match the card")
    click.echo(f"self-test  largest deviation {found:.4f}, {tolerance:g} is allowed")
    if not found <= tolerance:
        raise Failure(
            f"{directory}: this machine computes different numbers from the one that made the "
            f"bundle; install the bundle again, or another version of ai-edge-litert"
        )


@bundle.command()
@DIRECTORY
@click.argument("other", metavar="OTHER", type=click.Path(path_type=Path))
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(path_type=Path))
def compare(directory: Path, other: Path, files: tuple[Path, ...]) -> None:
    """Print the differences between two bundles, and the moods that they name for FILEs.

    Without FILEs, the bundled recording is used.
    """
    from moodstream import self_test
    from moodstream.audio.demo import RECORDING
    from moodstream.audio.file import AudioFileError
    from moodstream.replay.recording import summarise

    with failures():
        pair = [self_test.load(directory), self_test.load(other)]
    click.echo("\n".join(_differences(*pair)))
    same = 0
    for path in files or (Path(RECORDING),):
        try:
            said = [summarise(path, one) for one in pair]
        except AudioFileError as error:
            raise Failure(str(error)) from error
        same += said[0]["mood"] == said[1]["mood"]
        cells = "  ".join(f"{_mood(one):<18}" for one in said)
        click.echo(f"{_cut(path.name, WIDTH - 42):<{WIDTH - 42}}  {cells}".rstrip())
    count = len(files) or 1
    click.echo(f"the same mood for {same} of {count} files")


def _described(loaded: "Bundle") -> list[str]:
    """Describe a bundle, with one line for each fact."""
    card = loaded.card
    training, results = card.training, card.results
    rows = [
        ("name", card.name),
        ("created", card.created),
        ("sha256", loaded.sha256[:12]),
        ("CNN", _model(card.cnn.quantisation, loaded.cnn_model, card.cnn.weight)),
        ("RNN", _model(card.rnn.quantisation, loaded.rnn_model, card.rnn.weight)),
    ]
    if clips := training.get("clips"):
        rows.append(("trained on", f"{sum(clips.values())} clips, {training['groups']} groups"))
    rows += [("", _cut(str(text), WIDTH - 14)) for text in training.get("corpora", {}).values()]
    if start := training.get("start"):
        rows.append(("began from", f"{start['name']}, {start['sha256'][:12]}"))
    if licence := training.get("licence"):
        rows.append(("licence", licence))
    rows += [("held out", text) for text in _figures(results) or ["nothing was measured"]]
    return [line for row in rows for line in _wrapped(*row)]


def _wrapped(name: str, value: str) -> list[str]:
    """Break a row into lines of the terminal's width, with the name at the start of the first."""
    first, *others = wrap(value, WIDTH - 14) or [""]
    return [f"{name:<12}  {first}", *(f"{'':<12}  {line}" for line in others)]


def _figures(results: dict[str, Any]) -> list[str]:
    """List the accuracy on held-out clips, for each corpus, or before and after fine-tuning."""
    if own := results.get("own"):
        return [
            f"{kind}: {one['clips']} own clips, accuracy {one['before']['accuracy']:.1f} % before, "
            f"{one['after']['accuracy']:.1f} % after"
            for kind, one in own.items()
        ]
    by_corpus = results.get("models", {}).get("int8", {}).get("fused", {})
    return [
        f"{corpus}: {own['clips']} clips, accuracy {own['accuracy']['mean']:.1f} %, "
        f"recall {own['uar']['mean']:.1f} %"
        for corpus, own in by_corpus.items()
    ]


def _differences(one: "Bundle", other: "Bundle") -> list[str]:
    """Name both bundles, and the facts in which they differ."""
    rows = [("first", one.card.name), ("second", other.card.name)]
    pairs = {
        "sha256": [each.sha256[:12] for each in (one, other)],
        "CNN": [
            _model(each.card.cnn.quantisation, each.cnn_model, each.card.cnn.weight)
            for each in (one, other)
        ],
        "RNN": [
            _model(each.card.rnn.quantisation, each.rnn_model, each.card.rnn.weight)
            for each in (one, other)
        ],
    }
    for name in ("features", "chroma", "texture", "normalisation", "silence", "smoothing"):
        if getattr(one.card, name) != getattr(other.card, name):
            pairs[name] = ["differs", "differs"]
    for name, (a, b) in pairs.items():
        if a != b:
            rows += [(name, a), ("", b)]
        elif a == "differs":
            rows.append((name, a))
    return [f"{name:<14}  {value}" for name, value in rows]


def _model(quantisation: str, content: bytes, weight: float) -> str:
    return f"{len(content) / 1000:.0f} kB, {quantisation}, weight {weight:g}"


def _mood(said: dict[str, Any]) -> str:
    return f"{said['mood']} {100 * said['confidence']:.0f} %" if said["mood"] else "no mood"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
