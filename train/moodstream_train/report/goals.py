"""Rows of the protocol: measurement, figure to beat, and goal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """Limit that a figure of a row must reach."""

    name: str
    """Name of the figure."""
    bound: float
    at_most: bool = False
    unit: str = ""

    def __str__(self) -> str:
        """Format as ``accuracy >= 96 %``."""
        return f"{self.name} {'<=' if self.at_most else '>='} {self.bound:g}{self.unit}"

    def met(self, value: float) -> bool:
        """Tell whether a value is within the limit."""
        return value <= self.bound if self.at_most else value >= self.bound


@dataclass(frozen=True)
class Goal:
    """Row of the protocol."""

    id: str
    meaning: str
    """A sentence for a reader who knows nothing of the protocol."""
    protocol: str
    to_beat: str
    source: str
    """Source of the figure to beat."""
    limits: tuple[Limit, ...] = ()
    recipes: tuple[str, ...] = ("shipped",)
    """Recipes whose runs it is measured on."""


_SEED_PROJECT = "reported by the student project"
_GIVEN = "given with the protocol"
_PROTOCOL = "set by the protocol"

GOALS = (
    Goal(
        "N",
        "Sounds of streets and houses have no mood: the share of the time in which they are "
        "given one.",
        "held-out sounds of streets and houses, each class as one stream: share of the time with "
        "a named mood; for comparison, that of voices and music",
        "86 % named",
        "the previous bundle, on 40 kinds of sound",
        (
            Limit("all sounds", 3, at_most=True, unit=" %"),
            Limit("worst class", 10, at_most=True, unit=" %"),
        ),
    ),
    Goal(
        "H",
        "Voice, music and other sounds, alone and mixed: the share of the time in which they are "
        "recognised.",
        "streams of held-out voices, music and other sounds, clean, and voices over music or other "
        "sounds at 0 to 20 dB: share of the time in which what is heard is right",
        "-",
        _PROTOCOL,
        (
            Limit("clean", 96, unit=" %"),
            Limit("mixed", 90, unit=" %"),
            Limit("delay", 2, at_most=True, unit=" s"),
        ),
    ),
    Goal(
        "L1",
        "Voices of a whole corpus that the networks never heard, in another language or place.",
        "each corpus of voices in turn left out of training, UAR over its own moods (calm counts "
        "as neutral): the mean *cold* (each clip alone), and the gain of a run that adapts",
        "cold 23 to 35, warm 26 to 38 (SVM on MFCC statistics)",
        _GIVEN,
        (Limit("cold", 50), Limit("won by the room", 3), Limit("least won", 0)),
    ),
    Goal(
        "L2",
        "Music of a whole corpus that the networks never heard.",
        "each corpus of music in turn left out of training: accuracy of the quadrant; for "
        "MUSIFEAST-17 also of high or low valence, and of high or low arousal",
        "44, 58, 80 (logistic regression on YAMNet's embedding, from 4Q to MUSIFEAST-17)",
        _GIVEN,
        (
            Limit("MUSIFEAST-17", 55),
            Limit("valence", 66),
            Limit("arousal", 84),
            Limit("4Q", 55),
        ),
    ),
    Goal(
        "V4",
        "Voices in other languages, by speakers whom the networks never heard.",
        "the other corpora of voices, speakers held out, UAR",
        "-",
        _PROTOCOL,
    ),
    Goal(
        "VA",
        "How closely valence and arousal follow the ratings of listeners, for music by unknown "
        "artists; 1 is perfect, 0 is chance.",
        "correlation of the published valence and arousal with the ratings of MUSIFEAST-17, "
        "artists held out",
        "0.51, 0.78 (VibeNet, 18.5 MB)",
        _GIVEN,
        (Limit("valence", 0.60), Limit("arousal", 0.82)),
    ),
    Goal(
        "S1",
        "The CNN names the mood of songs by singers whose other songs it was trained on, "
        "which is easier than it sounds.",
        "RAVDESS song, 6 moods, random stratified 80/20: the CNN, accuracy / loss; *leaky*",
        "88.67 % / 0.2879",
        _SEED_PROJECT,
        (Limit("accuracy", 96, unit=" %"), Limit("loss", 0.15, at_most=True)),
        ("songs-80",),
    ),
    Goal(
        "S2",
        "The same for the RNN, on another such split.",
        "the same, random 75/25: the RNN, accuracy / loss, confusion matrix; *leaky*",
        "73.91 % / 1.041",
        _SEED_PROJECT,
        (Limit("accuracy", 95, unit=" %"), Limit("loss", 0.20, at_most=True)),
        ("songs-75",),
    ),
    Goal(
        "S3",
        "Pictures of the progress of these trainings and of the moods that are confused.",
        "pictures of both models: loss and accuracy on training and test set, confusion matrix; "
        "*leaky*",
        "-",
        _PROTOCOL,
        (Limit("pictures", 6),),
        ("songs-80", "songs-75"),
    ),
    Goal(
        "V1",
        "Songs by singers whom the networks never heard: the share of right clips, averaged "
        "over six moods.",
        "RAVDESS song, 6 moods, actors left out, UAR",
        "74.2 (SVM on MFCC statistics), 70.5 (small CNN on time-mean MFCC)",
        _GIVEN,
        (Limit("UAR", 84),),
    ),
    Goal(
        "V2",
        "Speech by people whom the networks never heard: the share of right clips, averaged "
        "over eight moods.",
        "RAVDESS speech, 8 moods, the same folds, UAR",
        "62.3 (ResLSTM-SA, 47 k parameters, mean of 10 runs; best 65.2), 81.8 (wav2vec2-xlsr, "
        "317 M parameters), about 60 (people, by ear)",
        _GIVEN,
        (Limit("UAR", 68),),
    ),
    Goal(
        "V3",
        "Everyday recordings of many people whom the networks never heard, averaged over six "
        "moods.",
        "CREMA-D, 6 moods, actors left out (by number modulo 5), UAR",
        "-",
        _PROTOCOL,
        (Limit("UAR", 60),),
    ),
    Goal(
        "M1",
        "Music by artists whom the networks never heard: the share of clips with the right "
        "quadrant of valence and arousal.",
        "4Q music, quadrant, 5 folds by artist, whole clip, accuracy and macro-F1",
        "73.8 (logistic regression on the layers of YAMNet and musicnn), 65.7 (SVM on clip "
        "statistics of MFCC, chroma, rhythm), 62.9 (SVM on MFCC statistics), "
        "63.0 (Essentia's four mood networks + logistic regression), 60.0 (VibeNet, 18.5 MB)",
        _GIVEN,
        (Limit("accuracy", 75),),
    ),
    Goal(
        "M2",
        "Networks that were trained on voices only name the quadrant of music; guessing is right "
        "for 25 of 100 clips.",
        "trained on voices only, tested on 4Q music: accuracy of the quadrant (chance 25)",
        "33-40",
        _GIVEN,
        recipes=("voice",),
    ),
    Goal(
        "M3",
        "Twenty songs that people may know: for how many is the quadrant right?",
        "a table of songs of the test folds, drawn by a seed: right by quadrant, of 20",
        "1 of 5 by either model",
        _SEED_PROJECT,
        (Limit("both", 15),),
    ),
    Goal(
        "J",
        "What one bundle for voices and music gains or loses against two separate ones, in points.",
        "one bundle for voices and music against models trained separately: points in V1, V2, M1",
        "-",
        _PROTOCOL,
        (Limit("V1", -2), Limit("V2", -2), Limit("M1", -2)),
        ("shipped", "voice", "music"),
    ),
    Goal(
        "Q",
        "The 8-bit models against the exact ones: how often they name the same mood, the loss of "
        "accuracy, and their size.",
        "int8 against float32 on whole test folds: same mood, loss of accuracy, size of the models",
        "-",
        _PROTOCOL,
        (
            Limit("agreement", 99, unit=" %"),
            Limit("largest loss of accuracy", 0.5, at_most=True),
            Limit("MB", 1.5, at_most=True),
        ),
    ),
    Goal(
        "C",
        "Whether a confidence of 80 % means right in 80 of 100 clips, and how much better the "
        "most confident answers are.",
        "calibration on the worst of the corpora: expected calibration error (ECE), and points "
        "gained on the 70 % most confident",
        "ECE 0.05; +10 points",
        _PROTOCOL,
        (Limit("ECE", 0.04, at_most=True), Limit("gain", 8)),
    ),
    Goal(
        "R",
        "The loss, in points, when the same clips are louder, noisy, in a room, compressed or on "
        "the phone.",
        "robustness: the largest drop of V1 and M1 under gain, noise, babble, street sounds, small "
        "and measured rooms, MP3, phone band, a cheap microphone",
        "-",
        _PROTOCOL,
        (
            Limit("drop", 5, at_most=True),
            Limit("drop in noise at 10 dB", 10, at_most=True),
        ),
    ),
    Goal(
        "T",
        "Ten minutes in which the mood changes: how late a change is reported, how often a false "
        "one is, and how much of the time is right.",
        "streams of test-fold clips, 10 minutes, the mood changing every 15-40 s, the worst kind: "
        "median delay, false changes a minute, share of right time against a moving average",
        "a moving average of the window scores",
        _PROTOCOL,
        (
            Limit("delay", 6, at_most=True, unit=" s"),
            Limit("false changes", 0.7, at_most=True),
            Limit("share won", 0),
        ),
    ),
    Goal(
        "X",
        "Networks that were trained on one corpus hear another, recorded elsewhere, each clip "
        "alone or after they have learned the room.",
        "other rooms and microphones, *cold* (each clip alone) and *warm* (a run that adapts): "
        "RAVDESS speech to CREMA-D and back, 6 moods, UAR; 4Q to EMOPIA rendered and back, "
        "warm accuracy; points lost by an evening of one mood",
        "cold 23 / 24 (SVM on MFCC statistics; chance 16.7), 38 / 35 (normalised per corpus)",
        _GIVEN,
        (
            Limit("speech to cremad (cold)", 40),
            Limit("cremad to speech (cold)", 45),
            Limit("speech to cremad (warm)", 52),
            Limit("cremad to speech (warm)", 58),
            Limit("music to emopia (warm)", 60),
            Limit("emopia to music (warm)", 60),
            Limit("evening", 5, at_most=True),
        ),
        ("speech", "cremad", "music", "emopia"),
    ),
    Goal(
        "O",
        "Recordings of corpora that moodstream was never trained or tuned on, tested by others.",
        "corpora that were never trained or tuned on, tested by others with `moodstream replay`",
        "-",
        _PROTOCOL,
        recipes=(),
    ),
)
