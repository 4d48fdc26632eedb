"""Dates and times as JavaRosa has them: one kind of moment, in milliseconds, read and written in the local time
zone."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from .errors import XPathError
from .numbers import INT_MAX, INT_MIN, to_int

DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Moment:
    """Milliseconds since 1970-01-01T00:00Z; what an expression holds for a date, a time and a date with a time."""

    ms: int


def local(moment: Moment) -> datetime:
    """The local date and time, aware. Raises XPathError outside the years 1 to 9999."""
    try:
        instant = _EPOCH + timedelta(milliseconds=moment.ms)
    except OverflowError:
        raise XPathError("The date lies outside the years 1 to 9999.") from None
    try:
        return instant.astimezone()
    except (OSError, OverflowError, ValueError):
        return instant.astimezone(timezone(timedelta(seconds=-time.timezone)))


def from_local(naive: datetime) -> Moment:
    """The moment of a local date and time without a zone."""
    try:
        aware = naive.astimezone()
    except (OSError, OverflowError, ValueError):
        aware = naive.replace(tzinfo=timezone(timedelta(seconds=-time.timezone)))
    return from_aware(aware)


def from_aware(aware: datetime) -> Moment:
    return Moment((aware - _EPOCH) // timedelta(milliseconds=1))


def start_of_day(moment: Moment) -> Moment:
    here = local(moment)
    return from_local(datetime(here.year, here.month, here.day))


def days_since_epoch(moment: Moment) -> int:
    """Whole local days since 1970-01-01; a date as a number in an expression."""
    here = local(moment)
    return (datetime(here.year, here.month, here.day) - datetime(1970, 1, 1)).days


def fractional_days(moment: Moment) -> float:
    """Days since local 1970-01-01T00:00, with the fraction (JavaRosa's mathematical functions)."""
    return (moment.ms - from_local(datetime(1970, 1, 1)).ms) / DAY_MS


def decimal_time(moment: Moment) -> float:
    """The local time of day as a fraction of a day."""
    offset = datetime.now().astimezone().utcoffset() or timedelta()
    days = (moment.ms + offset // timedelta(milliseconds=1)) / DAY_MS
    return days - math.floor(days)


def date_text(moment: Moment) -> str:
    here = local(moment)
    return f"{here.year}-{here.month:02}-{here.day:02}"


def time_text(moment: Moment) -> str:
    here = local(moment)
    offset = (here.utcoffset() or timedelta()) // timedelta(minutes=1)
    zone = "Z" if offset == 0 else f"{'+' if offset > 0 else '-'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    return f"{here.hour:02}:{here.minute:02}:{here.second:02}.{here.microsecond // 1000:03}{zone}"


def date_time_text(moment: Moment) -> str:
    return f"{date_text(moment)}T{time_text(moment)}"


def java_date(moment: Moment) -> str:
    """``Date.toString``: ``Thu Feb 29 00:00:00 GMT 2024``, which is what JavaRosa keeps of a date in a selection."""
    here = local(moment)
    clock = f"{here.hour:02}:{here.minute:02}:{here.second:02} {here.tzname()} {here.year:04}"
    return f"{_DAYS[here.weekday()]} {_MONTHS[here.month - 1]} {here.day:02} {clock}"


def parse_date(text: str) -> Moment | None:
    day = _parse_day(text)
    return None if day is None else from_local(day)


def parse_date_time(text: str) -> Moment | None:
    """``yyyy-mm-dd`` or that, ``T`` and a time; None for anything else."""
    date_part, separator, time_part = text.partition("T")
    day = _parse_day(date_part)
    if day is None:
        return None
    return _with_time(day, time_part) if separator else from_local(day)


def parse_time(text: str, today: datetime) -> Moment | None:
    """A time of day on ``today`` (JavaRosa keeps times as moments of the day they were given)."""
    return _with_time(datetime(today.year, today.month, today.day), text)


def _whole(text: str) -> int | None:
    return (
        int(text)
        if text.lstrip("+-").isdecimal() and len(text) < 10 and len(text) - len(text.lstrip("+-")) <= 1
        else None
    )


def _parse_day(text: str) -> datetime | None:
    pieces = text.split("-")
    if len(pieces) != 3:
        return None
    numbers = [_whole(piece) for piece in pieces]
    if any(number is None for number in numbers):
        return None
    try:
        return datetime(numbers[0] or 0, numbers[1] or 0, numbers[2] or 0)
    except ValueError:
        return None


def _offset(text: str) -> tuple[str, int | None]:
    """The time without its zone, and the zone in minutes east of Greenwich (None: local).

    Raises XPathError for a zone that is no number; any other wrong time is only no time (JavaRosa).
    """
    if text.endswith("Z"):
        return text[:-1], 0
    for sign, direction in (("+", 1), ("-", -1)):
        if sign in text:
            clock, zone = text.split(sign)[:2]
            hours, _, minutes = zone.partition(":")
            hour_count, minute_count = _whole(hours), _whole(minutes or "0")
            if hour_count is None or minute_count is None:
                raise XPathError(f"“{text}” is not a time.")
            return clock, direction * (hour_count * 60 + minute_count)
    return text, None


def _with_time(day: datetime, text: str) -> Moment | None:
    if not text:
        return None
    clock, zone = _offset(text)
    pieces = clock.split(":")
    if len(pieces) not in (2, 3):
        return None
    hour, minute = _whole(pieces[0]), _whole(pieces[1])
    if hour is None or minute is None:
        return None
    seconds = 0.0
    if len(pieces) == 3:
        kept = 0
        while kept < len(pieces[2]) and (pieces[2][kept].isdecimal() or pieces[2][kept] == "."):
            kept += 1
        try:
            seconds = float(pieces[2][:kept])
        except ValueError:
            return None
    second = int(seconds)
    millisecond = int(1000.0 * seconds - 1000.0 * second)
    try:
        naive = day.replace(hour=hour, minute=minute, second=second, microsecond=millisecond * 1000)
    except ValueError:
        return None
    if zone is None:
        return from_local(naive)
    try:
        return from_aware(naive.replace(tzinfo=UTC) - timedelta(minutes=zone))
    except OverflowError:
        return None


def add_days(days: float) -> Moment:
    """The local midnight ``days`` whole days after 1970-01-01. Raises XPathError when no date is that far off."""
    if math.isinf(days) or days > INT_MAX or days < INT_MIN:
        raise XPathError(f"{days} is too large or too small to be a date.")
    try:
        return from_local(datetime(1970, 1, 1) + timedelta(days=to_int(days)))
    except OverflowError:
        raise XPathError(f"{days} is too large or too small to be a date.") from None


def formatted(moment: Moment, pattern: str) -> str:
    """ODK XForms spec, format-date and format-date-time: % escapes Y y m n b d e H h M S 3 a W.

    Raises XPathError for others.
    """
    here = local(moment)
    pieces: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character != "%":
            pieces.append(character)
            continue
        if at >= len(pattern):
            raise XPathError("A date pattern may not end with %.")
        escape = pattern[at]
        at += 1
        pieces.append(_escape(here, escape))
    return "".join(pieces)


def _escape(here: datetime, escape: str) -> str:
    made = {
        "%": "%",
        "Y": f"{here.year:04}",
        "y": f"{here.year:04}"[2:],
        "m": f"{here.month:02}",
        "n": str(here.month),
        "b": _MONTHS[here.month - 1],
        "d": f"{here.day:02}",
        "e": str(here.day),
        "H": f"{here.hour:02}",
        "h": str(here.hour),
        "M": f"{here.minute:02}",
        "S": f"{here.second:02}",
        "3": f"{here.microsecond // 1000:03}",
        "a": _DAYS[here.weekday()],
        "W": str(here.isocalendar().week),
    }.get(escape)
    if made is None:
        raise XPathError(f"%{escape} is not known in a date pattern.")
    return made
