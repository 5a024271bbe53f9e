"""Settings of the smoothing, apart from it: the configuration reads them without numpy."""

from dataclasses import dataclass, field

from moodstream.schema import between


@dataclass(frozen=True)
class SmoothingSpec:
    """How slowly the mood of a room may change."""

    time_constant_s: float = field(metadata=between(0, 3600))
    """Of the exponential average of the log probabilities, seconds; 0 averages nothing."""
    evidence_scale: float = field(metadata=between(0.01, 100))
    """What a second of evidence counts: hops overlap and errors last, so that each tells less than
    it would on its own. Speech recognisers call it the acoustic scale."""
    lasting_s: float = field(metadata=between(0.1, 86400))
    """How long a mood lasts on average, seconds."""
    confident: float = field(metadata=between(0, 1))
    """A quadrant is named, or takes the place of another, when it is this probable."""
    doubtful: float = field(metadata=between(0, 1))
    """It is given up when it is less probable than this."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        if self.doubtful > self.confident:
            return [f"doubtful {self.doubtful:g} is above confident {self.confident:g}"]
        return []
