"""Settings of the decision between voice or music and other sounds."""

from dataclasses import dataclass, field

from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.schema import between


@dataclass(frozen=True)
class HearingSpec(SmoothingSpec):
    """Smoothing of the decision between voice or music and other sounds."""

    prior: float = field(metadata=between(0.01, 0.99))
    """Share of the training examples with voice or music. A model's probability divided by it is a
    likelihood (Bourlard & Morgan 1994, "Connectionist speech recognition")."""
