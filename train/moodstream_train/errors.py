"""What the commands report without a traceback."""


class TrainingError(Exception):
    """The work cannot go on; the message says what was found and what to do."""
