"""Array types: signatures give the dtype, docstrings the axes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
"""Audio samples, feature frames and scores: the pipeline works in single precision."""

Numbers = NDArray[Any]
"""Array of any numeric dtype."""
