"""Bundle on disk: a card, and the two TFLite files whose checksums it contains."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

from moodstream.bundle.bundle import Bundle, BundleError
from moodstream.bundle.card import CARD_SCHEMA, ArtifactSpec, Card
from moodstream.schema import decode, shown

CARD = "card.json"
"""File name of the card."""
MAX_CARD_BYTES = 1 << 20
MAX_MODEL_BYTES = 16 << 20
MAX_MISTAKES = 20
"""Largest number of a card's errors to report."""


def shipped() -> Path:
    """Return the directory of the bundle of this installation, or of this source tree."""
    installed = Path(str(files("moodstream"))) / "models"
    return installed if installed.is_dir() else installed.parents[1] / "models"


def read(directory: Path) -> Bundle:
    """Read a bundle and check its files against the card.

    Raises:
        BundleError: the bundle cannot be used; the message says why and what to do.
    """
    raw = _read(directory / CARD, MAX_CARD_BYTES)
    try:
        tree = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{directory / CARD}: not JSON: {error}") from error
    schema = tree.get("schema", CARD_SCHEMA) if isinstance(tree, dict) else CARD_SCHEMA
    if schema != CARD_SCHEMA:
        raise BundleError(
            f"{directory / CARD}: its schema is {shown(schema)}, this version of moodstream reads "
            f"{CARD_SCHEMA}: use the bundle that came with it, or export yours again"
        )
    errors: list[str] = []
    card = decode(Card, tree, "", errors)
    if card is None:
        raise BundleError(f"{directory / CARD}: " + "; ".join(errors[:MAX_MISTAKES]))
    return Bundle(
        card=card,
        sha256=hashlib.sha256(raw).hexdigest(),
        cnn_model=_checked(directory, card.cnn),
        rnn_model=_checked(directory, card.rnn),
    )


def _checked(directory: Path, artifact: ArtifactSpec) -> bytes:
    if Path(artifact.file).name != artifact.file:
        raise BundleError(
            f"{directory / CARD}: file '{artifact.file}' must be in the folder of the card"
        )
    content = _read(directory / artifact.file, MAX_MODEL_BYTES)
    found = hashlib.sha256(content).hexdigest()
    if found != artifact.sha256:
        raise BundleError(
            f"{directory / artifact.file}: its sha256 is {found[:12]}..., the card says "
            f"{artifact.sha256[:12]}...; the file is damaged or belongs to another bundle: "
            "install the bundle again"
        )
    return content


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise BundleError(
            f"{path}: {error.strerror or error}; a bundle is a directory with {CARD} and the "
            "models that it names"
        ) from error
    if len(content) > limit:
        raise BundleError(f"{path}: expected {limit} bytes at most: this is not a file of a bundle")
    return content
