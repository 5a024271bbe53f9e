"""Tables that come with corpora, with a line of headings."""

import csv
from pathlib import Path

from moodstream_train.corpora.clip import CorpusError

Row = dict[str, str]
"""Values by heading, in lower case."""


def rows(path: Path, delimiter: str = ",") -> list[tuple[int, Row]]:
    """Return the rows of a table, each with the number of its line.

    Args:
        path: of the table, in UTF-8.
        delimiter: between the columns.

    Raises:
        CorpusError: it is not a table.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream, restkey="", restval="", delimiter=delimiter)
            return [
                (
                    reader.line_num,
                    {key.strip().lower(): value.strip() for key, value in row.items() if key},
                )
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(f"{path}: cannot be read as a table in UTF-8: {error}") from error
