"""The recipe: every number of a training. The card carries a copy."""

from dataclasses import dataclass, field

from moodstream.features.chroma import ChromaSpec
from moodstream.features.mfcc import FeatureSpec
from moodstream.features.silence import SilenceSpec
from moodstream.mood.hearing_spec import HearingSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.schema import one_of


@dataclass(frozen=True)
class Shares:
    """Share of the examples drawn from each corpus. Within a corpus, labels are drawn evenly."""

    speech: float = 0.13
    song: float = 0.08
    cremad: float = 0.11
    nemo: float = 0.07
    ased: float = 0.05
    emovo: float = 0.05
    turev: float = 0.03
    baved: float = 0.02
    """Arousal alone."""
    emogator: float = 0.04
    """Bursts of a voice without words."""
    music: float = 0.15
    musifeast: float = 0.08
    vgmidi: float = 0.03
    emopia: float = 0.03
    """Piano, which 4Q hardly has."""
    sounds: float = 0.06
    """Street and house, without a mood."""
    effects: float = 0.05
    """Short sounds of games, without a mood."""
    noise: float = 0.02
    """Noise and hum by formula."""
    games: float = 0.03
    """Music of no known mood."""
    own: float = 0.0


@dataclass(frozen=True)
class Limits:
    """Limits of the largest corpora and of long clips."""

    clip_s: float = 60.0
    """Longest part of a clip, from its start, seconds."""
    emogator: int = 3000
    """Clips of EmoGator, of 32,000; a part of each person's."""
    emopia: int = 360
    """Clips of EMOPIA, of 1,078."""


@dataclass(frozen=True)
class TextureRecipe:
    """Statistics over the texture window, an input of the CNN beside its window of frames."""

    length: int = 512
    """Frames; eight seconds."""
    lags: tuple[int, ...] = (1, 4, 16, 64)
    """Frames; from a sixty-fourth of a second to one second."""


@dataclass(frozen=True)
class Variants:
    """Changes of the waveform, as in other rooms and through other microphones; computed once."""

    count: int = 2
    """Number of variants of each clip."""
    speed: float = 0.08
    """Largest change of speed and pitch, as a factor."""
    reverb_share: float = 0.5
    """Share of the variants with reverberation."""
    reverb_s: tuple[float, ...] = (0.15, 0.5)
    """Range of the reverberation time, seconds."""
    measured_share: float = 0.5
    """Share of these rooms that were measured, where there are any."""
    background_share: float = 0.5
    """Share of the variants with another sound or music behind them."""
    background_db: tuple[float, ...] = (0.0, 25.0)
    """Range of the ratio between the clip and its background, decibels."""
    pause_share: float = 0.25
    """Share of the variants that fall silent now and then, as players and speakers do."""
    pause_s: tuple[float, ...] = (0.1, 2.0)
    """Range of such a pause, seconds."""
    until_pause_s: tuple[float, ...] = (0.5, 8.0)
    """Range of the time between two pauses, seconds."""
    babble_share: float = 0.2
    """Share of the voices with other voices behind them, at the level of the noise."""
    microphone_share: float = 0.5
    """Share of the variants through a microphone."""
    microphone_db: float = 3.0
    """Deviation of the microphone's response, decibels."""
    band_share: float = 0.2
    """Share of the variants through a line of limited bandwidth."""
    band_low_hz: tuple[float, ...] = (60.0, 400.0)
    """Range of the lower limit of the band."""
    band_high_hz: tuple[float, ...] = (3000.0, 7000.0)
    """Range of the upper limit of the band."""
    noise_share: float = 0.5
    """Share of the variants with white or pink noise."""
    noise_db: tuple[float, ...] = (8.0, 30.0)
    """Range of the signal-to-noise ratio, decibels."""
    clip_share: float = 0.1
    """Share of the variants that are clipped."""
    clip_db: tuple[float, ...] = (2.0, 10.0)
    """Range of the clipping below the peak, decibels."""


@dataclass(frozen=True)
class Augmentation:
    """Random changes of each example that is drawn; computed on the frames."""

    variant_share: float = 0.6
    """Share of the examples drawn from the variants."""
    gain_share: float = 0.7
    """Share of the examples with another level."""
    gain_db: tuple[float, ...] = (-20.0, 12.0)
    """Range of the gain, decibels."""
    segment_gain_db: float = 4.0
    """Largest gain of each sound in a sequence, up or down, decibels."""
    channel_db: float = 3.0
    """Deviation of the first cosine of a random equaliser over the mel bands, decibels."""
    stretch: float = 0.15
    """Largest change of the pace of frames, as a factor."""
    warp: float = 0.1
    """Largest shift of the mel bands, as a factor, like a longer or shorter vocal tract
    (Jaitly & Hinton 2013, "Vocal tract length perturbation")."""
    room_share: float = 0.5
    """Share of the examples with a normaliser that has partly learned its room."""
    masks_a_second: float = 0.6
    """Stretches a second that are set to the mean (SpecAugment, Park et al. 2019)."""
    mask_s: float = 0.3
    """Longest such stretch, seconds."""
    mixup: float = 0.2
    """Parameter of the beta distribution of mixup (Zhang et al. 2018); for the CNN only."""


