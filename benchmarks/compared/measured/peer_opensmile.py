"""``peer_opensmile BUNDLE WAV``: openSMILE's eGeMAPS functionals of each window."""

import opensmile

from benchmarks.compared.measured.half_seconds import rate, report
from benchmarks.compared.measured.samples import windows

egemaps = opensmile.Smile(
    feature_set=opensmile.FeatureSet.eGeMAPSv02,
    feature_level=opensmile.FeatureLevel.Functionals,
)

# A call leaves out the pandas table that process_signal makes.
report(lambda window: egemaps(window, rate), windows())
