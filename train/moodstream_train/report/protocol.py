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
        "Fold k holds out, together, the k-th actor fold of Luna-Jimenez et al. (2021) on RAVDESS, "
        "the actors of CREMA-D whose number modulo 5 is k, and the k-th of five folds of the "
        "artists of 4Q and of the songs of EMOPIA. One model is for both voice and music. Within "
        "the training side, one woman and one man of RAVDESS, two women and two men of CREMA-D and "
        "a tenth of the other artists are kept for the temperatures and the fusion weight. Nobody "
        "is on two sides; this is checked in each training. The leaky recipes (songs-80, songs-75) "
        "split clips at random instead, so that each singer is on both sides. Their figures can be "
        "compared only with figures that were measured in the same way."
    ),
    "What is judged": (
        "Each held-out clip is replayed alone through the runtime, with an exported bundle and "
        "from the bundle's own normalisation. The mean of its log probabilities over the audible "
        "part is judged. For voices, the figure is the unweighted average recall (UAR) of the most "
        "probable of all eight moods, even if the corpus has six. For music, it is the quadrant "
        "whose moods have the largest sum of probabilities. A clip in which nothing was heard "
        "counts as wrong. Losses are cross-entropies in nats; everything else is in percent or "
        "points."
    ),
    "What is heard": (
        "The held-out clips of each kind of sound are joined to a stream of at most "
        f"{naming.LONGEST_S / 60:.0f} minutes. Row N is the share of the time with a named mood. "
        "Street music and playing children do not count, because they are music and voices. Music "
        "and short sounds of games come from games that no model is trained on. Row H has streams "
        "of voices, music and other sounds that change every "
        f"{heard.SEGMENT_S[0]:.0f} to {heard.SEGMENT_S[1]:.0f} s, clean, and with music or another "
        f"sound behind each voice, {heard.MIXED_DB[0]:.0f} to {heard.MIXED_DB[1]:.0f} dB below it. "
        "A hop is right if both voice and music have a probability on the right side of one half. "
        f"The first {heard.SETTLE_S:.0f} s after a change count only for the delay."
    ),
    "Corpora left out": (
        "A part of the run is trained without some corpora, usually one of voices and one of "
        "music. It is then tested on about an hour of these voices and two hours of this music. "
        "Voices are named by the moods of their corpus; calm counts as neutral. *Cold*, each clip "
        "is heard alone. *Warm*, all clips go through one run that learns its room; the figure is "
        f"the mean of {ORDERS} random orders."
    ),
    "Mean and deviation": (
        "Figures are means over the folds ± the standard deviation (n - 1) over them. If a recipe "
        "was run with several seeds, each fold counts with the mean of its seeds, and the "
        "deviation of the seeds' means follows in brackets. Differences are computed for each fold."
    ),
    "Calibration": (
        "The expected calibration error has "
        f"{BINS} bins of equal width over the clips of all folds. The gain is the accuracy of the "
        f"{100 * SURE_SHARE:.0f} % of clips with the highest confidence, minus that of all clips."
    ),
    "Robustness": (
        f"In {ROBUST_FOLDS} folds, {100 * ROBUST_SHARE:.0f} % of the held-out clips, evenly from "
        "all labels, are heard clean and under each condition: gains that clip at full scale, "
        f"white and pink noise, babble of {BABBLE_VOICES} voices of the training side, held-out "
        "sounds of streets and houses, a small simulated room, measured rooms that no model is "
        "trained on, MP3 with 64 kb/s, the band of a telephone, and the response of a cheap "
        "microphone. A drop is the clean figure minus the figure under the condition."
    ),
    "Streams": (
        f"For each kind and fold, {len(STREAM_SEEDS)} streams of {LENGTH_S / 60:.0f} minutes of "
        "held-out clips, without EMOPIA. The mood changes every "
        f"{SEGMENT_S[0]:.0f} to {SEGMENT_S[1]:.0f} s. The share is that of the time with the right "
        "quadrant. The delay is the time from a change to the first report of the new quadrant. A "
        "false change is a reported one that did not happen. The moving average is the best one "
        "on the same streams, of those over "
        f"{', '.join(f'{window_s:g}' for window_s in WINDOWS_S)} s, with a delay of at most "
        f"{MAX_DELAY_S:g} s if there is one. In noise, hum and silence, nothing should be reported."
    ),
    "Rooms": (
        "A model of all clips of one corpus hears another corpus. *Cold*, each clip is heard "
        "alone. *Warm*, all clips go through one run that learns its room; the figure is the mean "
        f"of {ORDERS} random orders. Voices are named by the six moods that both corpora have. An "
        f"evening is {EVENING_S / 60:.0f} minutes of a single mood before each clip. Its cost is "
        "the difference from an evening of all moods."
    ),
    "Training time": (
        "The minutes of a run are the sum over all epochs of its finished parts, in real time, "
        "without the computation of features, and including whatever else the machine did."
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
