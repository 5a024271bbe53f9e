"""Errors of this room."""


class ServiceError(Exception):
    """The service cannot be installed, removed or asked; the message says why."""
