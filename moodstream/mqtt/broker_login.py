"""The one login of the embedded broker: a plugin that amqtt finds by its name."""

import hmac
from dataclasses import dataclass, field

from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session


class Login(BaseAuthPlugin):  # type: ignore[misc]
    """Lets in who knows the name and the password."""

    @dataclass
    class Config:
        """What amqtt is given."""

        username: str
        password: str = field(repr=False)

    async def authenticate(self, *, session: Session) -> bool:
        """Whether a client may come in."""
        given = f"{session.username}\0{session.password}"
        known = f"{self.config.username}\0{self.config.password}"
        return hmac.compare_digest(given.encode(), known.encode())
