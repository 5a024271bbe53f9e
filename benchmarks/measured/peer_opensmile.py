"""``peer_opensmile BUNDLE WAV``: openSMILE's eGeMAPS functionals of each window."""

import opensmile

from benchmarks.measured.half_seconds import rate, report
from benchmarks.measured.samples import windows

egemaps = opensmile.Smile(
    feature_set=opensmile.FeatureSet.eGeMAPSv02,
    feature_level=opensmile.FeatureLevel.Functionals,
)

# A call is spared the table of pandas that process_signal makes.
report(lambda window: egemaps(window, rate), windows())
