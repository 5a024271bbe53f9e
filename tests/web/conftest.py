from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.web.page import Page, chromium, served


@pytest.fixture
def page(tmp_path, mosquitto) -> Iterator[Page]:
    with served(tmp_path, mosquitto) as one:
        yield one


@pytest.fixture(scope="module")
def one_browser() -> Iterator[webdriver.Chrome]:
    with chromium() as driver:
        yield driver


@pytest.fixture
def browser(one_browser) -> Iterator[webdriver.Chrome]:
    """A browser with nothing of an earlier test, which must not complain."""
    one_browser.delete_all_cookies()
    one_browser.get_log("browser")
    yield one_browser
    complaints = [
        entry["message"]
        for entry in one_browser.get_log("browser")
        # What is away while a test restarts it is no fault of the page.
        if "net::ERR" not in entry["message"] and "401" not in entry["message"]
    ]
    one_browser.get("about:blank")
    assert not complaints
