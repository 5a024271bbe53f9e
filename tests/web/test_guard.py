"""Who may ask the page for what: names, origins, the password, and nonsense."""

import base64
import json
import random

import pytest

from moodstream.web.password import ATTEMPTS, Attempts, Sessions, fits, hashed
from tests.support.program import run_program, wait_until
from tests.web.page import served, state

PASSWORD = "correct horse"  # noqa: S105 - of pages that live for a second
HASH = hashed(PASSWORD)


def login(page, password, **headers):
    body = f"password={password.replace(' ', '+')}".encode()
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return page.post("/login", body, **form)


def test_every_answer_has_the_headers_of_owasp(page):
    for path in ("/", "/about", "/static/app.js", "/metrics", "/nowhere", "/history?view=x"):
        _, headers, _ = page.ask(path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["referrer-policy"] == "same-origin"
        assert "microphone=()" in headers["permissions-policy"]
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers
        assert "strict-transport-security" not in headers
    assert "strict-transport-security" in page.ask("/", X_Forwarded_Proto="https")[1]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("192.168.1.5:8765", 200),
        ("[::1]:8765", 200),
        ("house.local", 200),
        ("evil.example", 421),
        ("evil.example:8765", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ],
)
def test_only_known_names_lead_here(tmp_path, mosquitto, host, status):
    with served(tmp_path, mosquitto, MOODSTREAM_WEB_HOSTS="house.local") as page:
        assert page.ask("/about", Host=host)[0] == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://["},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_other_pages_cannot_command(page, mosquitto, headers):
    with mosquitto.subscriber("mood/set") as heard:
        answer = page.post("/command", {"room": "mood", "command": "pause"}, **headers)
        assert answer[0] == 403
        assert page.post("/command", {"room": "mood", "command": "pause"})[0] == 204
        wait_until(lambda: heard == ["pause"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b"[" * 2000,
        b"\xff",
        b'{"room": "mood"}',
        b'{"room": [], "command": "pause"}',
        b'{"room": "mood", "command": ["pause"]}',
        json.dumps({"room": "mood", "command": "stop"}).encode(),
        json.dumps({"room": "other", "command": "pause"}).encode(),
        json.dumps({"room": "mood/#", "command": "pause"}).encode(),
        json.dumps({"room": "mood", "command": "pause\n"}).encode(),
    ],
)
def test_nothing_but_pause_and_resume_of_a_known_room(page, mosquitto, body):
    with mosquitto.subscriber("#") as heard:
        assert page.post("/command", body)[0] == 400
        assert [line for line in heard if "sign" not in line] == []


def test_nonsense_is_refused_and_harms_nothing(page):
    chance = random.Random(8)  # noqa: S311 - no secret
    paths = ["/history", "/events", "/rooms", "/command", "/login", "/static/../app.py", "/metrics"]
    pieces = ["room", "view", "first", "=", "&", "%00", "%ff", "..", "'", "day", "2026-11-22", "#"]
    pieces += ["mood", "2026-99-99", "9" * 50, "%F0%9F%98%80", ";DROP TABLE minutes", "+", "/"]
    for _ in range(150):
        query = "".join(chance.choices(pieces, k=chance.randrange(8))).replace(" ", "+")
        path = chance.choice(paths)
        if path in ("/events", "/rooms"):
            path, query = "/events", f"room=x{query}"
        status, _, body = page.ask(f"{path}?{query}")
        assert status in (200, 303, 400, 404, 405), (path, query)
        assert b"Traceback" not in body
    assert page.ask("/about", "PUT")[0] == 405
    assert page.ask("/command", "POST", b"x" * 5000, Origin=f"http://{page.host}")[0] == 413
    assert page.ask("/static/%2e%2e/app.py")[0] == 404
    assert page.ask("/about")[0] == 200


def test_a_proxy_may_show_it_below_a_path(page):
    _, _, body = page.ask("/", X_Ingress_Path="/api/hassio_ingress/abc-1_2")
    assert b'<base href="/api/hassio_ingress/abc-1_2/">' in body
    for bad in ("//evil.example", '/"><script>', "http://evil.example", "/a/../b", "/" + "x" * 300):
        assert b"<base" not in page.ask("/", X_Ingress_Path=bad)[2]
    for line in body.decode().splitlines():
        assert 'href="/' not in line or "<base" in line
        assert 'src="/' not in line


