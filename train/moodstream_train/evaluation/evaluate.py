"""Measures a run: exported bundles, through the runtime, on who was held out.

Each measurement is done once and kept beside the part of the run that it is of.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from moodstream_train import corpora
from moodstream_train import plots as pictures
from moodstream_train.corpora import Clip
from moodstream_train.dataset import splits
from moodstream_train.export import bundle as export
from moodstream_train.measure import (
    calibration,
    conditions,
    figures,
    hear,
    record,
    robustness,
    rooms,
    said,
    sample,
    songs,
    streams,
    tune,
)
from moodstream_train.measure import score as scores
from moodstream_train.measure.verdict import MODELS, Verdict
from moodstream_train.training.run import (
    CORPUS_OF,
    FINAL,
    FOLDS,
    RANDOM,
    RENDERED,
    TUNING,
    Run,
    RunError,
    Say,
    load_features,
)

MEASURED = "measured"
RESULTS = "results.json"
LEARNING = "learning.json"
SHIPPED = "int8"
PRECISIONS = ("int8", "float32")
PIANO = "emopia"
"""Not in the streams of row T, which is older than the training on it."""
STREAM_SEEDS = range(2)
"""Streams of ten minutes of each kind and fold."""
ROBUST_FOLDS = 3
ROBUST_SHARE = 0.5
"""The folds, and the share of their held-out clips, that are heard under each condition: to bound
the time."""
TRIED_ON = {"speech": "cremad", "cremad": "speech", "music": "emopia", "emopia": "music"}
"""The corpus that a model of a single one is tried on: another room, another microphone."""
ROOM_CLIPS = {"speech": 1500, "cremad": 1500, "music": 360, "emopia": 360}
"""Of that corpus at most, to bound the time: an hour of voices, three hours of music."""
EVENING_SHARE = 0.25
"""Of these, that are judged after each evening."""
DEVELOPMENT = (1, 4)
"""The folds whose groups of the other corpus the speed of learning is chosen on..."""
SPEEDS = (3_840, 14_400, 28_800, 57_600, 115_200, 460_800)
"""...among these weights of the prior, in frames: from one minute to two hours."""
SPEED_CLIPS = 240


def measure(run: Run, say: Say, *, accuracy_only: bool = False) -> dict[str, Any]:
    """Everything that the protocol asks of a run's finished parts; ``RUN/results.json``.

    Args:
        run: what was trained.
        say: prints a line.
        accuracy_only: leave out robustness, streams and songs, which take most of the time.

    Raises:
        RunError: no part is finished.
        export.ExportError: a model does not do what it did in Keras.
    """
    parts = [part for part in (*FOLDS, FINAL, RANDOM) if run.finished(part)]
    if not parts:
        raise RunError(f"{run.folder}: nothing is trained yet; go on with `moodstream train`")
    clips = run.clips()
    loaded = load_features(run, clips, 0, say)
    results: dict[str, Any] = {
        "recipe": run.name,
        "seed": run.seed,
        "parts": parts,
        "training_minutes": round(sum(run.minutes(part) for part in parts), 1),
        "corpora": run.corpora,
    }
    folds = run.finished_folds()
    verdicts: dict[str, list[list[Verdict]]] = {precision: [] for precision in PRECISIONS}
    for fold in folds:
        test = [clips[i] for i in run.split(clips, fold).test if clips[i].moods]
        for precision in PRECISIONS:
            folder = bundle(run, fold, precision, clips, loaded, say)
            verdicts[precision].append(_heard(run, fold, precision, folder, test))
            say(f"{fold}, {precision}: {_brief(verdicts[precision][-1])}")
    if folds:
        results["folds"] = over_folds(verdicts, folds)
        results["pictures"] = draw(run, [one for fold in verdicts[SHIPPED] for one in fold])
    if run.name == "shipped" and folds and not accuracy_only:
        results["robustness"] = _robustness(run, clips, loaded, folds[:ROBUST_FOLDS], say)
        results["streams"] = _streams(run, clips, loaded, folds, say)
        results["songs"] = _songs(clips, verdicts[SHIPPED])
    if run.name == "voice" and folds:
        results["on_music"] = _on_music(run, clips, loaded, folds, say)
    if run.name in TRIED_ON and FINAL in parts:
        results["rooms"] = _rooms(run, clips, loaded, say)
    if RANDOM in parts:
        results["leaky"] = _leaky(run, clips, loaded, say)
    (run.folder / RESULTS).write_text(json.dumps(results, indent=1))
    return results


def bundle(
    run: Run, part: str, precision: str, clips: Sequence[Clip], loaded: Any, say: Say
) -> Path:
    """The exported bundle of a part; made once."""
    folder = run.part(part) / f"bundle-{precision}"
    kept = run.part(part) / MEASURED / f"parity-{precision}.json"
    parity = _once(kept, lambda: export.export_part(run, part, precision, clips, loaded, folder))
    say(f"{part}, {precision}: {parity}")
    return folder


def over_folds(verdicts: dict[str, list[list[Verdict]]], folds: Sequence[str]) -> dict[str, Any]:
    """Figures of each model and precision: each fold's, their mean and deviation."""
    found: dict[str, Any] = {"folds": list(folds)}
    for precision, heard in verdicts.items():
        found[precision] = {
            model: _by_corpus([figures.by_corpus(one, model) for one in heard]) for model in MODELS
        }
    pairs = list(zip(verdicts["int8"], verdicts["float32"], strict=True))
    found["agreement"] = {
        model: round(float(np.mean([figures.agreement(a, b, model) for a, b in pairs])), 2)
        for model in MODELS
    }
    pooled = [one for heard in verdicts[SHIPPED] for one in heard]
    names = sorted({one.corpus for one in pooled})
    found["calibration"] = {
        name: asdict(calibration.reliability([one for one in pooled if one.corpus == name]))
        for name in names
    }
    found["shared_moods"] = {
        name: asdict(figures.of(own, among=figures.SHARED_MOODS))
        for name in ("cremad",)
        if (own := [one for one in pooled if one.corpus == name])
    }
    found["sex"] = {}
    for name in names:
        if sexes := figures.by_sex([one for one in pooled if one.corpus == name]):
            found["sex"][name] = {sex: asdict(own) for sex, own in sexes.items()}
    return found


