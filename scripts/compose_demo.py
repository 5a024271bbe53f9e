"""Compose the bundled recording: calm, happy, sad and angry music, a silence, and calm again.

Usage: python scripts/compose_demo.py [OUTPUT]      (default: moodstream/data/demo.ogg)

Every sound is computed here from oscillators and noise, and the music was written for this file.
The seed is fixed, so each run makes the same samples.  Units are seconds, hertz and linear gain,
and beats in scores.  A mono sound is an array of shape (n,), a stereo one (n, 2).
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import soundfile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Wave = npt.NDArray[np.float64]

RATE = 32_000
RNG = np.random.default_rng(20)
CEILING = 0.84  # of full scale; decoded Vorbis overshoots the peaks it was given
OUTPUT = Path(__file__).resolve().parents[1] / "moodstream" / "data" / "demo.ogg"


def pitch(name: str) -> float:
    """Frequency in Hz of a note such as "A4" or "F#3", in equal temperament."""
    semitones = "C D EF G A B".index(name[0]) + name.count("#") + 12 * int(name[-1])
    return float(440 * 2 ** ((semitones - 57) / 12))


def notes(score: str) -> Iterator[tuple[float, float, float]]:
    """Read "A4 1.5 - .5 ..." (note or rest, beats) as (start beat, Hz, beats)."""
    beat, tokens = 0.0, score.replace("|", " ").split()
    for name, length in zip(tokens[::2], map(float, tokens[1::2]), strict=True):
        if name != "-":
            yield beat, pitch(name), length
        beat += length


def steps(pattern: str) -> list[tuple[float, str]]:
    """Read sixteenth steps such as "x..xX..." as (start beat, mark); a dot rests."""
    return [(index / 4, mark) for index, mark in enumerate(pattern) if mark != "."]


def seconds(length: float) -> Wave:
    """Sample times in seconds of a sound that lasts `length` seconds."""
    return np.arange(int(length * RATE)) / RATE


def noise(length: float) -> Wave:
    """White noise of unit variance."""
    return RNG.standard_normal(int(length * RATE))


def envelope(length: float, attack: float, release: float) -> Wave:
    """Rise over `attack` seconds, hold, and fall over the last `release` seconds."""
    t = seconds(length)
    return np.sin(np.clip(np.minimum(t / attack, (length - t) / release), 0, 1) * np.pi / 2) ** 2


def band(sound: Wave, low: float = 1.0, high: float = 1e6, poles: int = 2) -> Wave:
    """Keep `low` to `high` Hz through causal analogue-style slopes of `poles` times 6 dB/octave."""
    size = 1 << (len(sound) + RATE // 20).bit_length()  # padded, so that nothing wraps round
    jf = 1j * np.fft.rfftfreq(size, 1 / RATE)
    response = (jf / (low + jf) / (1 + jf / high)) ** poles
    spectrum = np.fft.rfft(sound.T, size) * response
    return np.asarray(np.fft.irfft(spectrum, size).T[: len(sound)], np.float64)


def saw(freq: float | Wave, length: float) -> Wave:
    """Sawtooth from a random phase, its jump rounded (PolyBLEP) so that it hardly aliases."""
    step = np.broadcast_to(np.asarray(freq) / RATE, len(seconds(length)))
    phase = (RNG.random() + np.cumsum(step)) % 1
    after, before = np.minimum(phase / step, 1), np.maximum((phase - 1) / step, -1)
    return np.asarray(2 * phase - 1 + (1 - after) ** 2 - (1 + before) ** 2, np.float64)


def ensemble(freq: float, length: float, cents: float, vibrato: float = 0) -> Wave:
    """Six saws across the stereo field, detuned by up to `cents`, wavering by `vibrato` cents."""
    t, sound = seconds(length), np.zeros((int(length * RATE), 2))
    for side in np.linspace(-0.9, 0.9, 6):
        waver = vibrato * np.sin(2 * np.pi * (5.1 + 0.4 * side) * t + 6 * RNG.random())
        voice = saw(freq * 2 ** ((cents * side + waver) / 1200), length)
        sound += voice[:, None] * np.sqrt([1 - side, 1 + side]) / 4
    return sound


def pad(freq: float, length: float) -> Wave:
    """Slow, dark, still chord tone."""
    return band(ensemble(freq, length, 9), high=900) * envelope(length, 0.9, 1.2)[:, None]


def strings(freq: float, length: float) -> Wave:
    """Bowed section with vibrato, its body filtering the saws."""
    return band(ensemble(freq, length, 14, 9), 120, 1100) * envelope(length, 0.7, 1)[:, None]


def pluck(freq: float, length: float, brightness: float) -> Wave:
    """Karplus-Strong string: a loop of noise, averaged with its neighbour once a period."""
    period, rounds = int(RATE / freq), []
    loop = band(RNG.uniform(-1, 1, period * 4), high=brightness)[-period:]
    for _ in range(int(length * freq) + 2):
        rounds.append(loop)
        loop = 0.998 * (loop + np.roll(loop, 1)) / 2
    # Averaging delays by half a sample; reading the loops at this speed puts the string in tune.
    position = seconds(length) * freq * (period + 0.5)
    sound = np.interp(position, np.arange(len(rounds) * period), np.concatenate(rounds))
    return sound * envelope(length, 0.002, 0.1)


def piano(freq: float, length: float, softness: float = 0.7) -> Wave:
    """Additive piano: stretched partials of two strings, high ones dying first, and a hammer."""
    t = seconds(length)
    sound = 0.02 * band(noise(length), high=900) * np.exp(-t * 60)
    for k in range(1, 16):
        phase = 2 * np.pi * k * freq * np.sqrt(1 + 0.0004 * k * k) * t
        decay = np.exp(-t * (0.5 + freq / 500) * (0.7 + 0.3 * k) - softness * (k - 1))
        sound += (np.sin(phase) + np.sin(1.0006 * phase)) * decay / 2
    return sound * envelope(length, 0.004, 0.25)


def electric_piano(freq: float, length: float) -> Wave:
    """Frequency modulation: a mellow body (ratio 1) and a short tine (ratio 14)."""
    t = seconds(length)
    w = 2 * np.pi * freq * t
    body = np.sin(w + 0.9 * np.exp(-t * 2.5) * np.sin(w))
    tine = np.sin(w + 0.4 * np.exp(-t * 9) * np.sin(14 * w)) * np.exp(-t * 6)
    return (body + 0.4 * tine) * np.exp(-t * 1.1) * envelope(length, 0.004, 0.3)


def brass(freq: float, length: float) -> Wave:
    """Bright synthesiser tone: open on the attack, with an FM bell an octave above."""
    t, saws = seconds(length), ensemble(freq, length, 10, 6)
    dark, bright = band(saws, high=3500), band(saws, high=8000)
    w = 4 * np.pi * freq * t
    bell = 0.3 * np.sin(w + 1.5 * np.exp(-t * 8) * np.sin(3.5 * w)) * np.exp(-t * 5)
    tone = dark + (bright - dark) * np.exp(-t * 6)[:, None] + bell[:, None]
    return tone * envelope(length, 0.004, 0.06)[:, None]


def bass(freq: float, length: float) -> Wave:
    """Round plucked bass: a sine under a dark saw."""
    t = seconds(length)
    tone = 0.8 * band(saw(freq, length), high=900) + np.sin(2 * np.pi * freq * t)
    return tone * np.exp(-t * 3) * envelope(length, 0.004, 0.04)


def power_chord(root: float, length: float, *, muted: bool) -> Wave:
    """Root, fifth and octave as yet undistorted; a muted one is damped by the palm."""
    tone = np.sum([saw(root * ratio, length) for ratio in (1, 1.003, 1.498, 2.002)], axis=0)
    damped = band(tone, high=1200 if muted else 8000)
    return damped * np.exp(-seconds(length) * (14 if muted else 1)) * envelope(length, 0.002, 0.02)


def distort(sound: Wave, drive: float) -> Wave:
    """Overdriven amplifier and its loudspeaker: tight before, clipped, rolled off after."""
    return band(np.tanh(drive * band(sound, 90)), 70, 5500, 3)


def screech(freq: float, length: float) -> Wave:
    """Two tones a minor second apart, bending upward, picked fast and distorted."""
    t = seconds(length)
    bent = freq * 2 ** (t / length / 6)
    return distort((saw(bent, length) + saw(bent * 1.0595, length)) * (1 - 0.6 * (t * 22.4 % 1)), 6)


def machine(length: float) -> Wave:
    """Noise that swells and is chopped ever faster."""
    t = seconds(length)
    return band(noise(length), 700) * (np.sin(230 * t * (1 + t / length)) > 0) * (t / length) ** 2


def kick(length: float, click: float) -> Wave:
    """Bass drum: a sine falling from 190 to 48 Hz, and the click of the beater."""
    t = seconds(length)
    fall = np.sin(2 * np.pi * (48 * t + 142 / 34 * (1 - np.exp(-t * 34)))) * np.exp(-t * 11)
    beater = click * band(noise(length), 2000) * np.exp(-t * 350)
    return np.tanh(2 * fall + beater) * envelope(length, 1e-4, 0.05)


def snare(length: float) -> Wave:
    """Snare drum: the tone of the head under rattling noise."""
    t = seconds(length)
    head = np.sin(2 * np.pi * (185 * t + 2 * (1 - np.exp(-t * 40)))) * np.exp(-t * 25)
    rattle = band(noise(length), 1200) * np.exp(-t * 4 / length)
    return np.asarray(np.tanh(head + 0.7 * rattle), np.float64)


def clap(length: float) -> Wave:
    """Hands that do not quite land together."""
    t = seconds(length)
    hands = np.zeros_like(t)
    for late, fall in ((0, 130), (0.012, 130), (0.026, 22)):
        hands += (t >= late) * np.exp(-np.abs(t - late) * fall)
    return band(noise(length), 900, 3500) * hands


def hat(length: float) -> Wave:
    """Hi-hat; made long, it is a cymbal."""
    return 0.5 * band(noise(length), 6500, poles=3) * np.exp(-seconds(length) * 4.5 / length)


def reverb(sound: Wave, decay: float) -> Wave:
    """Convolve each side with its own noise, which falls by 60 dB in `decay` seconds."""
    sides = np.stack([noise(decay), noise(decay)]) * 10 ** (-3 * seconds(decay) / decay)
    sides /= np.sqrt(np.sum(sides**2) / 2)
    tail = np.pad(band(sides.T, high=3800, poles=1), ((RATE // 50, 0), (0, 0)))  # 20 ms late
    size = 1 << (len(sound) + len(tail)).bit_length()
    spectrum = np.fft.rfft(sound.T, size) * np.fft.rfft(tail.T, size)
    return np.asarray(np.fft.irfft(spectrum, size).T[: len(sound)], np.float64)


class Mix:
    """A stereo timeline in beats: a dry bus, a reverb send, and players `loose` beats off."""

    def __init__(self, length: float, tempo: float, loose: float = 0) -> None:
        self.beat, self.loose = 60 / tempo, loose
        self.dry, self.sent = np.zeros((2, round(length * RATE), 2))

    def add(self, sound: Wave, at: float, gain: float, pan: float = 0, send: float = 0.2) -> None:
        """Place a sound at a beat; `pan` runs from -1 (left) to 1 (right)."""
        stereo = sound if sound.ndim == 2 else np.stack([sound, sound], axis=1)
        start = max(0, round((at + self.loose * RNG.normal()) * self.beat * RATE))
        stereo = stereo[: len(self.dry) - start] * gain * np.sqrt([1 - pan, 1 + pan])
        self.dry[start : start + len(stereo)] += stereo
        self.sent[start : start + len(stereo)] += stereo * send

    def drum(self, sound: Wave, pattern: str, at: float, gain: float, pan: float = 0) -> None:
        """Play a bar of one drum; "X" is an accent."""
        for step, mark in steps(pattern):
            self.add(sound, at + step, gain if mark == "X" else 0.7 * gain, pan, 0.08)

    def master(self, level: float, decay: float) -> Wave:
        """Add the reverb, fade the edges, bring it to `level` dBFS RMS and under the ceiling."""
        mixed = band(self.dry + reverb(self.sent, decay), 25)
        mixed *= envelope(len(mixed) / RATE, 0.01, 1.2)[:, None]
        for _ in range(8):  # limiting lowers the level again, so approach it
            mixed *= 10 ** (level / 20) / np.sqrt(np.mean(mixed**2))
            mixed = CEILING * np.tanh(mixed / CEILING)
        gap = RATE // 10  # empty at both ends, as the codec would smear music into a silence beside
        mixed[-2 * gap :] = 0
        return np.roll(mixed, gap, axis=0)


def calm(length: float) -> Wave:
    """In D major, 72 bpm: pads, plucked broken chords, electric piano; its last bars, if short."""
    mix = Mix(length, 72, loose=0.012)
    bars = int(length / mix.beat / 4)
    voicings = {"D": "D3 A3 C#4 F#4 A4", "G": "G2 D3 B3 F#4 A4"}
    voicings |= {"E": "E3 B3 D4 G4 B4", "A": "A2 E3 C#4 E4 B4"}
    melody = """- 2 A4 2 | F#5 2 E5 1 D5 1 | E5 3 - 1 | B4 2 D5 2 | A4 3 - 1 | G4 1 B4 1 D5 2 |
        G4 1 B4 1 E5 2 | C#5 1 E5 3 | D5 2 B4 2 | A4 4"""
    for bar, chord in enumerate("DGDAGDEAGD"[-bars:]):
        tones = [pitch(name) for name in voicings[chord].split()]
        for tone, pan in zip(tones, (0, -0.4, 0.4, -0.2, 0.2), strict=True):
            mix.add(pad(tone, 4.6), 4 * bar, 0.1, pan, 0.4)
        for eighth, index in enumerate((0, 2, 3, 4, 3, 2, 4, 3)):
            string = pluck(tones[index], 2.5, brightness=2500)
            mix.add(string, 4 * bar + eighth / 2, 0.3 if eighth else 0.5, 0.15 * (index - 2), 0.4)
    for beat, freq, beats in notes("|".join(melody.split("|")[-bars:])):
        mix.add(electric_piano(freq, beats + 1), beat, 0.2, -0.15, 0.6)
    return mix.master(-24, decay=2.6)


