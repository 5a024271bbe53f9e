import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodstream.features.change import Changes

STEP, WIDTH, LENGTH = 4, 3, 8
LAGS = (1, 3, 4, 9)


def frames(steps, seed=2):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((steps * STEP, WIDTH)).astype("f")


def oracle(stream):
    """By the definition, over the frames of the last steps alone."""
    last = stream[-LENGTH * STEP :].astype("d")
    return [
        np.sqrt(((last[lag:] - last[:-lag]) ** 2).mean(axis=0))
        if len(last) > lag
        else np.zeros(WIDTH)
        for lag in LAGS
    ]


@given(sizes=st.lists(st.integers(1, 12), min_size=1, max_size=12))
def test_equals_the_definition_however_the_steps_come(sizes):
    stream = frames(sum(sizes))
    changes = Changes(LENGTH, STEP, WIDTH, LAGS)
    end = 0
    for size in sizes:
        changes.push(stream[end * STEP : (end + size) * STEP])
        end += size
        np.testing.assert_allclose(changes.view(), oracle(stream[: end * STEP]), atol=1e-4)


def test_what_stands_still_does_not_change():
    changes = Changes(LENGTH, STEP, WIDTH, LAGS)
    changes.push(frames(20))  # what is gone does not count
    changes.push(np.full((LENGTH * STEP, WIDTH), 7, "f"))
    np.testing.assert_array_equal(changes.view(), np.zeros((len(LAGS), WIDTH)))


def test_reset_gives_the_same_changes_again():
    changes = Changes(LENGTH, STEP, WIDTH, LAGS)
    changes.push(frames(5))
    first = changes.view()
    changes.push(frames(3, seed=9))
    changes.reset()
    changes.push(frames(5))
    np.testing.assert_array_equal(changes.view(), first)


def test_no_lags_no_changes():
    changes = Changes(LENGTH, STEP, WIDTH, ())
    changes.push(frames(2))
    assert changes.view().shape == (0, WIDTH)