def draw(run: Run, pooled: Sequence[Verdict]) -> list[str]:
    """Confusion matrices as pictures, one a corpus; their names."""
    names = []
    for corpus in sorted({one.corpus for one in pooled}):
        own = [one for one in pooled if one.corpus == corpus]
        counts, labels = figures.confusion(own)
        path = run.folder / f"confusion-{corpus}.png"
        pictures.confusion(counts, labels, f"{corpus}, {run.name}, seed {run.seed}", path)
        names.append(path.name)
    return names


def _robustness(
    run: Run, clips: Sequence[Clip], loaded: Any, folds: Sequence[str], say: Say
) -> dict[str, Any]:
    """Row R: points lost under each condition, mean over the folds."""
    each = []
    for fold in folds:
        sides = run.split(clips, fold)
        folder = bundle(run, fold, SHIPPED, clips, loaded, say)
        test = [clips[i] for i in sides.test if clips[i].corpus in ("song", "speech", "music")]
        voices = [clips[i] for i in sides.train if clips[i].corpus == "cremad"]
        kept = run.part(fold) / MEASURED / "robustness.json"
        made = _once(kept, _drops, folder, test, voices, say)
        each.append({(one["condition"], one["corpus"]): one["drop"] for one in made})
    found: dict[str, Any] = {}
    for condition, corpus in each[0]:
        values = [one[condition, corpus] for one in each]
        found.setdefault(condition, {})[corpus] = _spread(values)
    return found


def _drops(
    folder: Path, test: Sequence[Clip], voices: Sequence[Clip], say: Say
) -> list[dict[str, Any]]:
    changes = conditions.conditions(conditions.babble_of(voices) if voices else None)
    return [asdict(one) for one in robustness.drops(folder, test, changes, ROBUST_SHARE, say=say)]


