"""A bundle whose models are loaded once for any number of pipelines."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Self

from moodstream.bundle.bundle import Bundle
from moodstream.bundle.cnn import CnnClassifier
from moodstream.bundle.rnn import RnnClassifier


@dataclass(frozen=True)
class SharedBundle(Bundle):
    """A bundle in which an additional pair of classifiers only costs the memory of its state.

    The models compute one after the other, whichever thread calls them.
    """

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """Return a shared bundle with the content of another bundle."""
        return cls(**{entry.name: getattr(bundle, entry.name) for entry in fields(Bundle)})

    def classifiers(self) -> tuple[CnnClassifier, RnnClassifier]:
        """Return classifiers that share the models, and no state, with others of this bundle.

        Raises:
            BundleError: a model cannot be loaded, or its shapes do not fit the card.
        """
        cnn, rnn = self._first
        return cnn.twin(), rnn.twin()

    @cached_property
    def _first(self) -> tuple[CnnClassifier, RnnClassifier]:
        return super().classifiers()
