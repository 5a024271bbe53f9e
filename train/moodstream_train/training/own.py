"""Fine-tuning on own recordings: a run that starts from the networks of a bundle."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from moodstream import self_test
from moodstream.audio.file import AudioFileError
from moodstream.bundle.bundle import Bundle, BundleError
from moodstream.bundle.card import Card
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.features.silence import level_dbfs
from moodstream.replay.recording import summarise
from moodstream.whole_file import written_whole
from moodstream_train import corpora, override
from moodstream_train.corpora import Clip, CorpusError
from moodstream_train.corpora.survey import Hearing, Survey, survey
from moodstream_train.parts import FINAL, FOLDS
from moodstream_train.recipe import Recipe, Schedule, Shares
from moodstream_train.training import record, sources, start
from moodstream_train.training.progress import Did, Progress
from moodstream_train.training.run import HEARD, START, Run, Say

NAME = "own"
"""Name of such a run, where others have that of their recipe."""
OWN_SHARE, OWN_SHARE_ALONE = 0.5, 0.9
"""Shares of the own recordings among corpora, and among noises alone."""
LEAST_EPOCHS, MOST_EPOCHS = 4, 16
CLIPS_OF_EPOCH = 10
"""Clips for which another epoch is trained, up to the most."""
CNN = Schedule(batch=64, epochs=0, steps=20, learning_rate=3e-4, average=0.97, weight_decay=0.0)
RNN = Schedule(batch=32, epochs=0, steps=20, learning_rate=5e-4, average=0.97, weight_decay=0.0)
"""Schedules but for their epochs. The weights start near a minimum, so the rates are a tenth of a
whole training's; decay would pull them to zero, away from the start."""


def begin(
    folder: Path,
    place: Path,
    data: Path | None,
    bundle: Path,
    cache: Path,
    seed: int,
    changes: Sequence[str],
    say: Say,
) -> tuple[Run, Survey]:
    """Begin a run of own recordings, or go on with one that has the same settings.

    Args:
        folder: of the run.
        place: folder or table of the own recordings.
        data: folder of the corpora to mix in; None if there are none.
        bundle: folder of the bundle to start from.
        cache: folder of computed features.
        seed: of all random choices.
        changes: to the recipe, as :func:`override.apply` takes them.
        say: prints a line.

    Raises:
        CorpusError: the recordings can teach nothing, or cannot be read.
        RunError: the folder holds a run with other settings.
        StartError: the bundle cannot be fine-tuned.
    """
    cache, place = cache.expanduser().resolve(), place.resolve()
    # Without corpora, the folder of the run stands for one that holds none.
    data = data or folder
    started = start.read(bundle)
    own, _ = corpora.own.load(place)
    recipe = override.apply(recipe_for(started, corpora.present(data), len(own)), changes)
    clips, warnings = sources.load_own(recipe, place, data, cache)
    tree = record.described(NAME, data, cache, seed, recipe, clips, warnings) | {
        "own": {"place": str(place), "labels": _labels(own)},
        "start": {"name": started.card.name, "sha256": started.sha256},
    }
    if record.check(folder, tree):
        run = Run(folder)
        return run, survey(own, run.heard(), recipe.limits.clip_s)
    progress = Progress({"listening": len(own)}, say)
    progress.say(f"listening to {len(own)} clips")
    heard = listen(own, bundle, progress.did)
    progress.clear()
    found = survey(own, heard, recipe.limits.clip_s)
    for warning in warnings:
        say(f"warning: {warning}")
    start.copy(bundle, folder / START)
    with written_whole(folder / HEARD, "w") as file:
        json.dump({path: asdict(one) for path, one in heard.items()}, file, indent=1)
    return record.write(folder, tree), found


def recipe_for(bundle: Bundle, present: Sequence[str], clips: int) -> Recipe:
    """Return the recipe of fine-tuning.

    Args:
        bundle: gives the sizes of the networks, the features and the settings.
        present: corpora that are at hand.
        clips: number of own recordings.
    """
    recipe = start.recipe_of(bundle)
    usual = {
        name: share
        for name, share in asdict(Shares()).items()
        if name == "noise" or sources.CORPUS_OF[name] in present
    }
    own = OWN_SHARE if len(usual) > 1 else OWN_SHARE_ALONE
    scale = (1 - own) / sum(usual.values())
    shares = {name: round(share * scale, 4) for name, share in usual.items()}
    nothing = dict.fromkeys(asdict(Shares()), 0.0)
    epochs = min(MOST_EPOCHS, max(LEAST_EPOCHS, round(clips / CLIPS_OF_EPOCH)))
    cnn, rnn = recipe.cnn.schedule, recipe.rnn.schedule
    return replace(
        recipe,
        split="groups",
        shares=Shares(**{**nothing, **shares, "own": own}),
        cnn=_shortened(recipe.cnn, CNN, epochs, cnn.batch),
        rnn=_shortened(recipe.rnn, RNN, epochs, rnn.batch),
    )


def _shortened(network: Any, schedule: Schedule, epochs: int, batch: int) -> Any:
    return replace(
        network, schedule=replace(schedule, epochs=epochs, batch=min(batch, schedule.batch))
    )


def parts(run: Run, clips: Sequence[Clip]) -> list[str]:
    """Return the folds that hold out own recordings, then the final part.

    A fold that would train on none of them is left out.
    """
    found = []
    for fold in FOLDS:
        sides = run.split(clips, fold)
        if any(clips[i].corpus == "own" for i in sides.test) and any(
            clips[i].corpus == "own" for i in sides.train
        ):
            found.append(fold)
    return [*found, FINAL]


def listen(clips: Sequence[Clip], bundle: Path, did: Did) -> dict[str, Hearing]:
    """Return what a bundle hears in each of some recordings, by its path.

    Raises:
        CorpusError: some cannot be read to their end; the message names all of them.
        StartError: the bundle cannot be used.
    """
    try:
        loaded = self_test.load(bundle)
    except BundleError as error:
        raise start.StartError(str(error)) from error
    found: dict[str, Hearing] = {}
    errors = []
    for number, clip in enumerate(clips, 1):
        try:
            said = summarise(clip.path, loaded)
        except AudioFileError as error:
            errors.append(f"{error}; convert it to FLAC, or remove it")
        else:
            heard = said["heard"] or {"voice": 0.0, "music": 0.0}
            found[str(clip.path)] = Hearing(
                seconds=said["duration"],
                silent=_is_silent(clip, loaded.card),
                mood=said["mood"],
                voice=heard["voice"],
                music=heard["music"],
            )
        did("listening", 1, f"listening: {number} of {len(clips)} clips")
    if errors:
        raise CorpusError("\n".join(errors))
    return found


def _is_silent(clip: Clip, card: Card) -> bool:
    """Tell whether a clip is silent from its beginning to its end."""
    samples = corpora.read(clip, card.features.sample_rate)
    hop_n = round(DEFAULT_HOP_S * card.features.sample_rate)
    hops = (samples[begin : begin + hop_n] for begin in range(0, len(samples), hop_n))
    return all(level_dbfs(hop) < card.silence.open_dbfs for hop in hops)


def _labels(clips: Sequence[Clip]) -> str:
    """Return a checksum of own recordings and what is known of them."""
    each = [
        (
            clip.path.name,
            clip.path.stat().st_size,
            clip.label,
            clip.group,
            clip.valence,
            clip.arousal,
        )
        for clip in clips
    ]
    return hashlib.sha256(json.dumps(each).encode()).hexdigest()
