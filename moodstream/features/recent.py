"""The last rows of a stream, side by side in memory."""

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


class Recent(Generic[Scalar]):
    """The last ``length`` rows of a stream.

    They use twice the memory that they need, so that they are moved only once in ``length`` rows.

    Args:
        length: number of rows to keep.
        shape: of a row.
        dtype: of the numbers.
    """

    def __init__(self, length: int, shape: tuple[int, ...], dtype: type[Scalar]) -> None:
        self._length = length
        self._memory: NDArray[Any] = np.zeros((2 * length, *shape), dtype)
        self.reset()

    def reset(self) -> None:
        """Forget all rows."""
        self._begin = self._end = 0

    def __len__(self) -> int:
        return self._end - self._begin

    def push(self, rows: NDArray[Any]) -> None:
        """Add rows [shape=(n, *shape)], and drop the oldest beyond the length."""
        rows = rows[-self._length :]
        if self._end + len(rows) > len(self._memory):
            kept = min(len(self), self._length - len(rows))
            self._memory[:kept] = self._memory[self._end - kept : self._end]
            self._begin, self._end = 0, kept
        self._memory[self._end : self._end + len(rows)] = rows
        self._end += len(rows)
        self._begin = max(self._begin, self._end - self._length)

    def view(self) -> NDArray[Scalar]:
        """Return the rows, oldest first [shape=(n, *shape)]; the next push overwrites them."""
        return self._memory[self._begin : self._end]
