"""Certificates, and a broker that asks for them."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.mosquitto import Mosquitto
from tests.support.program import free_port, program


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, and what it signed for the broker and for us; and one that nobody trusts."""
    directory = tmp_path_factory.mktemp("certificates")

    def make(name: str, *options: str) -> None:
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        files = ["-keyout", f"{name}.key", "-out", f"{name}.crt"]
        command = [program("openssl"), "req", "-x509", "-days", "2", "-subj", f"/CN={name}"]
        subprocess.run(
            [*command, *key, *files, *options], cwd=directory, check=True, capture_output=True
        )

    make("authority")
    make("stranger")
    signed = ["-CA", "authority.crt", "-CAkey", "authority.key"]
    make("broker", "-addext", "subjectAltName=IP:127.0.0.1", *signed)
    make("misplaced", "-addext", "subjectAltName=DNS:elsewhere", *signed)
    make("client", *signed)
    for file in directory.iterdir():
        file.chmod(0o644)
    return directory


@pytest.fixture
def encrypted(mosquitto: Mosquitto, certificates: Path) -> Callable[..., str]:
    """Starts the broker with a listener for TLS; gives its URL."""

    def start(certificate: str = "broker") -> str:
        mosquitto.kill()
        port = free_port()
        mosquitto.configure(
            "allow_anonymous true",
            f"listener {port} 127.0.0.1",
            f"cafile {certificates / 'authority.crt'}",
            f"certfile {certificates / certificate}.crt",
            f"keyfile {certificates / certificate}.key",
            "require_certificate true",
        )
        mosquitto.start()
        return f"mqtts://127.0.0.1:{port}"

    return start
