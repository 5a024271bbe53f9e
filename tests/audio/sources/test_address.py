"""URLs: which are heard, and what is shown of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.audio.sources.address import (
    check,
    fingerprint,
    has_login,
    location,
    redacted,
)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://admin:geheim@cam.local:554/stream?channel=1", "rtsp://cam.local:554"),
        ("https://radio.example/listen?token=geheim", "https://radio.example"),
        ("rtsp://cam/user=admin_password=geheim_channel=1", "rtsp://cam"),
        ("rtsp://[fe80::1]:554/x", "rtsp://[fe80::1]:554"),
        ("rtsp://admin:ge/heim@cam/stream", "a URL"),
        ("rtsp://geheim/s@cam/stream", "rtsp://..."),
        ("http://radio/a?x=admin:geheim@b", "http://..."),
    ],
)
def test_only_the_host_is_shown(url, shown):
    assert location(url) == shown
    assert redacted(f"cannot open '{url}': 401") == f"cannot open '{shown}': 401"


secrets = st.text("abcdefXYZ0123456789:/?#@!$&=+%._~-'\"<>()", min_size=6, max_size=20)


@given(secret=secrets, place=st.sampled_from(["http://me:{}@host/x", "rtsp://host/x?{}"]))
def test_no_secret_is_shown_whatever_is_in_it(secret, place):
    marked = f"geheim{secret}geheim"
    assert "geheim" not in location(place.format(marked))
    assert "geheim" not in redacted(place.format(marked))


@pytest.mark.parametrize(
    "url",
    [
        *("", "cam.local/stream", "ftp://u:geheim@host/", "file:///geheim", "http://:80/geheim"),
        *("http://u:geheim@/x", "http://h:99999/geheim", "http://h:geheim/", "http://h/a geheim"),
        *("http://[geheim/", "http://h:0/geheim", "http://h/geheim\n"),
    ],
)
def test_what_cannot_be_heard_is_refused_without_showing_it(url):
    with pytest.raises(ValueError, match=r"expected|space") as caught:
        check(url)
    assert "geheim" not in str(caught.value)


def test_what_can_be_heard_is_taken():
    for url in ("http://h", "https://a:b@h:8000/x.mp3", "rtsp://h/1", "rtsps://[::1]:322/1?a=b"):
        check(url)


def test_a_login_is_noticed():
    assert has_login("rtsp://a:b@h/x")
    assert has_login("http://token@h")
    assert not has_login("http://h/x@y")
    assert not has_login("-i")


def test_a_new_password_is_no_new_source():
    assert fingerprint("rtsp://a:b@h/1") == fingerprint("rtsp://a:c@h/1")
    assert fingerprint("rtsp://a:b@h/1") != fingerprint("rtsp://a:b@h/2")
    assert fingerprint("play -i rtsp://a:b@h/1 -") == fingerprint("play -i rtsp://h/1 -")
