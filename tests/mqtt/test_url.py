"""Addresses of brokers, and topics: taken, or refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mqtt import url as mqtt_url


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


@pytest.mark.parametrize("url", ["mqtt://host:0", "mqtts://host:0", "mqtt://host:65536", "mqtt://"])
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
