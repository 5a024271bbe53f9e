"""A connection: certificates that are wrong, a message that is retained."""

import re

import pytest

from moodstream.mqtt.connection import tls_context


@pytest.mark.parametrize(
    ("files", "named"),
    [
        (("absent", "", ""), "mqtt.ca_file 'absent': No such file"),
        (("", "client.key", ""), "mqtt.cert_file"),
        (("", "client.crt", "stranger.key"), "mqtt.cert_file"),
        (("", "", "client.key"), "set mqtt.cert_file as well"),
    ],
)
def test_which_certificate_is_wrong_is_said(certificates, monkeypatch, files, named):
    monkeypatch.chdir(certificates)
    with pytest.raises(ValueError, match=re.escape(named)):
        tls_context(*files)
