"""MQTT: connection, publisher, journal, subscriber, and the embedded broker."""
