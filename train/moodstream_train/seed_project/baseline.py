"""The whole baseline, from the songs to the table: protocols S1, S2 and M2."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moodstream.arrays import Float32
from moodstream.whole_file import written_whole
from moodstream_train import corpora
from moodstream_train.corpora import Clip, Corpus, CorpusError
from moodstream_train.dataset import features
from moodstream_train.dataset.splits import Indices, random_split
from moodstream_train.recipes import RECIPES
from moodstream_train.seed_project import models, music
from moodstream_train.seed_project.fit import CNN_EPOCHS, RNN_EPOCHS, Fitted, Say, fit_cnn, fit_rnn
from moodstream_train.seed_project.models import SONG_MOODS

CNN_TEST_SHARE = 0.20
RNN_TEST_SHARE = 0.25
REPORTED = {
    "cnn": {"accuracy": 88.67, "loss": 0.2879},
    "rnn": {"accuracy": 73.91, "loss": 1.041},
}
"""Figures that the project reports on its own test clips: percent, and nats."""
SEED_RESULTS = "seed-project.json"
PROTOCOL = (
    "S1: CNN on the time mean of 40 MFCCs, RAVDESS song, 6 moods, random stratified 80/20 split. "
    "S2: RNN on the sequence of MFCCs, the same songs, 75/25. Both splits are leaky: the same "
    "singers are on both sides. The figures are those of the last epoch; no choice is made on "
    "test clips. M2: both models, trained on voices alone, name a mood for each clip of 4Q. Its "
    "quadrant is compared with the clip's; chance is 25 %. 'songs' are drawn from 4Q at random, "
    "the same number of each quadrant. Accuracy and F1 are percent, losses are nats."
)


def train(data: Path, cache: Path, folder: Path, seed: int, say: Say) -> None:
    """Load the songs and the music, and run the baseline.

    Raises:
        CorpusError: a corpus is not there.
    """
    clips, _ = corpora.load(data, ["ravdess", "4q"])
    clips = [clip for clip in clips if clip.corpus in ("song", "music")]
    loaded = features.load(
        clips, RECIPES["shipped"], 0, cache.expanduser().resolve(), lambda _done, _of: None
    )
    results = run(clips, [loaded.clip(i) for i in range(len(clips))], folder, seed, say)
    say("\n" + music.table(results["songs"]))


def run(
    clips: Sequence[Clip],
    sequences: Sequence[Float32],
    folder: Path,
    seed: int,
    say: Say,
    cnn_epochs: int = CNN_EPOCHS,
    rnn_epochs: int = RNN_EPOCHS,
) -> dict[str, Any]:
    """Train both models on song, test them on music, write ``seed-project.json`` and plots.

    Args:
        clips: of any corpora; only song and music are used.
        sequences: MFCC of each clip, not normalised [shape=(frames, 40)].
        folder: for the results and the plots.
        seed: of the splits, the models and the songs drawn.
        say: prints a line of progress.
        cnn_epochs: epochs of the CNN.
        rnn_epochs: epochs of the RNN.

    Returns:
        the results as written.

    Raises:
        CorpusError: there is no song, too little of it, or no music.
    """
    song, sung = _only("song", clips, sequences)
    played_clips, played = _only("music", clips, sequences)
    labels = [clip.moods[0] for clip in song]
    folder.mkdir(parents=True, exist_ok=True)

    cnn_sides = random_split(song, CNN_TEST_SHARE, seed)
    cnn = fit_cnn(sung, labels, *cnn_sides, folder, seed, say, cnn_epochs)
    rnn_sides = random_split(song, RNN_TEST_SHARE, seed)
    rnn = fit_rnn(sung, labels, *rnn_sides, folder, seed, say, rnn_epochs)

    say(f"seed project: testing both models on {len(played_clips)} clips of music")
    results = {
        "protocol": PROTOCOL,
        "seed": seed,
        "S1": _figures(cnn, cnn_sides),
        "S2": _figures(rnn, rnn_sides),
        **_on_music(played_clips, played, cnn, rnn, folder, seed),
    }
    with written_whole(folder / SEED_RESULTS, "w") as file:
        json.dump(results, file, indent=1)
    return results


def _only(
    corpus: Corpus, clips: Sequence[Clip], sequences: Sequence[Float32]
) -> tuple[list[Clip], list[Float32]]:
    chosen = [i for i, clip in enumerate(clips) if clip.corpus == corpus]
    if not chosen:
        raise CorpusError(
            f"{len(clips)} clips, none of them {corpus}: the seed project needs RAVDESS song and "
            "4Q music; give a folder with both as --data"
        )
    return [clips[i] for i in chosen], [sequences[i] for i in chosen]


def _on_music(
    clips: Sequence[Clip],
    sequences: Sequence[Float32],
    cnn: Fitted,
    rnn: Fitted,
    folder: Path,
    seed: int,
) -> dict[str, Any]:
    by_cnn = music.name_moods(cnn.model, models.time_means(sequences))
    by_rnn = music.name_moods(rnn.model, models.padded(sequences))
    return {
        "M2": {
            name: music.quadrants(
                clips, moods, f"{name}, trained on voice", folder / f"{name}-music.png"
            )
            for name, moods in (("cnn", by_cnn), ("rnn", by_rnn))
        },
        "songs": music.songs(clips, by_cnn, by_rnn, seed),
    }


def _figures(fitted: Fitted, sides: tuple[Indices, Indices]) -> dict[str, Any]:
    train, test = sides
    return {
        "model": fitted.model.name,
        "parameters": fitted.model.count_params(),
        "leaky": True,
        "train_clips": len(train),
        "test_clips": len(test),
        "accuracy": round(fitted.accuracy, 2),
        "loss": round(fitted.loss, 4),
        "reported": REPORTED[fitted.model.name],
        "labels": list(SONG_MOODS),
        "confusion": fitted.confusion.tolist(),
        "history": {
            name: [round(value, 5) for value in values] for name, values in fitted.history.items()
        },
    }
