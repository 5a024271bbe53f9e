"""Errors that the commands report without a traceback."""


class TrainingError(Exception):
    """An error that stops the work; the message says what was found and what to do."""