def _streams(
    run: Run, clips: Sequence[Clip], loaded: Any, folds: Sequence[str], say: Say
) -> dict[str, Any]:
    """Row T: streams of held-out clips, by the runtime's smoothing and by a moving average."""
    each: dict[str, list[Any]] = {}
    for fold in folds:
        sides = run.split(clips, fold)
        folder = bundle(run, fold, SHIPPED, clips, loaded, say)
        test = _streamed(clips, sides.test)
        made = _once(run.part(fold) / MEASURED / "streams.json", _stream_scores, run, folder, test)
        for name, one in made.items():
            each.setdefault(name, []).append(one)
        say(f"{fold}: streams {made}")
    return {
        name: {key: _spread([one[key] for one in values]) for key in values[0]}
        for name, values in each.items()
    }


def _streamed(clips: Sequence[Clip], side: Sequence[int]) -> list[Clip]:
    """The clips of one side that streams are made of."""
    return [clips[i] for i in side if clips[i].moods and clips[i].corpus != PIANO]


def _stream_scores(run: Run, folder: Path, test: Sequence[Clip]) -> dict[str, Any]:
    found = {}
    for kind in streams.KINDS:
        heard = record.record(folder, [streams.make(test, kind, seed) for seed in STREAM_SEEDS])
        smoothed = [said.by_runtime(one, run.smoothing) for one in heard]
        window_s, averaged = tune.best_average(heard)
        found[f"{kind}, smoothing"] = asdict(scores.score(heard, smoothed))
        found[f"{kind}, moving average"] = {"window_s": window_s, **asdict(averaged)}
    noises = record.record_noises(folder)
    smoothed = [said.by_runtime(one, run.smoothing) for one in noises]
    found["noise, hum and silence"] = asdict(scores.score(noises, smoothed))
    return found


def learning(run: Run, say: Say) -> dict[str, Any]:
    """How fast the model of one corpus should learn the room of another.

    It is tried on two fifths of the other corpus; the shipped bundle is trained on both.
    """
    clips = run.clips()
    loaded = load_features(run, clips, 0, say)
    tried, among = _other_room(run)
    folds = splits.fold_of_groups(tried)
    own = [clip for clip in tried if folds[clip.group] in DEVELOPMENT]
    folder = bundle(run, FINAL, SHIPPED, clips, loaded, say)
    found = asdict(rooms.choose(folder, sample.at_most(own, SPEED_CLIPS), SPEEDS, among))
    (run.folder / LEARNING).write_text(json.dumps(found, indent=1))
    return found


def tuning(run: Run, say: Say) -> dict[str, Any]:
    """The smoothing that suits streams of the groups that calibrate each fold.

    Neither fitted on nor tested on: what the models say of them is what they say of new ones.
    """
    clips = run.clips()
    loaded = load_features(run, clips, 0, say)
    heard, noises = [], []
    for fold in run.finished_folds():
        folder = bundle(run, fold, SHIPPED, clips, loaded, say)
        inner = _streamed(clips, run.split(clips, fold).inner)
        made = [streams.make(inner, kind, seed=100) for kind in ("voice", "music")]
        heard += record.record(folder, made)
        noises += record.record_noises(folder, seconds=20)
    found = asdict(tune.tune(heard, noises))
    (run.folder / TUNING).write_text(json.dumps(found, indent=1))
    return found


def _songs(clips: Sequence[Clip], verdicts: Sequence[Sequence[Verdict]]) -> dict[str, Any]:
    """Row M3: songs that each fold's model never met, in the first fold there is."""
    music = [one for one in verdicts[0] if one.corpus == "music"]
    chosen = songs.choose(music, {clip.name: clip.title for clip in clips})
    return {"table": songs.markdown(chosen), "right": songs.right(chosen), "of": len(chosen)}


