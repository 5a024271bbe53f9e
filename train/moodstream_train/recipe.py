"""The recipe: every number of the training, top to bottom. The card carries a copy."""

from dataclasses import dataclass, field, replace

from moodstream.features.chroma import ChromaSpec
from moodstream.features.mfcc import FeatureSpec
from moodstream.features.silence import SilenceSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.schema import one_of


@dataclass(frozen=True)
class Shares:
    """How often each corpus is drawn from; within one, labels are drawn evenly."""

    speech: float = 0.25
    song: float = 0.15
    cremad: float = 0.2
    music: float = 0.4
    noise: float = 0.04
    """Sounds that have no mood."""
    emopia: float = 0.08
    """Piano, which 4Q hardly has."""
    own: float = 0.0


@dataclass(frozen=True)
class TextureRecipe:
    """The statistics over the texture window, which the CNN takes beside its window."""

    length: int = 512
    """Frames: eight seconds."""
    lags: tuple[int, ...] = (1, 4, 16, 64)
    """Frames: from a sixty-fourth of a second to one."""


@dataclass(frozen=True)
class Variants:
    """How a clip may have sounded elsewhere: computed on the waveform, once."""

    count: int = 2
    """For each clip, beside the clip as it is."""
    speed: float = 0.08
    """Faster or slower, and higher or lower, by up to this factor."""
    reverb_share: float = 0.5
    """Share of the variants in a room..."""
    reverb_s: tuple[float, ...] = (0.15, 0.5)
    """...with a reverberation time in this range, seconds."""
    babble_share: float = 0.3
    """Share of the voices with others who talk behind them, as far below as noise."""
    microphone_share: float = 0.5
    """Share of the variants heard by some microphone..."""
    microphone_db: float = 3.0
    """...which is uneven by so much, decibels."""
    band_share: float = 0.2
    """Share of the variants through a line that carries a band alone..."""
    band_low_hz: tuple[float, ...] = (60.0, 400.0)
    """...from somewhere here..."""
    band_high_hz: tuple[float, ...] = (3000.0, 7000.0)
    """...to somewhere here."""
    noise_share: float = 0.5
    """Share of the variants with white or pink noise..."""
    noise_db: tuple[float, ...] = (8.0, 30.0)
    """...this far below the signal, decibels."""
    clip_share: float = 0.1
    """Share of the variants that were too loud for their microphone..."""
    clip_db: tuple[float, ...] = (2.0, 10.0)
    """...so far, decibels: louder samples are cut."""


@dataclass(frozen=True)
class Augmentation:
    """What changes each time that an example is drawn: computed on the frames."""

    variant_share: float = 0.6
    """Share of the examples drawn from the variants."""
    gain_share: float = 0.7
    """Share of the examples played at another level..."""
    gain_db: tuple[float, ...] = (-20.0, 12.0)
    """...in this range, decibels."""
    segment_gain_db: float = 4.0
    """The sounds of one sequence differ in level by up to this much either way."""
    channel_db: float = 3.0
    """Deviation of a random gentle equaliser: of its first cosine over the mel bands, decibels."""
    stretch: float = 0.15
    """Frames pass faster or slower by up to this factor."""
    warp: float = 0.1
    """Mel bands are moved up or down by up to this factor, as by a longer or shorter vocal tract
    (Jaitly & Hinton 2013, "Vocal tract length perturbation")."""
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
    average: float
    """Of the running average of the weights, which is the model that is kept."""
    weight_decay: float = 0.02
    label_smoothing: float = 0.05


@dataclass(frozen=True)
class CnnRecipe:
    """The CNN over one window, with a dense network over its texture."""

    schedule: Schedule
    window_frames: int = 192
    """Three seconds."""
    channels: tuple[int, ...] = (96, 96, 144, 144, 192, 192)
    """Of each convolution; the first spans 5 frames, the others 3, every other one strides 2."""
    texture: tuple[int, ...] = (128, 64)
    """Units of the layers over the texture; with none, it is left out."""
    dropout: float = 0.3
    heads: str = field(default="one", metadata=one_of("one", "gated"))
    """One head for voice and music, or two and a gate between them."""


