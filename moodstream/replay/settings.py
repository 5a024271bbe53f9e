"""Fingerprint of everything that results depend on, except the recordings."""

import hashlib

from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.features.silence import SilenceSpec
from moodstream.mood.smoothing_spec import SmoothingSpec


def fingerprint(
    bundle: str,
    hop_s: float,
    silence: SilenceSpec,
    smoothing: SmoothingSpec,
    *,
    adapt: bool,
    raw: Layout | None = None,
) -> str:
    """Return two short hashes: of the bundle, and of the settings.

    Args:
        bundle: sha256 of the bundle.
        hop_s: seconds from one classification to the next.
        silence: thresholds of silence.
        smoothing: how slowly the mood may change.
        adapt: whether the files share what is learnt about their room.
        raw: format of samples without headers.
    """
    settings = repr((hop_s, silence, smoothing, adapt, raw))
    return f"{bundle[:12]}-{hashlib.sha256(settings.encode()).hexdigest()[:12]}"
