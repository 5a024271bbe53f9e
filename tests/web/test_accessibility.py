"""axe-core finds nothing wrong with any view, light or dark, wide or narrow."""

import hashlib
import subprocess
import tarfile

import pytest

from moodstream.history.calendar import start
from moodstream.history.database import NAME, Database
from moodstream.web.password import hashed
from tests.history.conftest import happy_minute
from tests.support.program import program, wait_until
from tests.web.page import prefer, served, sized, state, text, until
from tests.web.test_past import YESTERDAY, pick

AXE = "axe-core@4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
RUN = "const done = arguments[0]; axe.run().then((found) => done(found.violations))"


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """The rules, as npm brings them."""
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run([program("npm"), "pack", "--silent", AXE], cwd=folder, check=True)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        source = packed.extractfile("package/axe.min.js").read()
    assert hashlib.sha256(source).hexdigest() == SHA256
    return source.decode()


GROUNDS = ("var(--page)", "color-mix(in oklab, var(--accent) 20%, var(--page))")
"""The weakest and the strongest colour of the ground: axe-core measures no gradients."""


def violations(browser, axe):
    browser.execute_script(axe)
    broken = []
    for ground in GROUNDS:
        browser.execute_script("document.body.style.background = arguments[0]", ground)
        found = browser.execute_async_script(RUN)
        broken += [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    return broken


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_view_is_accessible(tmp_path, mosquitto, browser, axe, scheme, width):
    database = Database(tmp_path / "state" / NAME)
    first = start(YESTERDAY) // 60
    database.write([(first + 600 + i, "home/a/mood", happy_minute()) for i in range(90)], [])
    database.close()
    for room, mood in (("a", "happy"), ("b", "surprised")):
        mosquitto.publish(f"home/{room}/mood/availability", "online", "-r")
        mosquitto.publish(f"home/{room}/mood/current", state(mood=mood), "-r")
    sized(browser, width)
    # Colours that are on their way to others would be measured.
    prefer(browser, color_scheme=scheme, reduced_motion="reduce")
    try:
        with served(tmp_path, mosquitto, MOODSTREAM_WEB_PREFIXES="home/+/mood") as page:
            wait_until(lambda: b"home/b/mood" in page.ask("/about")[2])
            browser.get(page.url)
            until(browser, "#rows", "surprised")
            assert violations(browser, axe) == []
            for room, word in (("a", "happy"), ("b", "surprised")):
                # The first state may be too old by now: axe takes its time.
                mosquitto.publish(f"home/{room}/mood/current", state(mood=word), "-r")
                browser.get(f"{page.url}#now=home/{room}/mood")
                until(browser, "#word", word)
                assert violations(browser, axe) == []
            browser.get(f"{page.url}#history=home/a/mood")
            wait_until(lambda: text(browser, "#past-title"))
            pick(browser, "first", YESTERDAY)
            until(browser, "#past-sub", "Mostly happy")
            assert violations(browser, axe) == []
            page.stop()
        locked = hashed("a password")
        with served(tmp_path, mosquitto, MOODSTREAM_WEB_PASSWORD_HASH=locked) as page:
            browser.get(page.url)
            assert violations(browser, axe) == []
    finally:
        sized(browser, 1280)
        prefer(browser)


def test_the_rules_find_what_breaks_them(page, browser, axe):
    prefer(browser, color_scheme="light", reduced_motion="reduce")
    browser.get(page.url)
    until(browser, "#word", "nothing heard yet")
    browser.execute_script("document.querySelector('#sub').style.color = '#eee'")
    browser.execute_script("document.documentElement.removeAttribute('lang')")
    found = [name for name, _ in violations(browser, axe)]
    assert {"color-contrast", "html-has-lang"} <= set(found)
