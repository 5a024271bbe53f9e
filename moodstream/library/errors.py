"""Error of the library room."""


class LibraryError(Exception):
    """File that cannot be used; the message says why and what to do."""
