import os
import socket
import time

import pytest

from benchmarks.listening import room
from benchmarks.process import Missing
from tests.support.program import program


def test_a_missing_program_is_named() -> None:
    with pytest.raises(Missing, match="no-such-program is not installed"):
        room.program("no-such-program")
    assert os.access(room.program("sh"), os.X_OK)


def test_a_port_accepts_once_a_server_listens() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        assert not room.accepts(port)
        server.listen()
        assert room.accepts(port)


def test_waiting_ends_with_the_condition_and_never_lasts_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = []
    room.wait_until(lambda: calls.append(1) or len(calls) == 3, "a server")
    assert len(calls) == 3
    monkeypatch.setattr(room, "START_S", 0.1)
    with pytest.raises(RuntimeError, match="a server does not start"):
        room.wait_until(lambda: False, "a server")


def test_a_server_ends_with_its_block() -> None:
    with room.background(["sleep", "60"], {}):
        begun_s = time.monotonic()
    assert time.monotonic() - begun_s < 30


def test_a_broker_accepts_at_its_address() -> None:
    program("mosquitto")
    with room.broker() as url:
        port = int(url.rpartition(":")[2])
        assert room.accepts(port)
    assert not room.accepts(port)
