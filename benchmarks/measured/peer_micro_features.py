"""``peer_micro_features BUNDLE WAV``: the stream of mel bands that microWakeWord listens to."""

from pymicro_features import MicroFrontend

from benchmarks.measured.half_seconds import WIDTH, pieces, rate, report

CALL_BYTES = WIDTH * rate // 100
"""It gives one frame a call at most, and they are 10 ms apart."""

frontend = MicroFrontend()


def hear(piece: bytes) -> None:
    """Take the frames of half a second."""
    for start in range(0, len(piece), CALL_BYTES):
        frontend.process_samples(piece[start : start + CALL_BYTES])


report(hear, pieces())
