"""The recipe: every number of the training, top to bottom. The card carries a copy."""

from dataclasses import dataclass

from moodstream.mfcc import FeatureSpec
from moodstream.silence import SilenceSpec
from moodstream.smoothing import SmoothingSpec


@dataclass(frozen=True)
class Variants:
    """How a clip may have sounded elsewhere: computed on the waveform, once."""

    count: int = 3
    """For each clip, beside the clip as it is."""
    speed: float = 0.08
    """Faster or slower, and higher or lower, by up to this factor."""
    reverb_share: float = 0.5
    """Share of the variants in a room..."""
    reverb_s: tuple[float, ...] = (0.15, 0.5)
    """...with a reverberation time in this range, seconds."""
    noise_share: float = 0.6
    """Share of the variants with white or pink noise..."""
    noise_db: tuple[float, ...] = (10.0, 30.0)
    """...this far below the signal, decibels."""


@dataclass(frozen=True)
class Augmentation:
    """What changes each time that an example is drawn: computed on the frames."""

    variant_share: float = 0.5
    """Share of the examples drawn from the variants."""
    gain_share: float = 0.7
    """Share of the examples played at another level..."""
    gain_db: tuple[float, ...] = (-20.0, 12.0)
    """...in this range, decibels."""
    segment_gain_db: float = 4.0
    """The sounds of one sequence differ in level by up to this much either way."""
    channel_db: float = 3.0
    """Deviation of a random gentle equaliser: of its first cosine over the mel bands, decibels."""
    room_share: float = 0.5
    """Share of the examples heard by a normaliser that has partly learned its room."""
    masks_a_second: float = 0.6
    """Stretches of an example set to the mean, as in SpecAugment (Park et al. 2019)..."""
    mask_s: float = 0.3
    """...each up to this long, seconds."""
    mixup: float = 0.2
    """Of the beta distribution that shares come from (Zhang et al. 2018); the CNN only."""


@dataclass(frozen=True)
class Schedule:
    """How one model is fitted."""

    batch: int
    epochs: int
    steps: int
    """Batches an epoch."""
    learning_rate: float
    """Peak of a cosine that is warmed up over the first epoch."""
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    average: float = 0.998
    """Of the running average of the weights, which is the model that is kept."""


@dataclass(frozen=True)
class CnnRecipe:
    """The CNN over one window."""

    schedule: Schedule
    window_frames: int = 192
    """Three seconds."""
    channels: tuple[int, ...] = (64, 64, 96, 96, 128, 128)
    """Of each convolution; the first spans 5 frames, the others 3, every other one strides 2."""
    dropout: float = 0.3


@dataclass(frozen=True)
class RnnRecipe:
    """The recurrent network over a sequence."""

    schedule: Schedule
    step_frames: int = 4
    """16 steps a second."""
    memory_steps: int = 256
    """16 seconds: the length of the training sequences, too."""
    embedding: int = 64
    units: tuple[int, ...] = (80, 80)
    """Of each GRU layer."""
    dropout: float = 0.2
    change_share: float = 0.5
    """Share of the sequences in which the mood changes."""
    settle_steps: int = 24
    """After the start and after a change, nothing is asked for 1.5 s."""


FEATURES = FeatureSpec(
    sample_rate=16000,
    frame_length=512,
    hop_length=250,
    n_mels=64,
    n_mfcc=40,
    fmin=20.0,
    fmax=8000.0,
)
"""64 frames a second: a whole number of them in half a second, and in a step of the RNN."""
SILENCE = SilenceSpec(open_dbfs=-60.0, close_dbfs=-65.0, hold_s=2.0)
"""The quietest clip of RAVDESS speech reaches -58 dBFS in its loudest half second."""
SMOOTHING = SmoothingSpec(
    time_constant_s=3.0, margin=0.12, dwell_s=2.0, confident=0.45, doubtful=0.38
)
"""Chosen on held-out clips of folds 0 to 2, singly: from 0.45 on, two thirds of the time in music
and seven eighths in voices are said, and the quadrant is right in 65 and 81 % of it."""


@dataclass(frozen=True)
class Recipe:
    """All of it."""

    features: FeatureSpec = FEATURES
    hop_frames: int = 32
    """Frames of the runtime's hop, half a second: what is audible or silent as one."""
    prior_frames: int = 115_200
    """The training statistics weigh as much as half an hour in the room."""
    memory_frames: int = 460_800
    """Two hours."""
    silence: SilenceSpec = SILENCE
    smoothing: SmoothingSpec = SMOOTHING
    shares: tuple[float, ...] = (0.28, 0.22, 0.5)
    """Of speech, song and music in the examples; within each, moods are drawn evenly."""
    variants: Variants = Variants()
    augmentation: Augmentation = Augmentation()
    cnn: CnnRecipe = CnnRecipe(Schedule(batch=64, epochs=12, steps=250, learning_rate=2e-3))
    rnn: RnnRecipe = RnnRecipe(Schedule(batch=32, epochs=12, steps=100, learning_rate=2e-3))


RECIPE = Recipe()
"""What ``moodstream train`` does."""