def happy(length: float) -> Wave:
    """In G major, 150 bpm: syncopated tune, drums, claps, bouncing bass, chords off the beat."""
    mix = Mix(length, 150)
    voicings = {"G": "G1 B3 D4 G4", "C": "C2 C4 E4 G4", "D": "D2 A3 D4 F#4", "Em": "E2 B3 E4 G4"}
    verse = ("G G", "G5 .75 A5 .75 B5 1 D6 .5 B5 1 | A5 .75 G5 .75 E5 .5 G5 2")
    climb = ("C D", "E5 .5 G5 .5 C6 .75 B5 .75 A5 .5 G5 1 | A5 .75 B5 .75 C6 .5 D6 2")
    bridge = ("C D G Em", """E6 1.5 D6 .5 C6 1 G5 1 | D6 1.5 C6 .5 B5 .5 A5 1.5 |
        B5 .75 D6 .75 B5 .5 G5 2 | - .5 G5 .5 A5 .5 B5 1 G5 1.5""")  # fmt: skip
    form = (verse, climb, verse, climb, bridge, verse, climb, bridge, climb)
    boom, smack, hands, tick, ring = kick(0.35, 0.3), snare(0.25), clap(0.3), hat(0.06), hat(0.25)
    chords = " ".join(chords for chords, _ in form).split()
    for bar, chord in enumerate(chords):
        at, fill = 4 * bar, bar % 4 == 3
        root, *upper = (pitch(name) for name in voicings[chord].split())
        for step, mark in steps("x.x.X.x.x.xXX.x."):
            mix.add(bass(2 * root if mark == "X" else root, 0.24), at + step, 0.3, 0, 0.02)
        for offbeat, _ in steps("..x..x....x..x.."):
            for tone, pan in zip(upper, (-0.7, 0, 0.7), strict=True):
                mix.add(brass(tone, 0.2), at + offbeat, 0.2, pan)
                mix.add(pluck(2 * tone, 0.5, brightness=10_000), at + offbeat, 0.4, -pan)
        mix.drum(boom, "X...X...X...X.x." if fill else "X...X...X...X...", at, 0.6)
        mix.drum(hands, "....X.......X...", at, 0.6, 0.1)
        mix.drum(smack, "....X.....x.XxXX" if fill else "....X..x....X...", at, 0.35, -0.1)
        mix.drum(tick, "x.xxx.xxx.xxx.xx", at, 0.5, 0.4)
        mix.drum(ring, "..X...X...X...X.", at, 0.4, -0.4)
    for beat, freq, beats in notes("|".join(melody for _, melody in form)):
        mix.add(brass(freq, 0.36 * beats + 0.03), beat, 0.4, 0, 0.3)
    for name in ("G2", "B3", "D4", "G4", "G5"):
        mix.add(brass(pitch(name), 0.8), 4 * len(chords), 0.4)
    mix.add(boom, 4 * len(chords), 0.6)
    return mix.master(-16, decay=0.9)


