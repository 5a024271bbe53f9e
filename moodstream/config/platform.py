"""Environment variables that container platforms set for a service called moodstream."""

import re
from collections.abc import Iterable

PREFIX = "MOODSTREAM_"
# https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables, and
# the variables of Docker's links: https://docs.docker.com/engine/network/links/
_INJECTED = re.compile(
    rf"{PREFIX}(\w+_)?"
    r"(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
    rf"|{PREFIX}(NAME|ENV_\w+|VERSION|HOME)"
)


def injected(variables: Iterable[str]) -> list[str]:
    """Return the sorted names of the variables that the platform, not a person, has set."""
    return sorted(name for name in variables if _INJECTED.fullmatch(name))
