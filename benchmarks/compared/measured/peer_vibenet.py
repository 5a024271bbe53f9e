"""``peer_vibenet BUNDLE WAV``: VibeNet's seven attributes of each window."""

import vibenet

from benchmarks.compared.measured.half_seconds import rate, report
from benchmarks.compared.measured.samples import windows

network = vibenet.load_model()

report(lambda window: network.predict(window, rate), windows())
