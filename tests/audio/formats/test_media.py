"""Formats of FFmpeg's libraries."""

import subprocess
import sys

import av
import pytest

from tests.support.encoded import RATE, encoded, heard_bytes, tones


def media(path, container, codec, seconds):
    """A file made by FFmpeg's encoders."""
    with av.open(path, "w", format=container) as output:
        stream = output.add_stream(codec, rate=RATE, layout="stereo")
        stream.bit_rate = 96000
        frame = av.AudioFrame.from_ndarray(tones(seconds).T.copy(), "fltp", "stereo")
        frame.rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            output.mux(packet)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("ipod", "aac"),
        ("ipod", "alac"),
        ("adts", "aac"),
        ("matroska", "aac"),
        ("asf", "wmav2"),
        ("mov", "aac"),
    ],
)
def test_music_and_the_sound_of_videos_is_heard(tmp_path, container, codec):
    content = media(tmp_path / "made", container, codec, 5)
    seconds, said = heard_bytes(tmp_path, content)
    assert seconds == pytest.approx(5, abs=0.15)
    assert not said


def test_a_file_that_breaks_off_is_told(tmp_path):
    content = media(tmp_path / "made", "matroska", "aac", 10)
    seconds, said = heard_bytes(tmp_path, content[: len(content) // 2])
    assert 3 < seconds < 7
    assert f"damaged after {seconds:.1f} s" in said


def test_without_the_extra_the_command_is_named(tmp_path):
    path = tmp_path / "x.m4a"
    media(path, "ipod", "aac", 1)
    code = (
        "import sys; sys.modules['av'] = None\n"
        "from moodstream.audio import file; from pathlib import Path\n"
        "file.AudioFile(Path(sys.argv[1]))"
    )
    result = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert "pip install 'moodstream[media]'" in result.stderr


def test_nothing_of_it_is_loaded_for_other_formats(tmp_path):
    path = tmp_path / "x.flac"
    path.write_bytes(encoded(tones(1), "FLAC"))
    code = (
        "import sys; from moodstream.audio.file import AudioFile; from pathlib import Path\n"
        "list(AudioFile(Path(sys.argv[1])).blocks()); print('av' in sys.modules)"
    )
    command = [sys.executable, "-c", code, path]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "False\n"


def test_a_playlist_opens_no_other_file(tmp_path):
    (tmp_path / "secret.wav").write_bytes(encoded(tones(1), "WAV"))
    playlist = (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{tmp_path}/secret.wav\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(Exception, match="not an audio file"):
        heard_bytes(tmp_path, playlist.encode())
