"""``peer_openwakeword BUNDLE WAV``: the stream of embeddings that openWakeWord listens to."""

from pyopen_wakeword import OpenWakeWordFeatures

from benchmarks.compared.measured.half_seconds import pieces, report

features = OpenWakeWordFeatures.from_builtin()

report(lambda piece: list(features.process_streaming(piece)), pieces())