def sad(length: float) -> Wave:
    """In A minor, 56 bpm: a falling piano tune over a descending bass, and distant strings."""
    mix = Mix(length, 56, loose=0.012)
    chords = "A2 E3 C4|G2 E3 B3|F2 C3 A3|E2 B2 G#3|D3 A3 F4|C3 E3 A3|E2 E3 G#3|A2 E3 C4"
    melody = """- 1 E5 1.5 D5 .5 C5 1 | B4 3 - 1 | - 1 C5 1.5 B4 .5 A4 1 | G#4 3 - 1 |
        F5 2 E5 1 D5 1 | E5 1.5 C5 .5 A4 2 | - 1 D5 1 C5 .5 B4 1.5 | A4 4"""
    answer = "- 8 | A4 4 | B4 2 G#4 2 | A4 2 D5 2 | C5 4 | B4 2 G#4 2 | E4 4"
    for bar, chord in enumerate(chords.split("|")):
        tones = [pitch(name) for name in chord.split()]
        for tone, pan in zip(tones, (-0.2, 0.4, -0.5), strict=True):
            mix.add(strings(tone, 5.2), 4 * bar, 0.1, pan, 0.5)
        for step, index in ((0.0, 0), (1.5, 1), (2, 2), (3, 1)):
            mix.add(piano(tones[index], 3.5), 4 * bar + step, 0.16 if step else 0.3, -0.25, 0.4)
    for beat, freq, beats in notes(melody):
        mix.add(piano(freq, beats + 1.5), beat, 0.4, 0.15, 0.5)
    for beat, freq, beats in notes(answer):
        mix.add(strings(freq, 1.07 * beats + 0.6), beat, 0.08, 0.5, 0.7)
    return mix.master(-24, decay=3.2)


