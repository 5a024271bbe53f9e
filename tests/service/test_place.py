"""Where units and settings lie."""

from pathlib import Path

import pytest

from moodstream.service.error import ServiceError
from moodstream.service.place import system, user


def test_the_service_of_a_user_follows_the_directory_of_the_persons_settings():
    place = user({"HOME": "/home/me"})
    assert place.unit == Path("/home/me/.config/systemd/user/moodstream.service")
    assert place.settings == Path("/home/me/.config/moodstream/config.toml")
    place = user({"HOME": "/home/me", "XDG_CONFIG_HOME": "/elsewhere"})
    assert place.unit == Path("/elsewhere/systemd/user/moodstream.service")


def test_a_user_without_a_home_has_no_service():
    with pytest.raises(ServiceError, match=r"\$HOME is not set"):
        user({})


def test_only_a_tree_for_packages_is_not_live():
    assert system(Path("/")).is_live
    assert not system(Path("/tree")).is_live
