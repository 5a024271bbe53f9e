"""Description of the measurements."""

from moodstream_train.evaluation.rows import ROBUST_FOLDS, ROBUST_SHARE, STREAM_SEEDS
from moodstream_train.measure import heard, naming
from moodstream_train.measure.calibration import BINS, SURE_SHARE
from moodstream_train.measure.robustness.conditions import BABBLE_VOICES
from moodstream_train.measure.rooms import EVENING_S, ORDERS
from moodstream_train.measure.smoothing.tune import MAX_DELAY_S, WINDOWS_S
from moodstream_train.measure.streams import LENGTH_S, SEGMENT_S

PROTOCOL = {
    "Who is held out": (
        "Fold k holds out, at once, the k-th actor fold of Luna-Jimenez et al. (2021) on RAVDESS, "
        "the actors of CREMA-D whose number modulo 5 is k, and the k-th of five folds of the "
        "artists of 4Q (the songs of EMOPIA likewise): one model for voice and music. One woman "
        "and one man of RAVDESS, two women and two men of CREMA-D and a tenth of the other "
        "artists are held out of the training side for the temperatures and the fusion weight. "
        "Nobody is on two sides, which is checked each time. The leaky recipes (songs-80, "
        "songs-75) split clips at random instead, so that each singer is on both sides: their "
        "figures are for comparison with figures that were measured so, and for nothing else."
    ),
    "What is judged": (
        "Each held-out clip is replayed alone through the runtime, with an exported bundle and "
        "from the bundle's own normalisation, and the mean of its log probabilities over the "
        "audible clip is judged. For voices that is the unweighted average recall (UAR) of the "
        "plain argmax over all eight moods, also where the corpus has six; for music the quadrant "
        "whose moods have the largest sum of probabilities. A clip in which nothing was heard "
        "counts as wrong. Losses are cross-entropies in nats, everything else is percent or "
        "points."
    ),
    "What is heard": (
        "The held-out clips of each kind of sound are joined to a stream of at most "
        f"{naming.LONGEST_S / 60:.0f} minutes; row N is the share of the time with a named mood. "
        "Street music and playing children do not count, as they are music and voices. Games that "
        "no model is trained on give music and short sounds. Row H has streams of voices, music "
        "and other sounds that change every "
        f"{heard.SEGMENT_S[0]:.0f} to {heard.SEGMENT_S[1]:.0f} s, clean, and with music or another "
        f"sound behind each voice, {heard.MIXED_DB[0]:.0f} to {heard.MIXED_DB[1]:.0f} dB below it. "
        "A hop is right if voice and music are both told rightly, each by a probability of at "
        f"least one half; the first {heard.SETTLE_S:.0f} s after a change count only for the delay."
    ),
    "Corpora left out": (
        "A part of the run is trained without some corpora, mostly one of voices and one of music, "
        "and hears these, as many as make about an hour of voices and two of music. Voices have "
        "the moods of their corpus to choose from; calm counts as neutral. *Cold*, each clip is "
        "heard alone; *warm*, all go through one run that learns its room, the mean of "
        f"{ORDERS} random orders."
    ),
    "Mean and deviation": (
        "Figures are means over the folds ± the standard deviation (n - 1) over them. Where a "
        "recipe was run with several seeds, the mean is over these too, each fold counts with the "
        "mean of its seeds, and the deviation over the seeds' means follows in brackets. "
        "Differences are taken fold by fold."
    ),
    "Calibration": (
        "The expected calibration error has "
        f"{BINS} bins of equal width over the clips of all folds; the gain is the accuracy of the "
        f"{100 * SURE_SHARE:.0f} % of clips that the bundle is most confident of, less that of all."
    ),
    "Robustness": (
        f"In {ROBUST_FOLDS} folds, {100 * ROBUST_SHARE:.0f} % of the held-out clips, evenly over "
        "labels, heard "
        "clean and under each condition: gains that clip at full scale, white and pink noise, "
        f"babble of {BABBLE_VOICES} voices of the training side, held-out sounds of streets and "
        "houses, a small simulated room, measured rooms that no model is trained on, MP3 with "
        "64 kb/s, the band of a telephone, the response of a cheap microphone. A drop is the "
        "figure clean less the figure then."
    ),
    "Streams": (
        f"{len(STREAM_SEEDS)} streams of {LENGTH_S / 60:.0f} minutes of each kind and fold, of "
        "held-out clips, those of EMOPIA left out; the mood changes every "
        f"{SEGMENT_S[0]:.0f} to {SEGMENT_S[1]:.0f} s. The share is that of the time in "
        "which the quadrant that is said is the true one; the delay counts from a change until the "
        "new quadrant is first said; a false change is one that was not there. The moving "
        "average is the best on the very same streams of those over "
        f"{', '.join(f'{window_s:g}' for window_s in WINDOWS_S)} s, and no slower than "
        f"{MAX_DELAY_S:g} s if any is not. In noise, hum and silence nothing should be said."
    ),
    "Rooms": (
        "A model of all of one corpus hears another corpus: cold, each clip alone; warm, all clips "
        f"through one run that learns its room, the mean of {ORDERS} random orders. Voices may be "
        "named by the six moods that both corpora have. An evening is "
        f"{EVENING_S / 60:.0f} minutes of a single mood before each clip; its cost is against as "
        "long of all moods."
    ),
    "Training time": (
        "The minutes of a run are those of all epochs of its finished parts, added up, as they "
        "passed: with the features cached, and whatever else the machine had to do meanwhile."
    ),
}
"""Text for each subject."""


IN_CARD = (
    "Who is held out",
    "What is judged",
    "Mean and deviation",
    "Calibration",
    "Robustness",
    "Streams",
)
"""Subjects that the figures in the card need."""


def text() -> str:
    """Return a paragraph for each subject in the card."""
    return "\n\n".join(PROTOCOL[subject] for subject in IN_CARD)