def angry(length: float) -> Wave:
    """In E phrygian, 168 bpm: distorted riffs on both sides, pounding drums, screeches, noise."""
    mix, left, right = (Mix(length, 168, loose) for loose in (0, 0.006, 0.006))
    roll, march = "XxXxXxXxXxXxXxXx", "X..xX..xX..xXxxx"
    back, blast = "....X.......X...", "..X...X...X...XX"
    # Riff (semitones above E on sixteenth steps), bass drum, snare drum.
    gallop = [("0.000.001.001.6.", roll, back), ("0.000.005.6.1.1.", roll, back)]
    grind = [("0000001100000066", roll, blast), ("0000001100000077", roll, blast)]
    stomp = [("0...1...0...6.1.", march, back), ("0...1...7...6.1.", march, back)]
    bars = 4 * gallop + 3 * grind + 2 * stomp + 3 * grind
    boom, smack, tick, crash = kick(0.2, 1), snare(0.3), hat(0.09), hat(1.2)
    for bar, (riff, feet, hands) in enumerate(bars):
        at = 4 * bar
        for (step, digit), (after, _) in itertools.pairwise([*steps(riff), (4, "")]):
            root, held = pitch("E2") * 2 ** (int(digit) / 12), (after - step) * mix.beat
            for guitar in (left, right):
                muted = digit == "0" and after - step < 0.75
                guitar.add(power_chord(root, held, muted=muted), at + step, 0.5)
            mix.add(np.tanh(3 * bass(root / 2, held)), at + step, 0.12, 0, 0)
        mix.drum(boom, feet, at, 0.6)
        mix.drum(smack, hands, at, 0.8)
        mix.drum(tick, "X...X...X...X...", at, 0.7, 0.4)
        if bar % 2 == 0:
            mix.add(crash, at, 0.7, -0.4)
            mix.add(machine(8 * mix.beat), at, 0.2, 0.3)
        elif hands == blast:
            mix.add(screech(pitch("E5"), 4 * mix.beat), at, 0.3, 0.5)
    for guitar, name in itertools.product((left, right), ("E2", "F2")):
        guitar.add(power_chord(pitch(name), 1.6, muted=False), 4 * len(bars), 0.6)
    for sound in (boom, crash):
        mix.add(sound, 4 * len(bars), 0.7)
    for guitar, pan in ((left, -0.9), (right, 0.9)):
        mix.add(distort(guitar.dry[:, 0], 9), 0, 0.7, pan, 0.1)
    return mix.master(-12, decay=0.6)


class Passage(NamedTuple):
    """One stretch of the recording; times in seconds, `mood` is what a listener should hear."""

    name: str
    start: float
    end: float
    mood: str
    compose: Callable[[float], Wave]


PASSAGES = (
    Passage("opening", 0, 36, "calm", calm),
    Passage("dance", 36, 72, "happy", happy),
    Passage("lament", 72, 108, "sad", sad),
    Passage("riot", 108, 144, "angry", angry),
    Passage("gap", 144, 148, "silence", lambda length: np.zeros((round(length * RATE), 2))),
    Passage("ending", 148, 164, "calm", calm),
)


def main() -> None:
    """Write the recording, and print each passage's start, end, mood and name."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    kind = {"format": "OGG", "subtype": "VORBIS", "compression_level": 0.85}
    with soundfile.SoundFile(output, "w", RATE, 2, **kind) as file:
        for name, start, end, mood, compose in PASSAGES:
            sound = compose(end - start)
            # libsndfile can overflow its stack when it is given minutes of Vorbis at once.
            for block in np.array_split(sound, len(sound) // 2**15):
                file.write(block)
            print(f"{start:6.1f} {end:6.1f}  {mood:8} {name}")


if __name__ == "__main__":
    main()
