import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodstream.audio.hops import Hops


@given(sizes=st.lists(st.integers(0, 3000), max_size=30))
def test_hops_are_whole_and_in_order(sizes):
    hops = Hops(1000, 100)
    samples = np.arange(sum(sizes), dtype=np.float32)
    ends = np.cumsum(sizes, dtype=int)
    found = [
        hop
        for end, n in zip(ends, sizes, strict=True)
        for hop in hops.process(samples[end - n : end])
    ]
    assert all(len(hop) == 1000 for hop in found)
    last = list(hops.flush())
    assert [len(hop) for hop in last] == [n for n in [sum(sizes) % 1000 // 100 * 100] if n]
    joined = np.concatenate([*found, *last, []])
    np.testing.assert_array_equal(joined, samples[: len(joined)])
    assert len(samples) - len(joined) < 100
    assert list(hops.flush()) == []
