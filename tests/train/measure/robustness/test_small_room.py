"""Responses of a small room."""

import numpy as np
import pytest

from moodstream_train.measure.robustness import small_room
from tests.train.conftest import RATE


def test_a_room_keeps_the_power_and_dies_away_in_a_third_of_a_second() -> None:
    responses = [small_room.response(place, RATE) for place in range(small_room.PLACES)]
    for response in responses:
        assert np.sum(response**2) == pytest.approx(1, rel=1e-3)
        assert response[0] != 0
        tail = np.cumsum(response[::-1] ** 2)[::-1]
        assert -40 < 10 * np.log10(tail[int(0.15 * RATE)] / tail[0]) < -15
    assert len({response.tobytes() for response in responses}) == small_room.PLACES
    assert np.array_equal(small_room.response(small_room.PLACES, RATE), responses[0])
