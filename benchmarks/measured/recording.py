"""``recording SOURCE OUTPUT SECONDS RATE CHANNELS``: repeat a recording in a 16-bit WAV file."""

import sys

import soundfile
import soxr

source, output, seconds, rate = sys.argv[1:5]
channels = int(sys.argv[5])
samples, source_rate = soundfile.read(source, dtype="float32", always_2d=True)
if samples.shape[1] != channels:
    samples = samples.mean(axis=1, keepdims=True).repeat(channels, axis=1)
samples = soxr.resample(samples, source_rate, int(rate))
left_n = round(float(seconds) * int(rate))
with soundfile.SoundFile(output, "w", int(rate), channels, "PCM_16") as file:
    while left_n:
        file.write(samples[:left_n])
        left_n -= min(left_n, len(samples))
