"""Errors that end a replay."""


class ReplayError(Exception):
    """Failure of the whole replay, not of one recording; the message says why."""


class OutputError(ReplayError):
    """Failure to write to standard output."""


class ResultsError(ReplayError):
    """File of results that cannot be continued."""


class WorkerError(ReplayError):
    """Failure to start any process; the message says how the first one ended."""
