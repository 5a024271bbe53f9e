"""Tuning on measurements: the smoothing, and the speed at which a room is learned."""

import json
from dataclasses import asdict
from typing import Any

from moodstream.whole_file import written_whole
from moodstream_train.dataset import splits
from moodstream_train.evaluation.measured import Evaluation
from moodstream_train.evaluation.rows import other_room, streamed
from moodstream_train.measure import rooms, sample, streams
from moodstream_train.measure.smoothing import record, tune
from moodstream_train.parts import FINAL
from moodstream_train.training.run import TUNING

LEARNING = "learning.json"
DEVELOPMENT = (1, 4)
"""Folds of the other corpus on which the speed of learning is chosen."""
SPEEDS = (3_840, 14_400, 28_800, 57_600, 115_200, 460_800)
"""Weights of the prior to choose from, in frames: from one minute to two hours."""
SPEED_CLIPS = 240


def learning(evaluation: Evaluation) -> dict[str, Any]:
    """Choose how fast the model of one corpus learns the room of another; ``learning.json``.

    It is tried on two fifths of the other corpus. The shipped bundle is trained on both.
    """
    run = evaluation.run
    tried, among = other_room(run)
    folds = splits.fold_of_groups(tried)
    own = [clip for clip in tried if folds[clip.group] in DEVELOPMENT]
    folder = evaluation.bundle(FINAL)
    found = asdict(rooms.choose(folder, sample.at_most(own, SPEED_CLIPS), SPEEDS, among))
    with written_whole(run.folder / LEARNING, "w") as file:
        json.dump(found, file, indent=1)
    return found


def smoothing(evaluation: Evaluation) -> dict[str, Any]:
    """Choose the smoothing on streams of the groups that calibrate each fold; ``tuning.json``.

    The models are neither fitted nor tested on these groups.
    """
    run = evaluation.run
    records, noises = [], []
    for fold in run.finished_folds():
        folder = evaluation.bundle(fold)
        inner = streamed(evaluation.clips, run.split(evaluation.clips, fold).inner)
        made = [streams.make(inner, kind, seed=100) for kind in ("voice", "music")]
        records += record.record(folder, made)
        noises += record.record_noises(folder, seconds=20)
    found = asdict(tune.tune(records, noises))
    with written_whole(run.folder / TUNING, "w") as file:
        json.dump(found, file, indent=1)
    return found
