"""Settings of the smoothing, kept apart so that the configuration needs no numpy."""

from dataclasses import dataclass, field

from moodstream.schema import between


@dataclass(frozen=True)
class SmoothingSpec:
    """Settings of the smoothing, which decide how soon the mood of a room may change."""

    time_constant_s: float = field(metadata=between(0, 3600))
    """Time constant of the average behind the scores, seconds; 0 averages nothing."""
    evidence_scale: float = field(metadata=between(0.01, 100))
    """Weight of a second of evidence; overlapping hops and lasting errors reduce it.

    Speech recognisers call it the acoustic scale.
    """
    lasting_s: float = field(metadata=between(0.1, 86400))
    """Average duration of a mood, seconds."""
    confident: float = field(metadata=between(0, 1))
    """Probability at which a quadrant is named, or takes the place of another."""
    doubtful: float = field(metadata=between(0, 1))
    """Probability below which the mood becomes uncertain."""

    def problems(self) -> list[str]:
        """Return the contradictions, a sentence each."""
        if self.doubtful > self.confident:
            return [f"doubtful {self.doubtful:g} is above confident {self.confident:g}"]
        return []