@dataclass(frozen=True)
class RnnRecipe:
    """The recurrent network over a sequence."""

    schedule: Schedule
    step_frames: int = 8
    """8 steps a second."""
    memory_steps: int = 128
    """16 seconds: no training sequence is longer."""
    sequence_steps: int = 64
    """Of the training sequences: eight seconds, what a state has heard at least, once it speaks."""
    embedding: int = 96
    units: int = 96
    """Of the GRU layer."""
    averages_s: tuple[float, ...] = (1.0, 4.0)
    """Time constants of the running means of the state that the output sees beside it, seconds."""
    dropout: float = 0.3
    change_share: float = 0.4
    """Share of the sequences in which the mood changes."""
    settle_s: float = 1.5
    """After the start and after a change, nothing is asked for so long."""


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
CHROMA = ChromaSpec(
    frame_length=4096,
    hop_length=2000,
    fmin=80.0,
    fmax=2100.0,
)
"""Long enough to part the semitones from 80 Hz on."""
SILENCE = SilenceSpec(open_dbfs=-80.0, close_dbfs=-85.0, hold_s=2.0, stationary=3.8)
"""The quietest clip of RAVDESS speech reaches -58 dBFS in its loudest half second, and should still
be heard 20 dB below that. Noise of any colour, that of microphones too, deviates by 3.5, the
stillest three seconds of 4Q by 4.0, of the voices by 5.0."""
SMOOTHING = SmoothingSpec(
    time_constant_s=3.0, evidence_scale=1.2, lasting_s=60.0, confident=0.65, doubtful=0.3
)


@dataclass(frozen=True)
class Recipe:
    """All of it."""

    features: FeatureSpec = FEATURES
    chroma: ChromaSpec = CHROMA
    texture: TextureRecipe = TextureRecipe()
    hop_frames: int = 32
    """Frames of the runtime's hop, half a second: what is audible or silent as one."""
    prior_frames: int = 28_800
    """The training statistics weigh as much as seven and a half minutes in the room."""
    memory_frames: int = 460_800
    """Two hours."""
    silence: SilenceSpec = SILENCE
    smoothing: SmoothingSpec = SMOOTHING
    split: str = field(default="groups", metadata=one_of("groups", "random-20", "random-25"))
    """What is held out: whole voices and artists, or a leaky random share in percent."""
    shares: Shares = Shares()
    variants: Variants = Variants()
    augmentation: Augmentation = Augmentation()
    cnn: CnnRecipe = CnnRecipe(
        Schedule(batch=128, epochs=24, steps=250, learning_rate=3e-3, average=0.998)
    )
    rnn: RnnRecipe = RnnRecipe(
        Schedule(batch=96, epochs=64, steps=60, learning_rate=3e-3, average=0.99)
    )


def _lasting(recipe: Recipe, share: float) -> Recipe:
    """The same with fewer epochs: for a part of the data."""
    cnn, rnn = recipe.cnn, recipe.rnn
    return replace(
        recipe,
        cnn=replace(cnn, schedule=replace(cnn.schedule, epochs=round(cnn.schedule.epochs * share))),
        rnn=replace(rnn, schedule=replace(rnn.schedule, epochs=round(rnn.schedule.epochs * share))),
    )


_NONE = Shares(speech=0, song=0, cremad=0, music=0, noise=0, emopia=0)
_SHIPPED = Recipe()
_VOICE = replace(_SHIPPED, shares=replace(_SHIPPED.shares, music=0, emopia=0))
_SONGS = replace(
    _SHIPPED,
    shares=replace(_NONE, song=1),
    # The same singers are on both sides: much of what helps with others keeps from learning them.
    augmentation=replace(
        _SHIPPED.augmentation,
        variant_share=0.25,
        gain_share=0.3,
        segment_gain_db=0.0,
        channel_db=1.0,
        stretch=0.1,
        warp=0.05,
        room_share=0.0,
    ),
)

RECIPES = {
    "shipped": _SHIPPED,
    # What the shipped one is compared with: each side alone...
    "voice": _lasting(_VOICE, 0.6),
    "music": _lasting(replace(_SHIPPED, shares=replace(_NONE, music=1)), 0.4),
    # ...one corpus alone, to be tried on another...
    "speech": _lasting(replace(_SHIPPED, shares=replace(_NONE, speech=1)), 0.4),
    "cremad": _lasting(replace(_SHIPPED, shares=replace(_NONE, cremad=1)), 0.4),
    "emopia": _lasting(replace(_SHIPPED, shares=replace(_NONE, emopia=1)), 0.4),
    # ...and the leaky splits of the project that this one grew from.
    "songs-80": replace(_SONGS, split="random-20"),
    "songs-75": replace(_SONGS, split="random-25"),
}
"""What ``moodstream train --recipe`` knows."""
