"""Listening conditions: changes of the waveform that a daemon meets."""

import io
from collections.abc import Sequence
from functools import partial

import numpy as np
import soundfile
import soxr

from moodstream.arrays import Float32
from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError
from moodstream_train.measure import playback
from moodstream_train.measure.playback import Change
from moodstream_train.measure.robustness import small_room
from moodstream_train.waveform import effects

GAINS_DB = (-20, -10, 6, 12)
SNRS_DB = (20, 10)
BABBLE_VOICES = 6
BABBLE_S = 40.0
MP3_RATE = 44100
MP3_LEVEL = (320 - 64) / (320 - 32)
"""Compression level of libsndfile for 64 kb/s: 0 is the highest rate of MPEG-1 layer III, 1 the
lowest."""
PHONE_HZ = ((200.0, -60.0), (300.0, 0.0), (3400.0, 0.0), (4000.0, -60.0))
CHEAP_MICROPHONE_HZ = (
    (50.0, -30.0),
    (150.0, -14.0),
    (400.0, -4.0),
    (1000.0, 0.0),
    (2500.0, 4.0),
    (3800.0, 9.0),
    (5000.0, 3.0),
    (8000.0, -14.0),
)
"""(hertz, decibels) of an electret capsule in a small case: little bass, a resonance at 3.8 kHz."""


Sound = tuple[Float32, int]
"""Samples [shape=(n,)], and their rate in hertz."""


def conditions(
    babble: Sound | None = None, street: Sequence[Sound] = (), rooms: Sequence[Sound] = ()
) -> dict[str, Change]:
    """Return all conditions by name.

    Args:
        babble: many voices; None leaves out the conditions with babble.
        street: other sounds, of which each clip has one behind it; with none, no clip has.
        rooms: measured impulse responses, of which each clip is heard through one.
    """
    behind = {"babble": [babble] if babble else [], "street": street}
    noises: dict[str, Change] = {}
    for snr_db in SNRS_DB:
        for name, slope in (("white", 0.0), ("pink", 0.5)):
            noises[f"{name} noise {snr_db} dB"] = partial(with_noise, slope=slope, snr_db=snr_db)
        for name, others in behind.items():
            if others:
                noises[f"{name} {snr_db} dB"] = partial(with_sound, others=others, snr_db=snr_db)
    return {
        **{f"gain {gain_db:+} dB": partial(with_gain, gain_db=gain_db) for gain_db in GAINS_DB},
        **noises,
        "small room": in_a_small_room,
        **({"measured room": partial(in_a_room, rooms=rooms)} if rooms else {}),
        "MP3 64 kb/s": through_mp3,
        "phone band": partial(through_response, points=PHONE_HZ),
        "cheap microphone": partial(through_response, points=CHEAP_MICROPHONE_HZ),
    }


def with_gain(samples: Float32, rate: int, rng: np.random.Generator, gain_db: float) -> Float32:
    """Change the level, and clip at full scale as a sound card does."""
    del rate, rng
    return _at_full_scale(samples * np.float32(10 ** (gain_db / 20)))


def with_noise(
    samples: Float32, rate: int, rng: np.random.Generator, slope: float, snr_db: float
) -> Float32:
    """Add noise whose amplitude falls as frequency**-slope: 0 is white, 0.5 pink, 1 brown."""
    del rate
    noise = coloured_noise(len(samples), slope, rng)
    return _at_full_scale(effects.mixed(samples, noise, snr_db))


def with_sound(
    samples: Float32,
    rate: int,
    rng: np.random.Generator,
    others: Sequence[Sound],
    snr_db: float,
) -> Float32:
    """Add another sound from a random point on."""
    sound = _at_rate(others[int(rng.integers(len(others)))], rate)
    noise = np.resize(np.roll(sound, -int(rng.integers(len(sound)))), len(samples))
    return _at_full_scale(effects.mixed(samples, noise, snr_db))


def in_a_room(
    samples: Float32, rate: int, rng: np.random.Generator, rooms: Sequence[Sound]
) -> Float32:
    """Convolve with a measured response, and keep the power."""
    response = _at_rate(rooms[int(rng.integers(len(rooms)))], rate)
    heard = effects.convolve(samples, response)
    power = np.sqrt(np.mean(samples**2) / max(1e-12, float(np.mean(heard**2))))
    return _at_full_scale(heard * np.float32(power))


def in_a_small_room(samples: Float32, rate: int, rng: np.random.Generator) -> Float32:
    """Convolve with a random response of a small room."""
    response = small_room.response(int(rng.integers(small_room.PLACES)), rate)
    return effects.convolve(samples, response)


def through_mp3(samples: Float32, rate: int, rng: np.random.Generator) -> Float32:
    """Encode as MP3 at 44.1 kHz with constant 64 kb/s, and decode."""
    del rng
    packed = io.BytesIO()
    soundfile.write(
        packed,
        soxr.resample(samples, rate, MP3_RATE),
        MP3_RATE,
        format="MP3",
        subtype="MPEG_LAYER_III",
        compression_level=MP3_LEVEL,
        bitrate_mode="CONSTANT",
    )
    packed.seek(0)
    unpacked, _ = soundfile.read(packed, dtype="float32")
    restored: Float32 = soxr.resample(unpacked, MP3_RATE, rate).astype(np.float32)
    return restored


def through_response(
    samples: Float32, rate: int, rng: np.random.Generator, points: effects.Points
) -> Float32:
    """Filter with the response of a microphone or a line."""
    del rng
    return effects.filtered(samples, rate, points)


def coloured_noise(length: int, slope: float, rng: np.random.Generator) -> Float32:
    """Draw noise of unit power [shape=(length,)] whose amplitude falls as frequency**-slope."""
    noise = effects.coloured_noise(length, slope, rng)
    passed: Float32 = noise - noise.mean()  # no microphone passes a constant
    return passed


def babble_of(voices: Sequence[Clip], seed: int = 0) -> Sound:
    """Mix six equally loud voices.

    Args:
        voices: clips of the training side. Tested voices must not be in the background.
        seed: chooses the voices and their order.

    Returns:
        samples [shape=(n,)], and their rate in hertz.

    Raises:
        TrainingError: there are too few voices.
    """
    if len(voices) < BABBLE_VOICES:
        raise TrainingError(
            f"found {len(voices)} voices to make babble of; give {BABBLE_VOICES} or more"
        )
    order = iter(np.random.default_rng(seed).permutation(len(voices)).tolist() * 1000)
    rate = playback.read(voices[0].path)[1]
    length_n = round(BABBLE_S * rate)
    talkers = np.zeros((BABBLE_VOICES, length_n), np.float32)
    for row in talkers:
        filled_n = 0
        while filled_n < length_n:
            samples, own_rate = playback.read(voices[next(order)].path)
            if own_rate != rate:
                samples = soxr.resample(samples, own_rate, rate)
            part = samples[: length_n - filled_n]
            row[filled_n : filled_n + len(part)] = part
            filled_n += len(part)
    talkers /= np.maximum(talkers.std(axis=1, keepdims=True), 1e-6)
    return talkers.mean(axis=0), rate


def _at_rate(sound: Sound, rate: int) -> Float32:
    samples, own_rate = sound
    return samples if own_rate == rate else soxr.resample(samples, own_rate, rate)


def _at_full_scale(samples: Float32) -> Float32:
    """Clip samples as a sound card does."""
    clipped: Float32 = np.clip(samples, -1, 1)
    return clipped
