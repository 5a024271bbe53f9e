"""Measurements of a run; each is made once, and kept in the folder of its part."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodstream.whole_file import written_whole
from moodstream_train.corpora import Clip
from moodstream_train.dataset.features import Features
from moodstream_train.export.bundle import export_part
from moodstream_train.measure import figures, playback
from moodstream_train.measure.verdict import Verdict
from moodstream_train.training.run import Run, Say, load_features

MEASURED = "measured"
"""Folder of the measurements in the folder of a part."""
RESULTS = "results.json"
SHIPPED = "int8"
"""Precision of the shipped bundle."""
PRECISIONS = (SHIPPED, "float32")


@dataclass(frozen=True)
class Evaluation:
    """A run with its clips and their features, ready to be measured."""

    run: Run
    clips: Sequence[Clip]
    features: Features
    say: Say

    def test(self, part: str) -> list[Clip]:
        """Return the held-out clips of a part that have a mood."""
        return [self.clips[i] for i in self.run.split(self.clips, part).test if self.clips[i].moods]

    def held_out(self, part: str) -> list[Clip]:
        """Return all held-out clips of a part, with a mood or without."""
        return [self.clips[i] for i in self.run.split(self.clips, part).test]

    def bundle(self, part: str, precision: str = SHIPPED) -> Path:
        """Return the folder of a part's exported bundle; export it at first use."""
        folder = self.run.part(part) / f"bundle-{precision}"

        def export() -> dict[str, Any]:
            made = export_part(self.run, part, precision, self.clips, self.features, folder)
            for size in _sizes(made):
                self.say(f"{part}, {precision}: {size}")
            return made

        self.once(part, f"parity-{precision}", export)
        return folder

    def verdicts(self, part: str, name: str, folder: Path, clips: Sequence[Clip]) -> list[Verdict]:
        """Return the verdicts of a bundle on some clips.

        Args:
            part: of the run.
            name: of the measurement: a precision, or the kind of clips.
            folder: of the bundle.
            clips: to be judged.
        """
        made = self.once(
            part,
            f"verdicts-{name}",
            lambda: [asdict(verdict) for verdict in playback.judge(folder, clips)],
        )
        return [Verdict(**one) for one in made]

    def once(self, part: str, name: str, make: Callable[[], Any]) -> Any:
        """Read a measurement of a part, or make it and keep it.

        Args:
            part: of the run.
            name: of the measurement.
            make: makes it; its result can be written as JSON.
        """
        path = self.run.part(part) / MEASURED / f"{name}.json"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            made = make()
            with written_whole(path, "w") as file:
                json.dump(made, file)
        return json.loads(path.read_text())


def prepare(run: Run, say: Say) -> Evaluation:
    """Load the clips of a run and their features.

    Args:
        run: with some finished parts.
        say: prints a line of progress.

    Raises:
        CorpusError: a corpus of the run is not there.
    """
    clips = run.clips()
    return Evaluation(run, clips, load_features(run, clips, 0, say), say)


def by_corpus(each: Sequence[dict[str, figures.Figures]]) -> dict[str, Any]:
    """Return the figures of each corpus, as mean, deviation and list over the folds.

    Args:
        each: figures by corpus, a dictionary a fold.
    """
    keys = ("uar", "accuracy", "macro_f1", "loss")
    return {
        corpus: {
            "clips": sum(one[corpus].clips for one in each),
            "silent": sum(one[corpus].silent for one in each),
            **{key: spread([getattr(one[corpus], key) for one in each]) for key in keys},
        }
        for corpus in each[0]
    }


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Return mean, standard deviation (n - 1) and the values themselves."""
    return {
        "mean": round(float(np.mean(values)), 2),
        "std": round(float(np.std(values, ddof=1 if len(values) > 1 else 0)), 2),
        "each": [round(float(value), 2) for value in values],
    }


def _sizes(parity: dict[str, Any]) -> list[str]:
    """Describe both models, one on each line."""
    return [
        f"{name.upper()} {parity[name]['bytes'] / 1000:.0f} kB ({parity[name]['quantisation']}), "
        f"{100 * parity[name]['agreement_with_keras']:.1f} % as in Keras"
        for name in ("cnn", "rnn")
    ]
