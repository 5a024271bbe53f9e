"""Keep the moods of a music library in a SQLite database.

    python examples/library_to_sqlite.py ~/Music moods.db
    sqlite3 moods.db "select file from track where quadrant = 'Q4' order by confidence desc"

All cores are used. Run again, it hears only the files that are new.
"""

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from moodstream import Unheard, hear_many

SUFFIXES = {".flac", ".mp3", ".ogg", ".opus", ".wav"}
TABLE = """
    create table if not exists track (
        file text primary key, mood text, quadrant text, confidence real, valence real, arousal real
    )
"""


def new_files(folder: Path, database: sqlite3.Connection) -> Iterator[Path]:
    """Yield the audio files that the database does not hold yet, in the order of their names."""
    known = {file for (file,) in database.execute("select file from track")}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and str(path) not in known:
            yield path


def main() -> None:
    """Hear a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("database", type=Path)
    parser.add_argument("--jobs", type=int, default=0, help="processes; 0 is one for each core")
    asked = parser.parse_args()
    with closing(sqlite3.connect(asked.database)) as database:
        database.execute(TABLE)
        files = list(new_files(asked.folder, database))
        for number, heard in enumerate(hear_many(files, jobs=asked.jobs), 1):
            for complaint in heard.complaints:
                print(complaint, file=sys.stderr)
            if isinstance(heard, Unheard):
                continue
            mood = heard.summary
            row = (
                heard.file,
                mood.mood,
                mood.quadrant,
                mood.confidence,
                mood.valence,
                mood.arousal,
            )
            database.execute("insert into track values (?, ?, ?, ?, ?, ?)", row)
            database.commit()  # nothing is lost if the program is interrupted
            print(f"{number}/{len(files)}  {mood.mood or '-':<10}  {heard.file}")


if __name__ == "__main__":
    main()
