"""Streams behind URLs, from real servers that cut, stall and ask for a login."""

import json
import subprocess
import sys

import numpy as np
import pytest
from structlog.testing import capture_logs

from moodstream.audio.sources import url as url_module
from moodstream.audio.sources.stream import Stream
from moodstream.audio.sources.url import Url
from tests.support.encoded import RATE, encoded, tones
from tests.support.program import wait_until
from tests.support.receiving import gathering
from tests.support.streams import LOGIN, faulty

MP3 = encoded(tones(4), "MP3")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(url_module, "STALL_S", 1.0)
    monkeypatch.setattr(url_module, "START_S", 2.0)


@pytest.fixture
def told(capfd):
    """What is logged while a stream is heard; it never holds a secret, and FFmpeg adds nothing."""
    with capture_logs() as entries:
        yield lambda: json.dumps(entries, default=str)
    assert "geheim" not in json.dumps(entries, default=str)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("form", "subtype", "kind"),
    [
        ("MP3", None, "audio/mpeg"),
        ("OGG", "OPUS", "application/ogg"),
    ],
)
def test_what_is_heard_is_what_is_sent(form, subtype, kind, told):
    rate = 48000 if subtype == "OPUS" else RATE
    samples = np.sin(np.arange(rate * 3) * 2 * np.pi * 440 / rate).astype("f")[:, None] * 0.3
    content = encoded(samples, form, subtype, rate)
    with (
        faulty(content, 3.0, kind) as server,
        gathering(Stream(Url(server.url), 10.0)) as gathered,
    ):
        wait_until(lambda: len(gathered.samples) > 1.2 * rate)
    heard = gathered.samples[rate // 4 : rate]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * rate / len(heard) == pytest.approx(440, abs=3)
    assert np.abs(heard).max() == pytest.approx(0.3, abs=0.03)


def test_one_that_stalls_is_opened_again(told):
    with faulty(MP3, 4.0) as server, gathering(Stream(Url(server.url), 10.0)) as gathered:
        wait_until(lambda: len(gathered.samples) > RATE)
        server.is_stalled = True
        wait_until(lambda: gathered.is_lost)
        assert "no audio came for 1 s" in told()
        server.is_stalled = False
        before_n = len(gathered.samples)
        wait_until(lambda: len(gathered.samples) > before_n + RATE)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda url: url.replace(LOGIN, "me:geheim3"), "401 unauthorized"),
        (lambda url: url.replace("http:", "https:"), "error"),
    ],
)
def test_one_that_cannot_be_opened_says_why(change, reason, told):
    with faulty(MP3, 4.0) as server:
        address = change(server.url)
        with gathering(Stream(Url(address), 10.0)) as gathered:
            wait_until(lambda: gathered.is_lost)
            wait_until(lambda: reason in told())


def test_a_playlist_that_names_a_file_is_refused(told):
    content = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    with faulty(content, 0.01) as server, gathering(Stream(Url(server.url), 10.0)) as gathered:
        wait_until(lambda: gathered.is_lost and '"event": "no audio"' in told())
    assert not len(gathered.samples)


def test_pyav_is_loaded_for_urls_alone(tmp_path):
    code = (
        "import sys; import moodstream.daemon.several, moodstream.daemon.run\n"
        "print('av' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout == "False\n"


def test_without_the_extra_the_command_is_named(tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text('[[source]]\nname = "radio"\nurl = "http://me:geheim@127.0.0.1:1/x"\n')
    code = (
        "import sys; from importlib import util\nfound = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'av' else found(name, *more)\n"
        "from moodstream.cli.group import main; main()"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(
        [*command, "run", "-c", settings], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 78
    assert "source 'radio': a URL needs PyAV: pip install 'moodstream[media]'" in result.stderr
    assert "geheim" not in result.stderr
