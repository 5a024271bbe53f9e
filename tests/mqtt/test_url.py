"""Addresses of brokers, and topics: taken, or refused with a reason."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mqtt import url as mqtt_url
from tests.support.program import wait_until


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://host", ("host", 1883)),
        ("mqtt://host:1", ("host", 1)),
        ("mqtt://[::1]:8883/", ("::1", 8883)),
        ("mqtts://host", ("host", 8883)),
    ],
)
def test_urls(url, address):
    found = mqtt_url.parse(url)
    assert (found.host, found.port) == address
    assert mqtt_url.parse(str(found)) == found
    assert found.tls == url.startswith("mqtts")


@pytest.mark.parametrize(
    "url",
    [
        "mqtt://host:0",
        "mqtts://host:0",
        "mqtt://host:65536",
        "mqtt://",
        "mqtt://h?x=1",
        "mqtt://h#x",
        "mqtt://h h",
    ],
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(ValueError, match=r"expected mqtt://HOST\[:PORT\]"):
        mqtt_url.parse(url)


@pytest.mark.parametrize(
    ("url", "listening", "reached"),
    [
        ("embedded", "mqtt://127.0.0.1:1883", "mqtt://127.0.0.1:1883"),
        ("embedded://0.0.0.0", "mqtt://0.0.0.0:1883", "mqtt://127.0.0.1:1883"),
        ("embedded://[::]:1", "mqtt://[::]:1", "mqtt://[::1]:1"),
        ("embedded://192.168.1.2:3", "mqtt://192.168.1.2:3", "mqtt://192.168.1.2:3"),
    ],
)
def test_where_the_embedded_broker_is(url, listening, reached):
    address = mqtt_url.embedded(url)
    assert str(address) == listening
    assert str(mqtt_url.reached(address)) == reached
    assert mqtt_url.embedded("mqtt://host") is None


@given(st.text())
def test_any_text_is_an_address_or_a_value_error(text):
    try:
        mqtt_url.parse("mqtt://" + text)
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    "prefix",
    [
        "", "/mood", "mood/", "mood/#", "+/mood", "$SYS/mood", "$share/group/mood", "$mood",
        "kit\tchen", "a\0b", "\x7f", "\x85", "\ufffe", "\ufdd0", "\U0001ffff", "\ud800",
    ],
)  # fmt: skip
def test_prefixes_that_nobody_could_use_are_refused(prefix):
    with pytest.raises(ValueError, match="found"):
        mqtt_url.check_prefix(prefix)


@given(st.text(st.characters(codec="utf-8", exclude_characters="+#/"), min_size=1, max_size=20))
def test_a_prefix_that_is_taken_reaches_subscribers(prefix):
    """Compared with paho's own check of topics, and with what MQTT 3.1.1 lets brokers refuse."""
    try:
        mqtt_url.check_prefix(prefix)
    except ValueError:
        forbidden = any(unicodedata.category(c) in ("Cc", "Cn", "Cs") for c in prefix)
        assert forbidden or prefix.startswith("$")
    else:
        assert not prefix.startswith("$")
        assert prefix.isprintable() or not any(unicodedata.category(c) == "Cc" for c in prefix)


@pytest.mark.parametrize("prefix", ["mood", "home/kitchen/mood", "küche", "a b", "会议室", "a$b"])
def test_prefixes_that_are_taken_by_a_real_broker(mosquitto, prefix):
    mqtt_url.check_prefix(prefix)
    with mosquitto.subscriber(f"{prefix}/#", "-F", "%p") as lines:
        mosquitto.publish(f"{prefix}/current", "x")
        wait_until(lambda: lines == ["x"])
