"""Array types, so that signatures say the dtype and docstrings say the axes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
"""Audio samples, feature frames, scores: everything in the pipeline is single precision."""

Numbers = NDArray[Any]
"""An array of any numeric dtype."""
