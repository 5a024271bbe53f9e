"""Rows of the protocol that need more than the verdicts of the folds."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moodstream_train import corpora
from moodstream_train.corpora import Clip
from moodstream_train.corpora.rooms import responses
from moodstream_train.dataset import splits
from moodstream_train.evaluation.measured import (
    PRECISIONS,
    SHIPPED,
    Evaluation,
    by_corpus,
    spread,
)
from moodstream_train.measure import figures, playback, rooms, sample, songs, streams
from moodstream_train.measure.robustness import conditions, drops
from moodstream_train.measure.smoothing import record, said, score, tune
from moodstream_train.measure.verdict import MODELS, Verdict
from moodstream_train.parts import FINAL, FOLDS, RANDOM
from moodstream_train.training.run import Run
from moodstream_train.training.sources import CORPUS_OF, RENDERED

PIANO = "emopia"
"""Corpora left out of the streams of row T, which is older than the training on EMOPIA."""
STREAM_SEEDS = range(2)
"""Seeds of the streams of each kind and fold; a stream lasts ten minutes."""
ROBUST_FOLDS = 3
STREET_SOUNDS = 24
"""Sounds that may be behind a clip in row R."""
ROBUST_SHARE = 0.5
"""Share of the held-out clips of these folds that are played under each condition."""
TRIED_ON = {"speech": "cremad", "cremad": "speech", "music": "emopia", "emopia": "music"}
"""Corpus, with another room and microphone, on which the model of a single corpus is tried."""
ROOM_CLIPS = {"speech": 1500, "cremad": 1500, "music": 360, "emopia": 360}
"""Largest number of clips of that corpus: an hour of voices, three hours of music."""
EVENING_SHARE = 0.25
"""Share of these clips that are judged after each evening."""


def robust(evaluation: Evaluation, folds: Sequence[str]) -> dict[str, Any]:
    """Measure row R: points lost under each condition, over the folds."""
    each = []
    places = [playback.read(path) for path in responses(evaluation.run.data, held_out=True)]
    for fold in folds:
        sides = evaluation.run.split(evaluation.clips, fold)
        folder = evaluation.bundle(fold)
        clips = evaluation.clips
        test = [clips[i] for i in sides.test if clips[i].corpus in ("song", "speech", "music")]
        voices = [clips[i] for i in sides.train if clips[i].corpus == "cremad"]
        street = [playback.read(clip.path) for clip in _street(evaluation.held_out(fold))]

        def measure(
            folder: Path = folder,
            test: list[Clip] = test,
            voices: list[Clip] = voices,
            street: list[conditions.Sound] = street,
        ) -> list[dict[str, Any]]:
            babble = conditions.babble_of(voices) if voices else None
            changes = conditions.conditions(babble, street, places)
            made = drops.drops(folder, test, changes, ROBUST_SHARE, say=evaluation.say)
            return [asdict(one) for one in made]

        made = evaluation.once(fold, "robustness", measure)
        each.append({(one["condition"], one["corpus"]): one["drop"] for one in made})
    found: dict[str, Any] = {}
    for condition, corpus in each[0]:
        found.setdefault(condition, {})[corpus] = spread([one[condition, corpus] for one in each])
    return found


def _street(clips: Sequence[Clip]) -> list[Clip]:
    """Return some of the sounds without a voice or music, spread over all of them."""
    own = [clip for clip in clips if clip.corpus == "sounds" and clip.voice == clip.music == 0.0]
    return own[:: max(1, len(own) // STREET_SOUNDS)]


def streamed(clips: Sequence[Clip], side: Sequence[int]) -> list[Clip]:
    """Return the clips of one side for making streams."""
    return [clips[i] for i in side if clips[i].moods and clips[i].corpus != PIANO]


def mood_streams(evaluation: Evaluation, folds: Sequence[str]) -> dict[str, Any]:
    """Measure row T: streams of held-out clips, with the runtime's smoothing and an average."""
    run, each = evaluation.run, dict[str, list[Any]]()
    for fold in folds:
        folder = evaluation.bundle(fold)
        test = streamed(evaluation.clips, run.split(evaluation.clips, fold).test)

        def scores(folder: Path = folder, test: list[Clip] = test) -> dict[str, Any]:
            return _stream_scores(run, folder, test)

        made = evaluation.once(fold, "streams", scores)
        for name, one in made.items():
            each.setdefault(name, []).append(one)
        right = ", ".join(f"{name} {one['share_right']:.0f} %" for name, one in made.items())
        evaluation.say(f"{fold}, streams, share of right time: {right}")
    return {
        name: {key: spread([one[key] for one in values]) for key in values[0]}
        for name, values in each.items()
    }


