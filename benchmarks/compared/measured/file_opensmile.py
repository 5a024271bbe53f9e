"""``file_opensmile FILE``: openSMILE's eGeMAPS functionals of a file."""

import sys

import opensmile

egemaps = opensmile.Smile(
    feature_set=opensmile.FeatureSet.eGeMAPSv02,
    feature_level=opensmile.FeatureLevel.Functionals,
)
print(egemaps.process_file(sys.argv[1]))
