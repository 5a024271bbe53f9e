"""Reading forwards with a look ahead."""

import io
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from moodstream.audio.formats.byte_stream import ByteStream

CONTENT = bytes(range(256)) * 600
actions = st.lists(
    st.tuples(st.sampled_from(["read", "skip", "peek", "trial"]), st.integers(0, 100_000))
)


@given(actions=actions)
def test_it_gives_the_bytes_in_order(actions):
    stream, at = ByteStream(io.BytesIO(CONTENT)), 0
    for action, count in actions:
        expected = CONTENT[at : at + count]
        if action == "peek":
            assert stream.peek(count) == expected
        elif action == "trial":
            with suppress(KeyError), stream.trial():
                assert stream.read(count) == expected
                raise KeyError
        elif action == "read":
            assert stream.read(count) == expected
            at += len(expected)
        else:
            assert stream.skip(count) == len(expected)
            at += len(expected)
        assert stream.position == at


def test_a_file_knows_its_length_and_its_end(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(CONTENT)
    with path.open("rb", buffering=0) as raw:
        stream = ByteStream(raw)
        stream.read(10)
        assert stream.length == len(CONTENT)
        assert stream.tail(7) == CONTENT[-7:]
        assert stream.read(5) == CONTENT[10:15]
