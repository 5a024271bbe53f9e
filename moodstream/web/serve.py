"""The program behind `moodstream web`."""

import asyncio
import ipaddress
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn

from moodstream.config import sources
from moodstream.config.sections import Config, ConfigError
from moodstream.history.columns import Span
from moodstream.history.database import NAME, Database, Event
from moodstream.history.reading import opened
from moodstream.log import get_logger
from moodstream.mqtt.client import Client
from moodstream.mqtt.subscriber import subscribed
from moodstream.publication import broker_connection
from moodstream.web.app import House, application
from moodstream.web.door import Door
from moodstream.web.rooms import TICK_S, Rooms

TIDY_S = 3600.0
"""Seconds between two removals of old rows."""
RECALL_S = 12 * 3600.0
"""Seconds of changes to read at the start, because a mood or silence may have begun long ago."""
FAREWELL_S = 2

log = get_logger()


class AddressError(Exception):
    """The page cannot be served at its address; the message says why."""


def serve(
    config: Config,
    state: Path | None,
    stop: threading.Event,
    ready: Callable[[str], None],
) -> None:
    """Serve the page until told to stop.

    Args:
        config: all settings.
        state: directory of the history; None keeps none.
        stop: ends the program.
        ready: called with the address of the page once it is served.

    Raises:
        AddressError: the address is in use.
        ConfigError: the settings would admit everybody, or those of the broker cannot be used.
    """
    check_password(config)
    listener = _listen(config.web.host, config.web.port_number)
    with listener:
        connection = broker_connection(config)
        prefixes = config.web.prefixes or sources.prefixes(config)
        rooms = Rooms([prefix for prefix in prefixes if "+" not in prefix])
        with subscribed(connection, prefixes, rooms.arrived, rooms.linked) as client:
            asyncio.run(_serve(config, state, stop, ready, listener, rooms, client))


def check_password(config: Config) -> None:
    """Refuse to serve the page to a network without a password or a proxy that asks for one.

    Raises:
        ConfigError: the address is not a loopback address, and there is neither.
    """
    web = config.web
    try:
        is_loopback = web.host == "localhost" or ipaddress.ip_address(web.host).is_loopback
    except ValueError:
        is_loopback = False
    if not (is_loopback or web.password_hash or web.proxies):
        raise ConfigError(
            f"web.host: '{web.host}' would show the page to everybody: set web.password_hash to "
            "what 'moodstream web --new-password' prints, or web.host = '127.0.0.1'"
        )


async def _serve(
    config: Config,
    state: Path | None,
    stop: threading.Event,
    ready: Callable[[str], None],
    listener: socket.socket,
    rooms: Rooms,
    client: Client,
) -> None:
    database = Database(state / NAME) if state else None
    house = House(
        rooms,
        Door(config.web.password_hash),
        database,
        lambda room, command: _send(client, room, command),
        (*config.web.hosts, config.web.host),
        config.web.proxies,
    )
    if database:
        await asyncio.to_thread(_recall, database, rooms)
    rooms.bind(asyncio.get_running_loop())
    server = _Server(
        uvicorn.Config(
            application(house),
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="off",
            ws="none",
            http="h11",
            loop="asyncio",
            timeout_graceful_shutdown=FAREWELL_S,
            timeout_keep_alive=65,
            limit_concurrency=500,
            h11_max_incomplete_event_size=1 << 15,
            proxy_headers=False,
        )
    )
    serving = asyncio.create_task(server.serve([listener]))
    ticking = asyncio.create_task(_tick(config, rooms, database, stop))
    host = f"[{config.web.host}]" if ":" in config.web.host else config.web.host
    ready(f"http://{host}:{listener.getsockname()[1]}/")
    try:
        await asyncio.wait((serving, ticking), return_when=asyncio.FIRST_COMPLETED)
    finally:
        rooms.close()
        server.should_exit = True
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        await serving
        if database:
            _write(database, int(time.time()) // 60, *rooms.minute())
            database.close()


async def _tick(
    config: Config, rooms: Rooms, database: Database | None, stop: threading.Event
) -> None:
    """Check the rooms each second, and write the history each minute."""
    minute, tidied_s = int(time.time()) // 60, 0.0
    while not stop.is_set():
        rooms.tick()
        now_s = time.time()
        if database and int(now_s) // 60 != minute:
            await asyncio.to_thread(_write, database, minute, *rooms.minute())
            minute = int(now_s) // 60
        if database and time.monotonic() - tidied_s >= TIDY_S:
            tidied_s = time.monotonic()
            web = config.web
            await asyncio.to_thread(
                database.tidy, now_s, web.keep_minutes_days, web.keep_events_days
            )
        await asyncio.sleep(TICK_S - time.time() % TICK_S)


def _write(
    database: Database, minute: int, spans: list[tuple[str, Span]], events: list[Event]
) -> None:
    if spans or events:
        database.write([(minute, prefix, span) for prefix, span in spans], events)


def _recall(database: Database, rooms: Rooms) -> None:
    """Restore the last hour from the history."""
    if not database.path.exists():
        return
    now_s = time.time()
    try:
        with opened(database.path) as history:
            bounds = history.bounds_s()
            events = [*history.events(int(now_s - RECALL_S), int(now_s) + 1, None)]
    except (OSError, sqlite3.Error) as error:
        log.warning("the last hour is not known", reason=str(error))
        return
    rooms.remember(events, min(now_s, bounds[1]) if bounds else 0.0)


def _send(client: Client, room: str, command: str) -> None:
    """Publish a command; no other part of the page can publish."""
    client.publish(f"{room}/set", command)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressError(f"web.host '{host}': {error.strerror or error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise AddressError(
            f"{host}:{port}: {error.strerror or error}; choose another with --port"
        ) from error
    return listener


class _Server(uvicorn.Server):
    """A server that leaves signals to the command line."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
