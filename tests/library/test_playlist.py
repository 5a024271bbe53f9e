from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from moodstream.library.errors import LibraryError
from moodstream.library.playlist import along, of_mood, place, sure, way
from moodstream.library.track import Track
from moodstream.mood.circumplex import MOODS, QUADRANT_OF, QUADRANTS

PART = st.floats(-1, 1)


@st.composite
def libraries(draw):
    rows = draw(
        st.lists(st.tuples(st.sampled_from(MOODS), PART, PART, st.floats(0, 1)), min_size=2)
    )
    return [
        Track(f"{i}.mp3", mood, QUADRANT_OF[mood], sureness, x, y)
        for i, (mood, x, y, sureness) in enumerate(rows)
    ]


@given(libraries(), st.sampled_from(MOODS), st.sampled_from(QUADRANTS), st.integers(2, 9))
def test_a_way_never_goes_back_and_takes_no_track_twice(tracks, begin, end, count):
    first, last = place(tracks, begin), place(tracks, end)
    assume(max(abs(first[0] - last[0]), abs(first[1] - last[1])) > 1e-3)
    chosen = way(tracks, begin, end, count)
    assert len(chosen) == len({track.file for track in chosen}) == min(count, len(tracks))
    places = [along(track, first, last) for track in chosen]
    assert all(a <= b for a, b in pairwise(places))


def test_a_way_through_a_grid_passes_the_nearest_tracks():
    tracks = [
        Track(f"{x},{y}", "sad" if x < 0 else "happy", None, 0.5, x / 10, y / 10)
        for x in range(-9, 10, 2)
        for y in (-5, 0, 5)
    ]
    found = [track.file for track in way(tracks, "sad", "happy", 6)]
    assert found == ["-5,0", "-3,0", "-1,0", "1,0", "3,0", "5,0"]


def test_a_mood_that_no_track_has_lies_on_the_circumplex():
    tracks = [Track("a", "sad", "Q3", 0.5, -0.3, -0.4), Track("b", "sad", "Q3", 0.5, -0.4, -0.3)]
    x, y = place(tracks, "Q4")
    assert x > 0 > y
    assert place(tracks, "sad") == pytest.approx((-0.35, -0.35))
    with pytest.raises(LibraryError, match="same position"):
        way(tracks, "sad", "Q3", 5)


@given(libraries(), st.sampled_from([*MOODS, *QUADRANTS]), st.floats(0, 1))
def test_the_tracks_of_a_mood_come_surest_first(tracks, name, least):
    chosen = of_mood(sure(tracks, least), [name], None)
    assert {track.file for track in chosen} == {
        track.file
        for track in tracks
        if name in (track.mood, track.quadrant) and track.confidence >= least
    }
    assert all(a.confidence >= b.confidence for a, b in pairwise(chosen))
    assert of_mood(tracks, [name], 2) == of_mood(tracks, [name], None)[:2]
