"""Steps of an installation: what systemd is told, and what it must be able to see."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from moodstream.service import systemd
from moodstream.service.error import ServiceError
from moodstream.service.install import install, uninstall
from moodstream.service.place import system, user

MANY = 'echo "$@" >>"$(dirname "$0")/told"; [ "$1" != show ] || echo "LoadState=loaded"'


@pytest.fixture
def place(tmp_path):
    """The system's place, with the files of a tree, as if it were live."""
    return replace(system(tmp_path / "tree"), root=Path("/"))


@pytest.fixture
def systemctl(tmp_path, monkeypatch):
    """A systemctl that records what it is told; returns a function that gives the record."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setattr(systemd, "runs", lambda place: place.is_live)

    def script(text):
        (folder / "systemctl").write_text(f"#!/bin/sh\n{text}\n")
        (folder / "systemctl").chmod(0o755)

    script(MANY)
    told = folder / "told"
    return script, lambda: told.read_text().splitlines() if told.exists() else []


@pytest.fixture
def visible(monkeypatch):
    """An interpreter and a program that the service can see."""
    monkeypatch.setattr("moodstream.service.install.HIDDEN", ())
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def page_of(place):
    """The unit file of the page."""
    return place.unit.with_name("moodstream-web.service")


def test_it_is_enabled_and_started_each_time(place, systemctl, visible):
    _, told = systemctl
    for _ in range(2):
        *_, said, last = install(place)
    assert said.startswith("The service runs")
    assert last == "For the page: systemctl enable --now moodstream-web.service"
    once = ["daemon-reload", "enable moodstream.service", "restart moodstream.service"]
    assert told() == 2 * [*once, "try-restart moodstream-web.service"]
    assert "/moodstream web " in page_of(place).read_text()


def test_without_the_page_s_packages_there_is_no_unit_for_it(
    place, systemctl, visible, monkeypatch
):
    monkeypatch.setattr("moodstream.service.shipped.find_spec", lambda _: None)
    *_, last = install(place)
    assert last.startswith("The service runs")
    assert not page_of(place).exists()


def test_the_user_s_own_units_are_left_alone(tmp_path, systemctl):
    place = user({"HOME": str(tmp_path)})
    page_of(place).parent.mkdir(parents=True)
    page_of(place).write_text("mine")
    list(install(place))
    list(uninstall(place))
    assert page_of(place).read_text() == "mine"


def test_it_is_stopped_before_its_unit_is_removed(place, systemctl, visible):
    _, told = systemctl
    list(install(place, is_started=False))
    assert told() == []
    list(uninstall(place))
    stopped = ["disable --now moodstream.service", "disable --now moodstream-web.service"]
    assert told()[1:] == [*stopped, "daemon-reload"]
    assert not place.unit.exists()
    assert not page_of(place).exists()


def test_the_reason_of_systemd_is_told(place, systemctl, visible):
    script, _ = systemctl
    script('echo "Unit is masked." >&2; exit 1')
    with pytest.raises(ServiceError, match="systemctl daemon-reload: Unit is masked"):
        list(install(place))
    assert place.unit.exists()


def test_a_unit_of_a_debian_package_is_used(place, systemctl, visible):
    _, told = systemctl
    list(install(place, is_started=False))
    place.packaged.parent.mkdir(parents=True)
    place.unit.rename(place.packaged)
    first, *_ = install(place)
    assert first == f"{place.packaged} already exists"
    assert not place.unit.exists()
    assert "enable moodstream.service" in told()


def test_a_program_that_the_service_cannot_see_is_refused(place, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    hidden = str(Path(sys.executable).resolve().parent)
    monkeypatch.setattr("moodstream.service.install.HIDDEN", (hidden,))
    with pytest.raises(ServiceError, match=r"the service cannot see .*python.* use --user"):
        list(install(place))
    assert not place.unit.exists()


def test_only_root_installs_the_service_of_the_system(place, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ServiceError, match="needs root: use sudo, or --user"):
        list(install(place))
