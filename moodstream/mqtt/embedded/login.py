"""The login of the embedded broker: a plugin that amqtt loads by its name."""

import hmac
from dataclasses import dataclass, field

from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session


class Login(BaseAuthPlugin):  # type: ignore[misc]
    """Check of the one name and password."""

    @dataclass
    class Config:
        """Settings that amqtt passes to the plugin."""

        username: str
        password: str = field(repr=False)

    async def authenticate(self, *, session: Session) -> bool:
        """Return whether a client knows the name and the password."""
        given = f"{session.username}\0{session.password}"
        known = f"{self.config.username}\0{self.config.password}"
        return hmac.compare_digest(given.encode(), known.encode())
