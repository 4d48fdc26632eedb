"""Understanding what a person types: "£1.2m", "27 3 2025", "jan" become values, and the editor says what was
understood.

Only for editors: the engine itself takes canonical text (record.md). What is not understood is passed on as it was
typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SCALES = {
    "": 0, "k": 3, "thousand": 3, "m": 6, "mn": 6, "mil": 6, "million": 6, "millions": 6, "b": 9, "bn": 9, "billion": 9,
}  # fmt: skip
_AMOUNT = re.compile(r"(-)?\s*£?\s*(-)?\s*([0-9][0-9,\s]*(?:\.[0-9]+)?|\.[0-9]+)\s*([a-z]*)\.?")
_GROUPED = re.compile(r"[0-9]{1,3}([,\s][0-9]{3})+(\.[0-9]+)?|[0-9]+(\.[0-9]+)?|\.[0-9]+")
_ORDINAL = re.compile(r"(?<=[0-9])(st|nd|rd|th)\b")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?")
_WORDS = {"today": 0, "yesterday": -1, "tomorrow": 1}


@dataclass(frozen=True)
class Understood:
    """``value`` is canonical text for the engine, None when nothing was understood; ``said`` repeats it in
    words ("" then too)."""

    value: str | None
    said: str = ""


def understood(kind: str, text: str, *, money: bool = False, today: date | None = None) -> Understood:
    """What ``text`` means for a question of ``kind``. Empty text is an empty value."""
    cleaned = " ".join(text.split())
    if not cleaned:
        return Understood("")
    if kind in ("integer", "range") or (kind == "decimal" and not money):
        return _number(kind, cleaned)
    if kind == "decimal":
        return _money(cleaned)
    if kind == "date":
        return _date(cleaned, today)
    if kind == "time":
        return _time(cleaned)
    if kind == "datetime":
        return _date_time(cleaned, today)
    return Understood(text)


def month_of(text: str) -> int | None:
    """The month from its number, name or the first three letters of it."""
    cleaned = text.strip().lower().rstrip(".")
    if cleaned.isdecimal():
        return int(cleaned) if 1 <= int(cleaned[:3]) <= 12 else None
    if len(cleaned) < 3:
        return None
    return next(
        (number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(cleaned)),
        9 if cleaned == "sept" else None,
    )


def said_date(value: str) -> str:
    """``2026-11-22`` as "22 November 2026"; anything else unchanged."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def said_money(value: str) -> str:
    """``1200000`` as "£1,200,000", pence only where there are some; anything else unchanged."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    if not amount.is_finite():
        return value
    sign = "-" if amount < 0 else ""
    amount = abs(amount)
    return f"{sign}£{amount:,.0f}" if amount == amount.to_integral_value() else f"{sign}£{amount:,.2f}"


def partial_date(text: str) -> str | None:
    """A year or a month and year in words ("March 2024", "2023"), which is no full date but worth saying back;
    else None."""
    pieces = text.replace(",", " ").replace("/", " ").split()
    if len(pieces) == 1 and re.fullmatch(r"[12][0-9]{3}", pieces[0]):
        return pieces[0]
    if len(pieces) == 2 and re.fullmatch(r"[12][0-9]{3}", pieces[1]):
        month = month_of(pieces[0])
        return f"{MONTHS[month - 1]} {pieces[1]}" if month else None
    if len(pieces) == 1 and not pieces[0].isdecimal():
        month = month_of(pieces[0])
        return MONTHS[month - 1] if month else None
    return None


def _amount(text: str) -> Decimal | None:
    match = _AMOUNT.fullmatch(text.lower())
    if match is None or match[4] not in _SCALES or not _GROUPED.fullmatch(match[3].strip()):
        return None
    number = Decimal(re.sub(r"[,\s]", "", match[3])).scaleb(_SCALES[match[4]])
    return -number if match[1] or match[2] else number


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(kind: str, text: str) -> Understood:
    number = _amount(text) if "£" not in text else None
    if number is None or len(_plain(number)) > 25 or (kind == "integer" and number != number.to_integral_value()):
        return Understood(None)
    value = _plain(number)
    return Understood(value, f"{number:,.0f}" if number == number.to_integral_value() else f"{Decimal(value):,}")


def _money(text: str) -> Understood:
    number = _amount(text)
    if number is None or len(_plain(number)) > 25:
        return Understood(None)
    value = _plain(number)
    return Understood(value, said_money(value))


def _date(text: str, today: date | None) -> Understood:
    from datetime import timedelta

    lowered = _ORDINAL.sub("", text.lower())
    if lowered in _WORDS:
        day = (today or date.today()) + timedelta(days=_WORDS[lowered])
        return Understood(day.isoformat(), said_date(day.isoformat()))
    pieces = [piece for piece in re.split(r"[\s,./-]+", lowered) if piece and piece != "of"]
    if len(pieces) != 3:
        return Understood(None, partial_date(text) or "")
    year_first = len(pieces[0]) == 4
    day_text, month_text, year_text = pieces[::-1] if year_first else pieces
    if not day_text.isdecimal() and month_text.isdecimal() and not year_first:
        day_text, month_text = month_text, day_text
    month = month_of(month_text)
    if month is None or not day_text.isdecimal() or not re.fullmatch(r"[0-9]{2}|[0-9]{4}", year_text):
        return Understood(None)
    year = int(year_text) if len(year_text) == 4 else 2000 + int(year_text) - (100 if int(year_text) > 69 else 0)
    try:
        value = date(year, month, int(day_text)).isoformat()
    except (ValueError, OverflowError):
        return Understood(None)
    return Understood(value, said_date(value))


def _time(text: str) -> Understood:
    match = _TIME.fullmatch(text.lower().replace("noon", "12pm").replace("midnight", "12am"))
    if match is None or (match[2] is None and match[3] is None):
        return Understood(None)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] and not 1 <= hour <= 12:
        return Understood(None)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if hour > 23 or minute > 59:
        return Understood(None)
    value = f"{hour:02}:{minute:02}"
    return Understood(f"{value}:00.000", value)


def _date_time(text: str, today: date | None) -> Understood:
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        exact = None
    if exact is not None and "T" in text:
        return Understood(text, f"{said_date(exact.date().isoformat())}, {exact:%H:%M}")
    head, _, tail = text.rpartition(" ")
    if tail.lower() in ("am", "pm"):
        head, _, hour = head.rpartition(" ")
        tail = hour + tail
    day, clock = _date(head.rstrip(","), today), _time(tail)
    if day.value is None or clock.value is None:
        return Understood(None)
    return Understood(f"{day.value}T{clock.value}", f"{day.said}, {clock.said}")
