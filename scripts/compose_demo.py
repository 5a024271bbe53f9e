"""Compose the bundled recording: calm, happy, sad and angry music, a silence, and calm again.

Usage: python scripts/compose_demo.py [OUTPUT]      (default: moodstream/data/demo.ogg)

Every sound is computed from oscillators and noise, and the music was written for this file. Each
run makes the same samples. Lengths are in seconds, and in beats where music is written.
"""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from instruments import (
    bass,
    brass,
    clap,
    distort,
    electric_piano,
    hat,
    kick,
    machine,
    pad,
    piano,
    pluck,
    power_chord,
    screech,
    snare,
    strings,
)
from score import Mix, notes, pitch, steps
from waves import RATE, Wave

OUTPUT = Path(__file__).resolve().parents[1] / "moodstream" / "data" / "demo.ogg"


def calm(length: float) -> Wave:
    """Compose in D major, 72 bpm: pads, broken chords, electric piano; the last bars, if short."""
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
    """Compose in G major, 150 bpm: syncopated tune, drums, claps, bass, chords off the beat."""
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
    """Compose in A minor, 56 bpm: a falling piano tune, a descending bass, distant strings."""
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
    """Compose in E phrygian, 168 bpm: distorted riffs, pounding drums, screeches, noise."""
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
    """A part of the recording, with times in seconds and the mood that a listener should hear."""

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
            # libsndfile can overflow its stack if it gets minutes of Vorbis at once.
            for block in np.array_split(sound, len(sound) // 2**15):
                file.write(block)
            print(f"{start:6.1f} {end:6.1f}  {mood:8} {name}")


if __name__ == "__main__":
    main()
