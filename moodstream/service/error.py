"""Errors of this folder."""


class ServiceError(Exception):
    """The service cannot be installed, removed or queried; the message says why."""
