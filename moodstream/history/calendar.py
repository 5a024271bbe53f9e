"""Days in the machine's time zone, which last 23 to 25 hours."""

from datetime import UTC, date, datetime, timedelta

DAY_S = 86400
_FIRST = date(1970, 1, 1).toordinal()


def midnight(time_s: float, *, utc_day: bool = False) -> int:
    """Return the start of the local day, seconds since 1970.

    Args:
        time_s: a time in that day, seconds since 1970.
        utc_day: whether ``time_s`` names a date in UTC whose local day is meant.
    """
    day = datetime.fromtimestamp(time_s, UTC).date() if utc_day else _local(time_s).date()
    return start(day)


def start(day: date) -> int:
    """Return the start of a local day, seconds since 1970."""
    return int(datetime(day.year, day.month, day.day).astimezone().timestamp())


def next_midnight(time_s: float) -> int:
    """Return the end of the local day of a time, seconds since 1970."""
    return start(_local(time_s).date() + timedelta(days=1))


def day_number(time_s: float) -> int:
    """Return the number of days from 1970-01-01 to the local day of a time."""
    return _local(time_s).date().toordinal() - _FIRST


def day_of(number: int) -> date:
    """Return the day with a number of :func:`day_number`."""
    return date.fromordinal(number + _FIRST)


def _local(time_s: float) -> datetime:
    return datetime.fromtimestamp(time_s, UTC).astimezone()
