"""The publisher's connection to the broker: availability, last will, and a log of problems."""

from collections.abc import Callable, Mapping, Sequence

from moodstream.log import Seldom, get_logger
from moodstream.mqtt.identity import Identity
from moodstream.mqtt.trouble import Trouble, hint

ONLINE, OFFLINE = "online", "offline"

Listener = Callable[[bytes], None]
"""Function that receives the payload of a message, in paho's thread."""

log = get_logger()


class Link:
    """A connection that logs its problems.

    Its callbacks run in paho's thread, which holds a lock that publishing also needs.

    Args:
        identity: the broker, and who publishes there. A guest has no availability and no will.
        listeners: receivers of messages, by topic. Retained messages are not passed on, because
        they would be obeyed again after each reconnection. on_up: called whenever a connection is
        established. on_down: called when the connection is lost. on_answer: receives the number of
        a message, and whether the broker has refused it.
    """

    def __init__(
        self,
        identity: Identity,
        listeners: Mapping[str, Listener],
        on_up: Callable[[], None],
        on_down: Callable[[], None],
        on_answer: Callable[[int, bool], None],
    ) -> None:
        # Imported late: a replay that publishes nothing does not load paho.
        from moodstream.mqtt.client import Client, Handlers  # noqa: PLC0415

        self._identity, self._listeners = identity, listeners
        self._broker = str(identity.connection.address)
        self._on_up, self._on_down, self._on_answer = on_up, on_down, on_answer
        self._will = None if identity.guest else (identity.topic("availability"), OFFLINE)
        self._seldom = Seldom()
        self._is_connection_logged = False
        self._unanswered: dict[int, tuple[int, str]] = {}  # bytes and topic, by number
        handlers = Handlers(self._up, self._down, self._answered, self._denied, self._arrived)
        self._client = Client(identity.connection, handlers, identity.client_id, self._will)

    def open(self) -> None:
        """Connect in the background, and retry until it works."""
        self._client.open()

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> int:
        """Send a message until the broker has answered; return its number."""
        encoded = payload.encode()
        number = self._client.publish(topic, encoded, retain=retain)
        self._unanswered[number] = len(encoded), topic
        return number

    def say_online(self) -> None:
        """Publish that we are online, after everything published before."""
        if self._will:
            self.publish(self._will[0], ONLINE, retain=True)

    def close(self, within_s: float, *, connected: bool, remove: Sequence[str] = ()) -> None:
        """Publish that we are offline if there is a connection, and close it.

        Args:
            within_s: upper bound of the seconds that this takes.
            connected: whether there is a connection.
            remove: topics whose retained messages are removed.
        """
        for topic in remove if connected else ():
            self._client.publish(topic, "", retain=True)
        self._client.close(within_s, self._will if connected else None)

    def _up(self) -> None:
        if not self._is_connection_logged:
            self._is_connection_logged = True
            log.info("connected", broker=self._broker)
        if self._listeners:
            self._client.subscribe([*self._listeners])
        self._on_up()

    def _down(self, trouble: Trouble, reason: str) -> None:
        self._on_down()
        if trouble is Trouble.DROPPED:
            reason = f"{reason}; {self._suspicion()}"
        if self._complain(trouble, reason):
            self._is_connection_logged = False

    def _answered(self, number: int, refusal: str) -> None:
        self._unanswered.pop(number, None)
        if refusal:
            self._complain("broker refused a message", refusal)
        self._on_answer(number, bool(refusal))

    def _denied(self, refusal: str) -> None:
        self._complain("broker refused the subscription to commands", refusal)

    def _arrived(self, topic: str, payload: bytes, retained: bool) -> None:
        if retained and self._will and topic == self._will[0]:
            return  # our own, of an earlier run
        if retained:
            self._seldom.warning("retained message ignored", topic, topic=topic)
        elif listener := self._listeners.get(topic):
            listener(payload)

    def _suspicion(self) -> str:
        """Return the likely reason for repeated disconnects, which MQTT 3.1.1 cannot express."""
        text = f"another client may have the same mqtt.client_id ('{self._identity.client_id}')"
        if self._unanswered:
            size, topic = max(self._unanswered.values())
            text += (
                f", or the broker refuses a message: see its access list and its limit of sizes "
                f"(mosquitto: max_packet_size); the largest without an answer has {size} bytes, "
                f"to {topic}"
            )
        return text

    def _complain(self, trouble: str, reason: str) -> bool:
        """Log a problem if a report is due; return whether it was."""
        advice = hint(trouble, reason)
        text = f"{reason}; {advice}" if advice else reason
        subject = "" if trouble == Trouble.DROPPED else reason
        return self._seldom.warning(str(trouble), subject, broker=self._broker, reason=text)
