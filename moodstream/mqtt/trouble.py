"""Problems with a broker, and hints at their likely cause."""

from enum import StrEnum


class BrokerError(Exception):
    """The broker cannot be used; the message says why and what to do."""


class Trouble(StrEnum):
    """Kinds of problems with a connection."""

    UNREACHED = "broker not reached"
    REFUSED = "broker refused"
    SILENT = "broker did not answer"
    LOST = "disconnected"
    DROPPED = "broker ends each connection"
    """Several connections in a row were lost within minutes."""


_HINTS = {
    "certificate is not yet valid": "is the clock of this machine right? See timedatectl",
    "certificate has expired": "renew the broker's certificate, or set the clock of this machine",
    "certificate verify failed": "mqtt.ca_file must contain the authority that signed the "
    "broker's certificate, and mqtt.url must use the host name in the certificate",
    "WRONG_VERSION_NUMBER": "this port does not use TLS: set mqtt.url to mqtt://, or to the "
    "broker's port for TLS",
    "Bad user name or password": "see mqtt.username and the password",
    "Not authorized": "see mqtt.username and the password, and the broker's access list",
    "Client identifier not valid": "set mqtt.client_id",
    "Unsupported protocol version": "set mqtt.version to the other version",
    "Packet too large": "the broker accepts only smaller messages: raise its limit "
    "(mosquitto: max_packet_size)",
    "Retain not supported": "the broker must allow retained messages (mosquitto: retain_available)",
    "QoS not supported": "the broker must allow quality of service 1 (mosquitto: max_qos)",
    "Session taken over": "another client has the same mqtt.client_id",
    "Connection refused": "is the broker running, and does mqtt.url name its port?",
    Trouble.SILENT: "the broker may require a certificate (mqtt.cert_file), not speak this "
    "mqtt.version, take no more clients, or allow no retained messages or no quality of service 1",
}
"""Advice by words of paho or OpenSSL; the first match is used."""


def hint(trouble: str, reason: str) -> str:
    """Return advice about a problem; empty if there is none.

    Args:
        trouble: the kind of problem.
        reason: in the words of paho, OpenSSL or the system.
    """
    return next((advice for words, advice in _HINTS.items() if words in f"{trouble}: {reason}"), "")
