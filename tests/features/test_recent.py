import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodstream.features.recent import Recent


@given(length=st.integers(1, 7), sizes=st.lists(st.integers(0, 20), max_size=30))
def test_holds_the_last_rows_however_they_come(length, sizes):
    stream = np.arange(2 * sum(sizes), dtype=np.float32).reshape(-1, 2)
    recent, end = Recent(length, (2,), np.float32), 0
    for size in sizes:
        recent.push(stream[end : end + size])
        end += size
        assert len(recent) == min(length, end)
        np.testing.assert_array_equal(recent.view(), stream[max(0, end - length) : end])


def test_reset_forgets_all_rows():
    recent = Recent(3, (), np.float64)
    recent.push(np.ones(2))
    recent.reset()
    assert len(recent) == len(recent.view()) == 0
    recent.push(np.array([5.0]))
    np.testing.assert_array_equal(recent.view(), [5.0])