@dataclass(frozen=True)
class Schedule:
    """Schedule of fitting one model."""

    batch: int
    epochs: int
    steps: int
    """Batches in an epoch."""
    learning_rate: float
    """Peak of a cosine schedule. The first epoch warms up to it."""
    average: float
    """Momentum of the running average of the weights. The average is the model that is kept."""
    weight_decay: float = 0.02
    label_smoothing: float = 0.05


@dataclass(frozen=True)
class CnnRecipe:
    """Sizes of the CNN over a window and of the dense network over its texture."""

    schedule: Schedule
    window_frames: int = 192
    """Frames; three seconds."""
    channels: tuple[int, ...] = (128, 128, 192, 192, 256, 256)
    """Channels of each convolution. The first spans 5 frames, the others 3. Every other one has a
    stride of 2."""
    texture: tuple[int, ...] = (128, 64)
    """Units of the layers over the texture. With none, the texture is left out."""
    dropout: float = 0.3


@dataclass(frozen=True)
class RnnRecipe:
    """Sizes of the recurrent network, and the sequences it is trained on."""

    schedule: Schedule
    step_frames: int = 8
    """Frames in a step; 8 steps are a second."""
    memory_steps: int = 128
    """Steps; 16 seconds. No training sequence is longer."""
    sequence_steps: int = 64
    """Steps of a training sequence; eight seconds."""
    embedding: int = 96
    units: int = 96
    """Units of the GRU layer."""
    averages_s: tuple[float, ...] = (1.0, 4.0)
    """Time constants of the running means of the state, seconds."""
    dropout: float = 0.3
    change_share: float = 0.4
    """Share of the sequences in which the mood changes."""
    notice_s: float = 0.5
    """Time without any target after the start and after a change, seconds."""
    settle_s: float = 1.5
    """Time without a mood as target after the start and after a change, seconds."""


FEATURES = FeatureSpec(
    sample_rate=16000,
    frame_length=512,
    hop_length=250,
    n_mels=64,
    n_mfcc=40,
    fmin=20.0,
    fmax=8000.0,
)
"""64 frames a second. Half a second and a step of the RNN hold a whole number of them."""
CHROMA = ChromaSpec(
    frame_length=4096,
    hop_length=2000,
    fmin=80.0,
    fmax=2100.0,
)
"""Frames long enough to separate semitones from 80 Hz on."""
SILENCE = SilenceSpec(open_dbfs=-80.0, close_dbfs=-85.0, hold_s=2.0, stationary=3.8)
"""The quietest clip of RAVDESS speech reaches -58 dBFS in its loudest half second. It must still be
audible 20 dB below that. The stationary limit lies between noise of any colour, which deviates by
3.5, and the stillest three seconds of 4Q (4.0) and of the voices (5.0)."""
SMOOTHING = SmoothingSpec(
    time_constant_s=3.0, evidence_scale=1.2, lasting_s=60.0, confident=0.65, doubtful=0.3
)
HEARING = HearingSpec(
    time_constant_s=1.0,
    evidence_scale=1.5,
    lasting_s=30.0,
    confident=0.6,
    doubtful=0.4,
    prior=0.95,
)
"""The prior is larger than one minus the shares of sounds and noise (0.9): there are more kinds of
sounds than any corpus has. It was chosen on short sounds of games, as large as costs music less
than a point."""


@dataclass(frozen=True)
class Recipe:
    """All numbers of a training."""

    features: FeatureSpec = FEATURES
    chroma: ChromaSpec = CHROMA
    texture: TextureRecipe = TextureRecipe()
    hop_frames: int = 32
    """Frames of the runtime's hop; half a second."""
    prior_frames: int = 230_400
    """Weight of the training statistics, as frames in the room; one hour."""
    memory_frames: int = 230_400
    """Longest memory of the room, frames; one hour. As it equals the above, no room ever outweighs
    the training statistics. Voices and music of corpora that the models never heard are recognised
    best with at most half of the weight on the room."""
    silence: SilenceSpec = SILENCE
    smoothing: SmoothingSpec = SMOOTHING
    hearing: HearingSpec = HEARING
    folds: int = 5
    """Number of folds that are trained if no part is named, before the final models."""
    split: str = field(default="groups", metadata=one_of("groups", "random-20", "random-25"))
    """Kind of split: whole voices and artists, or a leaky random share in percent."""
    shares: Shares = Shares()
    limits: Limits = Limits()
    variants: Variants = Variants()
    augmentation: Augmentation = Augmentation()
    cnn: CnnRecipe = CnnRecipe(
        Schedule(batch=128, epochs=96, steps=250, learning_rate=3e-3, average=0.999)
    )
    rnn: RnnRecipe = RnnRecipe(
        Schedule(batch=96, epochs=320, steps=60, learning_rate=3e-3, average=0.998)
    )
