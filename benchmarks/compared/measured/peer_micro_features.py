"""``peer_micro_features BUNDLE WAV``: the stream of mel bands that microWakeWord listens to."""

from pymicro_features import MicroFrontend

from benchmarks.compared.measured.half_seconds import WIDTH, pieces, rate, report

CALL_BYTES = WIDTH * rate // 100
"""Bytes of a call: each call gives one frame at most, and frames are 10 ms apart."""

frontend = MicroFrontend()


def hear(piece: bytes) -> None:
    """Compute the frames of half a second."""
    for start in range(0, len(piece), CALL_BYTES):
        frontend.process_samples(piece[start : start + CALL_BYTES])


report(hear, pieces())