def _stream_scores(run: Run, folder: Path, test: Sequence[Clip]) -> dict[str, Any]:
    found = {}
    for kind in streams.KINDS:
        records = record.record(folder, [streams.make(test, kind, seed) for seed in STREAM_SEEDS])
        smoothed = [said.by_runtime(one, run.smoothing) for one in records]
        window_s, averaged = tune.best_average(records)
        found[f"{kind}, smoothing"] = asdict(score.score(records, smoothed))
        found[f"{kind}, moving average"] = {"window_s": window_s, **asdict(averaged)}
    noises = record.record_noises(folder)
    smoothed = [said.by_runtime(one, run.smoothing) for one in noises]
    found["noise, hum and silence"] = asdict(score.score(noises, smoothed))
    return found


def known_songs(clips: Sequence[Clip], verdicts: Sequence[Sequence[Verdict]]) -> dict[str, Any]:
    """Measure row M3: songs from the test side of the first fold."""
    music = [one for one in verdicts[0] if one.corpus == "music"]
    chosen = songs.choose(music, {clip.name: clip.title for clip in clips})
    return {"table": songs.markdown(chosen), "right": songs.right(chosen), "of": len(chosen)}


def on_music(evaluation: Evaluation, folds: Sequence[str]) -> dict[str, Any]:
    """Measure row M2: models of voices alone on music, each on its own fold of the artists."""
    music, _ = corpora.load(evaluation.run.data, ["4q"])
    of_group = splits.fold_of_groups(music)
    each = []
    for fold in folds:
        own = [clip for clip in music if FOLDS[of_group[clip.group]] == fold]
        each.append(evaluation.verdicts(fold, "on-music", evaluation.bundle(fold), own))
    return {model: by_corpus([figures.by_corpus(one, model) for one in each]) for model in MODELS}


def other_rooms(evaluation: Evaluation) -> dict[str, Any]:
    """Measure row X: cold and warm on the corpus of another room."""
    run = evaluation.run
    tried, among = other_room(run)
    tried = sample.at_most(tried, ROOM_CLIPS[TRIED_ON[run.name]])
    folder = evaluation.bundle(FINAL)

    def evening() -> Any:
        judged = sample.stratified(tried, EVENING_SHARE)
        return asdict(rooms.evening(folder, tried, judged, among))

    made = {
        "on": TRIED_ON[run.name],
        "rooms": evaluation.once(FINAL, "rooms", lambda: asdict(rooms.rooms(folder, tried, among))),
        "evening": evaluation.once(FINAL, "evening", evening),
    }
    evaluation.say(
        f"{run.name} on {made['on']}: cold {made['rooms']['cold']:.1f} %, "
        f"warm {made['rooms']['warm']:.1f} %"
    )
    return made


def other_room(run: Run) -> tuple[list[Clip], Sequence[str] | None]:
    """Return the clips on which a model of one corpus is tried, and the moods it may name.

    Moods that the two corpora do not share are left out. None stands for quadrants.
    """
    other = TRIED_ON[run.name]
    found, _ = corpora.load(run.data, [CORPUS_OF[other]], run.cache / RENDERED)
    among = None if other in ("music", "emopia") else figures.SHARED_MOODS
    wanted = [c for c in found if c.corpus == other and (among is None or c.label in among)]
    return wanted, among


def leaky(evaluation: Evaluation) -> tuple[dict[str, Any], list[Verdict]]:
    """Measure rows S1 and S2, the random splits.

    Returns:
        figures by precision and model, and the verdicts of the shipped precision.
    """
    test = [evaluation.clips[i] for i in evaluation.run.split(evaluation.clips, RANDOM).test]
    found, shipped = {}, list[Verdict]()
    for precision in PRECISIONS:
        folder = evaluation.bundle(RANDOM, precision)
        verdicts = evaluation.verdicts(RANDOM, precision, folder, test)
        found[precision] = {
            model: asdict(figures.by_corpus(verdicts, model)["song"]) for model in MODELS
        }
        if precision == SHIPPED:
            shipped = verdicts
    return found, shipped
