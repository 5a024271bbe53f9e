"""Hints: the likely cause, by the words of paho, OpenSSL and the system."""

import pytest

from moodstream.mqtt.trouble import Trouble, hint


@pytest.mark.parametrize(
    ("trouble", "reason", "advice"),
    [
        (
            Trouble.UNREACHED,
            "certificate verify failed: certificate is not yet valid (_ssl.c:1006)",
            "clock",
        ),
        (Trouble.UNREACHED, "certificate verify failed: certificate has expired", "renew"),
        (Trouble.UNREACHED, "certificate verify failed: self-signed certificate", "mqtt.ca_file"),
        (Trouble.UNREACHED, "[SSL: WRONG_VERSION_NUMBER] wrong version number", "mqtt://"),
        (Trouble.UNREACHED, "Connection refused", "is the broker running"),
        (Trouble.REFUSED, "Not authorized", "access list"),
        (Trouble.REFUSED, "Unsupported protocol version", "mqtt.version"),
        (Trouble.LOST, "Packet too large", "max_packet_size"),
        (Trouble.LOST, "Session taken over", "mqtt.client_id"),
        (Trouble.SILENT, "connection lost", "mqtt.cert_file"),
        (Trouble.SILENT, "connection lost", "no more clients"),
        (Trouble.REFUSED, "Retain not supported", "retain_available"),
        (Trouble.REFUSED, "QoS not supported", "max_qos"),
    ],
)
def test_the_likely_cause_is_named(trouble, reason, advice):
    assert advice in hint(trouble, reason)


def test_nothing_is_made_up():
    assert hint(Trouble.LOST, "connection lost") == ""
