"""FLAC whose header does not know, or promises what is not there."""

import pytest

from tests.support.encoded import ape, encoded, heard_bytes, id3v1, id3v2, tones


def flac(seconds: float) -> bytes:
    return encoded(tones(seconds), "FLAC")


def with_total(content: bytes, total_n: int) -> bytes:
    numbers = int.from_bytes(content[18:26], "big") >> 36 << 36 | total_n
    return content[:18] + numbers.to_bytes(8, "big") + content[26:]


@pytest.mark.parametrize("total_n", [0, 7, 32000 * 5 - 1])
def test_a_length_that_is_too_small_is_not_believed(tmp_path, total_n):
    seconds, said = heard_bytes(tmp_path, with_total(flac(5), total_n))
    assert seconds == pytest.approx(5)
    assert not said


def test_a_length_that_is_not_reached_is_told(tmp_path):
    content = flac(10)
    seconds, said = heard_bytes(tmp_path, content[: len(content) // 2])
    assert 4 < seconds < 6
    assert f"damaged after {seconds:.1f} s: its header promises 10.0 s" in said


def test_files_behind_each_other_are_all_heard(tmp_path):
    seconds, said = heard_bytes(tmp_path, flac(3) + flac(4) + with_total(flac(2), 0))
    assert seconds == pytest.approx(9)
    assert not said


@pytest.mark.parametrize("total_n", [0, 32000 * 5])
@pytest.mark.parametrize("behind", [b"", id3v1(), ape(50), ape(50) + id3v1()])
def test_tags_are_no_damage(tmp_path, total_n, behind):
    seconds, said = heard_bytes(tmp_path, id3v2(100_000) + with_total(flac(5), total_n) + behind)
    assert seconds == pytest.approx(5)
    assert not said


@pytest.mark.parametrize("is_promised", [True, False])
@pytest.mark.parametrize("count", [100, 100_000])
def test_zeros_that_pad_a_file_cost_no_audio(tmp_path, is_promised, count):
    content = flac(5) if is_promised else with_total(flac(5), 0)
    seconds, said = heard_bytes(tmp_path, content + bytes(count))
    assert seconds == pytest.approx(5)
    assert not said
