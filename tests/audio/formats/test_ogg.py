"""Ogg streams behind each other, cut, damaged, and with odd positions."""

import numpy as np
import pytest

from moodstream.audio.formats.ogg import HEADER, Page, checksum
from tests.support.encoded import encoded, heard, heard_bytes, tones

CODECS = [("VORBIS", 32000), ("OPUS", 48000)]


def ogg(seconds: float, codec: str, rate: int) -> bytes:
    return encoded(tones(seconds * rate / 32000), "OGG", codec, rate)


def pages(content: bytes) -> list[Page]:
    found, at = [], 0
    while at < len(content):
        table = content[at + HEADER : at + HEADER + content[at + 26]]
        end = at + HEADER + len(table) + sum(table)
        found.append(Page(content[at:end]))
        at = end
    return found


@pytest.mark.parametrize(("codec", "rate"), CODECS)
def test_links_of_a_chain_are_all_heard(tmp_path, codec, rate):
    content = ogg(4, codec, rate) + ogg(7, codec, rate)
    seconds, said = heard_bytes(tmp_path, content)
    assert seconds == pytest.approx(11, abs=0.05)
    assert not said


def test_links_may_have_other_codecs_and_rates(tmp_path):
    content = (
        ogg(3, *CODECS[0]) + ogg(2, *CODECS[1]) + encoded(tones(3)[:, 0], "OGG", "VORBIS", 16000)
    )
    seconds, said = heard_bytes(tmp_path, content)
    assert seconds == pytest.approx(3 + 2 + 6, abs=0.05)
    assert not said


@pytest.mark.parametrize(("codec", "rate"), CODECS)
def test_a_stream_that_breaks_off_is_told(tmp_path, codec, rate):
    content = ogg(10, codec, rate)
    seconds, said = heard_bytes(tmp_path, content[: len(content) // 2])
    assert 3 < seconds < 7
    assert f"damaged after {seconds:.1f} s: it ends" in said


@pytest.mark.parametrize(("codec", "rate"), CODECS)
def test_a_damaged_page_is_told(tmp_path, codec, rate):
    parts = pages(ogg(20, codec, rate))
    middle = parts[len(parts) // 2].data
    for broken in (b"", middle[:100] + bytes(20) + middle[120:]):
        content = b"".join(broken if part.data == middle else part.data for part in parts)
        seconds, said = heard_bytes(tmp_path, content)
        assert seconds > 10
        assert "damaged" in said.rpartition(":")[2]


def test_a_negative_first_position_of_opus_is_no_damage(tmp_path):
    """As ffmpeg writes it: the first page holds more samples than its position says."""
    parts = pages(ogg(5, *CODECS[1]))
    moved = [part.moved(-20000) if part.granule > 0 else part.data for part in parts]
    (tmp_path / "plain").write_bytes(b"".join(part.data for part in parts))
    (tmp_path / "moved").write_bytes(b"".join(moved))
    expected, _, _ = heard(tmp_path / "plain")
    found, seconds, said = heard(tmp_path / "moved")
    assert seconds == pytest.approx(5, abs=0.03)
    assert not said
    same = min(len(found), len(expected))
    np.testing.assert_array_equal(found[:same], expected[:same])


def test_the_checksum_is_that_of_the_encoder():
    for page in pages(ogg(1, *CODECS[0])):
        without = page.data[:22] + bytes(4) + page.data[26:]
        assert checksum(without) == int.from_bytes(page.data[22:26], "little")
