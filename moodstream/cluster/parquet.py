"""Parquet: results as columns, for databases and notebooks."""

from importlib.util import find_spec
from pathlib import Path

from moodstream.cluster.location import INSTALL
from moodstream.replay.errors import ResultsError
from moodstream.replay.writers import CsvWriter
from moodstream.whole_file import written_whole

TEXTS = frozenset(("file", "mood", "quadrant", "cnn", "rnn", "settings"))
"""Columns of text; all others are numbers."""


def require_parquet() -> None:
    """Check that pyarrow is installed.

    Raises:
        ResultsError: it is not; the message has the command that installs it.
    """
    if not find_spec("pyarrow"):
        raise ResultsError(f"Parquet needs pyarrow: {INSTALL}")


def write_parquet(results: Path, parquet: Path) -> None:
    """Write the rows of a CSV of results as Parquet, some thousands at a time.

    Args:
        results: written by ``moodstream replay --format csv``.
        parquet: file to write.

    Raises:
        ResultsError: a file cannot be read or written.
    """
    from pyarrow import ArrowInvalid, csv, float64, string  # noqa: PLC0415 - 170 MB
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

    types = {name: string() if name in TEXTS else float64() for name in CsvWriter.COLUMNS}
    options = csv.ConvertOptions(column_types=types, strings_can_be_null=True)
    parsing = csv.ParseOptions(newlines_in_values=True)
    try:
        with (
            csv.open_csv(results, parse_options=parsing, convert_options=options) as rows,
            written_whole(parquet) as stream,
            ParquetWriter(stream, rows.schema, compression="zstd") as writer,
        ):
            for batch in rows:
                writer.write_batch(batch)
    except (OSError, ArrowInvalid) as error:
        raise ResultsError(f"{parquet}: {error}") from error