def _on_music(
    run: Run, clips: Sequence[Clip], loaded: Any, folds: Sequence[str], say: Say
) -> dict[str, Any]:
    """Row M2: models of voices alone on music; each fold's on its fold of the artists."""
    music, _ = corpora.load(run.data, ["4q"])
    of_group = splits.fold_of_groups(music)
    heard = []
    for fold in folds:
        folder = bundle(run, fold, SHIPPED, clips, loaded, say)
        own = [clip for clip in music if FOLDS[of_group[clip.group]] == fold]
        heard.append(_heard(run, fold, "on-music", folder, own))
    return {model: _by_corpus([figures.by_corpus(one, model) for one in heard]) for model in MODELS}


def _rooms(run: Run, clips: Sequence[Clip], loaded: Any, say: Say) -> dict[str, Any]:
    """Row X: cold and warm on the corpus of another room."""
    tried, among = _other_room(run)
    tried = sample.at_most(tried, ROOM_CLIPS[TRIED_ON[run.name]])
    folder = bundle(run, FINAL, SHIPPED, clips, loaded, say)
    kept = run.part(FINAL) / MEASURED

    def evening() -> Any:
        judged = sample.stratified(tried, EVENING_SHARE)
        return asdict(rooms.evening(folder, tried, judged, among))

    made = {
        "on": TRIED_ON[run.name],
        "rooms": _once(kept / "rooms.json", lambda: asdict(rooms.rooms(folder, tried, among))),
        "evening": _once(kept / "evening.json", evening),
    }
    say(f"{run.name} on {made['on']}: {made}")
    return made


def _other_room(run: Run) -> tuple[list[Clip], Sequence[str] | None]:
    """The clips of the corpus that a model of a single one is tried on, and their moods.

    Moods that the two do not share are left out; None where quadrants are named.
    """
    other = TRIED_ON[run.name]
    found, _ = corpora.load(run.data, [CORPUS_OF[other]], run.cache / RENDERED)
    among = None if other in ("music", "emopia") else figures.SHARED_MOODS
    wanted = [c for c in found if c.corpus == other and (among is None or c.label in among)]
    return wanted, among


def _leaky(run: Run, clips: Sequence[Clip], loaded: Any, say: Say) -> dict[str, Any]:
    """Rows S1 and S2: the random splits of the project that this one grew from."""
    test = [clips[i] for i in run.split(clips, RANDOM).test]
    found = {}
    for precision in PRECISIONS:
        folder = bundle(run, RANDOM, precision, clips, loaded, say)
        heard = _heard(run, RANDOM, precision, folder, test)
        found[precision] = {
            model: asdict(figures.by_corpus(heard, model)["song"]) for model in MODELS
        }
        if precision == SHIPPED:
            draw(run, heard)
    return found


def _heard(run: Run, part: str, name: str, folder: Path, clips: Sequence[Clip]) -> list[Verdict]:
    path = run.part(part) / MEASURED / f"verdicts-{name}.json"
    made = _once(path, lambda: [asdict(verdict) for verdict in hear.judge(folder, clips)])
    return [Verdict(**one) for one in made]


def _once(path: Path, make: Callable[..., Any], *given: Any) -> Any:
    """What was measured before, or is now."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        made = json.dumps(make(*given))
        part = path.with_suffix(".part")
        part.write_text(made)
        part.replace(path)
    return json.loads(path.read_text())


def _by_corpus(each: Sequence[dict[str, figures.Figures]]) -> dict[str, Any]:
    keys = ("uar", "accuracy", "macro_f1", "loss")
    return {
        corpus: {
            "clips": sum(one[corpus].clips for one in each),
            "silent": sum(one[corpus].silent for one in each),
            **{key: _spread([getattr(one[corpus], key) for one in each]) for key in keys},
        }
        for corpus in each[0]
    }


def _spread(values: Sequence[float]) -> dict[str, Any]:
    return {
        "mean": round(float(np.mean(values)), 2),
        "std": round(float(np.std(values, ddof=1 if len(values) > 1 else 0)), 2),
        "each": [round(float(value), 2) for value in values],
    }


def _brief(verdicts: Sequence[Verdict]) -> str:
    names = sorted({one.corpus for one in verdicts})
    each = [figures.headline([one for one in verdicts if one.corpus == name]) for name in names]
    return ", ".join(f"{name} {value:.1f}" for name, value in zip(names, each, strict=True))
