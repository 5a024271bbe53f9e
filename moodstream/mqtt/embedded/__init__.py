"""The embedded broker: amqtt behind a listener that protects it."""
