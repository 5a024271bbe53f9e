"""The application: pages, feeds, history and the two commands."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from moodstream import __version__
from moodstream.history.columns import KEYS
from moodstream.history.database import Database
from moodstream.mood.circumplex import CIRCUMPLEX, MOODS, QUADRANT_OF
from moodstream.web.door import Door
from moodstream.web.feed import Feed
from moodstream.web.guard import Guard, base_path
from moodstream.web.metrics import CONTENT_TYPE, exposition
from moodstream.web.past import QuestionError, past
from moodstream.web.rooms import Rooms

STATIC = Path(__file__).with_name("static")
MAX_FOLLOWERS = 200
"""Largest number of pages that follow a feed at the same time."""
COMMANDS = ("pause", "resume")


@dataclass(frozen=True)
class House:
    """Everything that the application serves."""

    rooms: Rooms
    door: Door
    database: Database | None
    """The history; None if there is no directory for it."""
    command: Callable[[str, str], None]
    """Function that sends pause or resume to the room with a prefix."""
    hosts: tuple[str, ...]
    """Host names under which browsers reach the page."""
    proxies: tuple[str, ...]
    """Addresses of the only proxies that may reach the page; empty allows everybody."""


def application(house: House) -> Guard:
    """Return the ASGI application."""
    pages = Pages(house)
    door = house.door
    routes = [
        Route("/", door.locked(pages.index)),
        Route("/about", door.locked(pages.about)),
        Route("/events", door.locked(pages.events)),
        Route("/rooms", door.locked(pages.rooms)),
        Route("/history", door.locked(pages.history)),
        Route("/command", door.locked(pages.command), methods=["POST"]),
        Route("/metrics", door.locked(pages.metrics, basic=True)),
        Route("/login", door.login, methods=["GET", "POST"]),
        Route("/logout", door.logout, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    return Guard(Starlette(routes=routes), house.hosts, house.proxies)


class Pages:
    """The pages and their data.

    Args:
        house: everything that they serve.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._followers = 0

    async def index(self, request: Request) -> Response:
        """Return the page."""
        return page("index.html", request)

    async def about(self, request: Request) -> Response:
        """Return the constant data: moods, their positions, and the names of the rooms."""
        del request
        house = self._house
        return JSONResponse(
            {
                "version": __version__,
                "moods": {mood: [*CIRCUMPLEX[mood], QUADRANT_OF[mood]] for mood in MOODS},
                "keys": KEYS,
                "rooms": sorted(house.rooms.rooms),
                "history": house.database is not None,
                "password": house.door.is_locked,
            }
        )

    async def events(self, request: Request) -> Response:
        """Return the feed of a room."""
        feed = self._house.rooms.feed(request.query_params.get("room", ""))
        if feed is None:
            return PlainTextResponse("Nothing was heard of this room.\n", 404)
        return self._stream(feed, request)

    async def rooms(self, request: Request) -> Response:
        """Return the feed of the list of rooms."""
        return self._stream(self._house.rooms.overview, request)

    async def history(self, request: Request) -> Response:
        """Return the history of a room over a day, a week or a year."""
        database = self._house.database
        if database is None:
            return PlainTextResponse("There is no place for a history.\n", 404)
        asked = request.query_params
        try:
            found = await asyncio.to_thread(
                past,
                database.path,
                asked.get("room", ""),
                asked.get("view", "day"),
                asked.get("first", ""),
            )
        except QuestionError as error:
            return PlainTextResponse(f"{error}\n", 400)
        except (sqlite3.Error, OSError) as error:
            return PlainTextResponse(f"The history cannot be read: {error}\n", 503)
        return JSONResponse({**found, "problem": database.problem})

    async def command(self, request: Request) -> Response:
        """Ask a room to pause or to resume."""
        try:
            asked = json.loads(await request.body())
            room, command = asked["room"], asked["command"]
            known = command in COMMANDS and room in self._house.rooms.rooms
        except (ValueError, RecursionError, TypeError, KeyError):
            known = False
        if not known:
            return PlainTextResponse("Expected a known room, and pause or resume.\n", 400)
        if self._house.rooms.problem:
            return PlainTextResponse("The broker is away.\n", 503)
        self._house.command(room, command)
        return Response(status_code=204)

    async def metrics(self, request: Request) -> Response:
        """Return the metrics for Prometheus."""
        del request
        return Response(exposition(self._house.rooms), media_type=CONTENT_TYPE)

    def _stream(self, feed: Feed, request: Request) -> Response:
        if self._followers >= MAX_FOLLOWERS:
            return PlainTextResponse("Too many pages are open.\n", 503)
        last_id = request.headers.get("last-event-id", "")

        async def content() -> AsyncIterator[bytes]:
            self._followers += 1
            try:
                async for part in feed.follow(last_id):
                    yield part
            finally:
                self._followers -= 1

        # A reverse proxy must not buffer messages.
        return StreamingResponse(
            content(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )


def page(name: str, request: Request, status: int = 200) -> Response:
    """Return a page, with the path at which a proxy shows it."""
    text = (STATIC / name).read_text(encoding="utf-8")
    if base := base_path(request.headers):
        text = text.replace("<head>", f'<head>\n<base href="{base}">', 1)
    return Response(text, status, media_type="text/html")
