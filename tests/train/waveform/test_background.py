"""A background lies as far below its clip as asked, and may be heard or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream_train.waveform.background import AUDIBLE_DB, behind, heard_with


@given(
    below_db=st.floats(-10, 40),
    length=st.integers(1000, 9000),
    of_background=st.integers(1000, 9000),
    seed=st.integers(0, 2**32),
)
def test_the_ratio_of_powers_is_exact(
    below_db: float, length: int, of_background: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    clip = rng.standard_normal(length).astype(np.float32)
    other = (0.01 * rng.standard_normal(of_background)).astype(np.float32)
    added = behind(clip, other, below_db, rng).astype(np.float64) - clip
    found_db = 10 * np.log10(np.mean(clip.astype(np.float64) ** 2) / np.mean(added**2))
    assert found_db == pytest.approx(below_db, abs=0.1)


def test_it_begins_anywhere_and_repeats() -> None:
    ramp = np.linspace(-1, 1, 1000, dtype=np.float32)
    clip = np.full(2500, 1e-6, np.float32)
    rng = np.random.default_rng(0)
    firsts = set()
    for _ in range(20):
        added = behind(clip, ramp, -120, rng) - clip
        np.testing.assert_allclose(added[1000:2000], added[:1000], rtol=1e-3)
        jumps = np.flatnonzero(np.diff(added) < 0)
        assert set(np.diff(jumps)) <= {1000}
        firsts.add(int(jumps[0]))
    assert len(firsts) > 15


KNOWN = st.sampled_from([None, 0.0, 1.0])


@given(clip=st.tuples(KNOWN, KNOWN), background=st.tuples(KNOWN, KNOWN), loud=st.booleans())
def test_what_is_heard_is_never_guessed(
    clip: tuple[float | None, float | None],
    background: tuple[float | None, float | None],
    loud: bool,
) -> None:
    below_db = AUDIBLE_DB if loud else AUDIBLE_DB + 1
    both = heard_with(clip, background, below_db)
    for own, other, found in zip(clip, background, both, strict=True):
        if own == 1.0:
            assert found == 1.0
        elif other == 0.0:
            assert found == own
        elif other == 1.0 and loud:
            assert found == 1.0
        else:  # too far below, or not known
            assert found is None