def test_elsewhere_it_wants_a_password():
    result = run_program("web", env={"MOODSTREAM_WEB_HOST": "0.0.0.0", "PATH": "/usr/bin"})  # noqa: S104
    assert result.returncode == 78
    assert "moodstream web --new-password" in result.stderr


def test_the_password_opens_the_page(tmp_path, mosquitto):
    with served(tmp_path, mosquitto, MOODSTREAM_WEB_PASSWORD_HASH=HASH) as page:
        for path in ("/about", "/events?room=mood", "/rooms", "/history", "/metrics"):
            assert page.ask(path)[0] == 401
        assert page.post("/command", {"room": "mood", "command": "pause"})[0] == 401
        status, headers, _ = page.ask("/")
        assert (status, headers["location"]) == (303, "login")
        assert page.ask("/static/style.css")[0] == 200
        assert login(page, "wrong")[0] == 403
        status, headers, _ = login(page, PASSWORD, X_Ingress_Path="/ingress")
        assert (status, headers["location"]) == (303, "./")
        cookie = headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/ingress/" in cookie
        assert "Secure" not in cookie
        session = cookie.partition(";")[0]
        assert page.ask("/about", Cookie=session)[0] == 200
        assert page.post("/logout", b"", Cookie=session)[0] == 303
        assert page.ask("/about", Cookie=session)[0] == 401
        secure = login(page, PASSWORD, X_Forwarded_Proto="https")[1]["set-cookie"]
        assert "Secure" in secure
        key = base64.b64encode(f"prometheus:{PASSWORD}".encode()).decode()
        for _ in range(2):
            assert page.ask("/metrics", Authorization=f"Basic {key}")[0] == 200
        assert page.ask("/metrics", Authorization="Basic !")[0] == 401
        assert page.ask("/about", Authorization=f"Basic {key}")[0] == 401
        found = [login(page, f"guess {i}")[0] for i in range(ATTEMPTS + 2)]
        assert found == [403] * ATTEMPTS + [429] * 2
        assert login(page, PASSWORD)[0] == 429
        assert PASSWORD not in page.log


def test_the_browser_is_led_to_the_password_and_back(tmp_path, mosquitto, browser):
    mosquitto.publish("mood/availability", "online", "-r")
    mosquitto.publish("mood/current", state(), "-r")
    with served(tmp_path, mosquitto, MOODSTREAM_WEB_PASSWORD_HASH=HASH) as page:
        browser.get(page.url)
        assert browser.title == "moodstream: log in"
        field = browser.find_element("id", "password")
        field.send_keys("wrong\n")
        wait_until(lambda: "not the password" in browser.page_source)
        browser.find_element("id", "password").send_keys(f"{PASSWORD}\n")
        wait_until(lambda: browser.title == "happy · kitchen")
        browser.find_element("css selector", "#logout button").click()
        wait_until(lambda: browser.title == "moodstream: log in")
        browser.get_log("browser")  # the answer 403 is told there


def test_passwords_sessions_and_attempts():
    assert fits(PASSWORD, HASH)
    assert not fits(PASSWORD + " ", HASH)
    assert not fits("x" * 1000, HASH)
    assert not fits(PASSWORD, "")
    assert hashed(PASSWORD) != HASH  # another salt
    now_s = 0.0
    sessions, attempts = Sessions(lambda: now_s), Attempts(lambda: now_s)
    token = sessions.begin()
    assert sessions.holds(token)
    assert not sessions.holds(token + "x")
    assert not sessions.holds("")
    assert [attempts.allow("a") for _ in range(7)] == [True] * 5 + [False] * 2
    assert attempts.allow("b")
    now_s = 21.0
    assert attempts.allow("a")
    assert not attempts.allow("a")
    attempts.forgive("a")
    assert attempts.allow("a")
    now_s = 31 * 86400.0
    assert not sessions.holds(token)
