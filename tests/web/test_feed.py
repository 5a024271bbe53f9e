"""Server-Sent Events, with what a page missed."""

import asyncio
from itertools import count

from moodstream.web.feed import KEPT, Feed


async def take(stream, number):
    return [await anext(stream) for _ in range(number)]


def ids(parts):
    return [int(part.split(b"\n")[0].rpartition(b"-")[2]) for part in parts]


def test_a_page_gets_everything_then_what_is_new():
    async def play():
        feed = Feed(lambda: {"all": 1})
        stream = feed.follow("")
        start = await take(stream, 2)
        assert start[0] == b"retry: 1000\n\n"
        assert b'event: snapshot\ndata: {"all":1}' in start[1]
        feed.publish("state", {"n": 1})
        feed.publish("state", {"n": 2})
        assert ids(await take(stream, 2)) == [1, 2]
        assert feed.followers == 1
        await stream.aclose()
        assert feed.followers == 0

    asyncio.run(play())


def test_a_page_that_was_away_gets_what_it_missed():
    async def play():
        feed = Feed(dict)
        for n in range(5):
            feed.publish("state", {"n": n})
        stream = feed.follow("")
        last = (await take(stream, 2))[1].split(b"\n")[0].removeprefix(b"id: ").decode()
        await stream.aclose()
        for n in count(5):
            feed.publish("state", {"n": n})
            if n == 8:
                break
        again = feed.follow(last)
        assert ids((await take(again, 5))[1:]) == [6, 7, 8, 9]
        await again.aclose()
        for _ in range(KEPT + 1):
            feed.publish("state", {})
        late = feed.follow(last)
        assert b"event: snapshot" in (await take(late, 2))[1]
        await late.aclose()

    asyncio.run(play())


def test_foreign_ids_get_everything():
    async def play():
        feed = Feed(dict)
        feed.publish("state", {})
        run = feed._id().partition("-")[0]
        for last in (
            "x",
            "-1",
            f"{run}-",
            f"{run}-99",
            f"{run}-{'9' * 5000}",
            f"{run}-²",
            "other-1",
        ):
            stream = feed.follow(last)
            assert b"event: snapshot" in (await take(stream, 2))[1], last
            await stream.aclose()

    asyncio.run(play())


def test_closing_ends_the_feed():
    async def play():
        feed = Feed(dict)
        stream = feed.follow("")
        await take(stream, 2)
        feed.close()
        assert [part async for part in stream] in ([], [b"event: beat\ndata: {}\n\n"])

    asyncio.run(play())
