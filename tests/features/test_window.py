import numpy as np
import pytest

from moodstream.features.window import Window


def test_window_holds_the_newest_frames_in_order():
    window = Window(5, 2)
    frames = np.arange(24, dtype=np.float32).reshape(12, 2)
    with pytest.raises(ValueError, match="empty"):
        window.view()
    window.push(frames[:2])
    assert not window.full
    np.testing.assert_array_equal(window.view(), frames[[1, 0, 1, 0, 1]])
    window.push(frames[2:4])
    window.push(frames[4:7])
    assert window.full
    np.testing.assert_array_equal(window.view(), frames[2:7])
    window.push(frames)
    np.testing.assert_array_equal(window.view(), frames[-5:])
    assert window.count == 19
    window.reset()
    assert window.count == 0
    assert not window.full
