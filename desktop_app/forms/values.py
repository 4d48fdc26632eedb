"""Values by data type: read from text, made from the result of an expression, written as in an ODK submission.

The rules are JavaRosa's: which text a type takes, what a calculation leaves in a node (an expression's type wins over
the
node's where it is a number or a truth value), and how a value reads in an expression.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .xpath.dates import (
    Moment,
    date_text,
    date_time_text,
    java_date,
    parse_date,
    parse_date_time,
    parse_time,
    start_of_day,
    time_text,
)
from .xpath.errors import XPathError
from .xpath.numbers import (
    INT_MAX,
    INT_MIN,
    LONG_MAX,
    LONG_MIN,
    java_double,
    java_trim,
    parse_decimal,
    parse_whole,
    to_int,
    to_long,
)

Atom = str | float | bool | Moment
DataType = Literal[
    "null", "string", "int", "long", "decimal", "date", "time", "dateTime", "boolean",
    "choice", "choices", "geopoint", "geotrace", "geoshape", "binary", "barcode", "unsupported",
]  # fmt: skip

TYPES: dict[str, DataType] = {
    "string": "string", "integer": "int", "int": "int", "long": "long", "decimal": "decimal", "double": "decimal",
    "float": "decimal", "dateTime": "dateTime", "date": "date", "time": "time", "boolean": "boolean",
    "listItem": "choice", "listItems": "choices", "select1": "choice", "select": "choices", "rank": "choices",
    "geopoint": "geopoint", "geoshape": "geoshape", "geotrace": "geotrace", "barcode": "barcode", "binary": "binary",
}  # fmt: skip


def data_type(written: str | None) -> DataType:
    """The data type a bind names; a namespace prefix is ignored, an unknown name is kept as text."""
    if written is None:
        return "null"
    return TYPES.get(written.rpartition(":")[2], "unsupported")


@dataclass(frozen=True, slots=True)
class Answer:
    """A value in a node: as text in a submission, and as an expression sees it."""

    text: str
    atom: Atom


def string(text: str) -> Answer:
    return Answer(text, text)


def whole(value: int) -> Answer:
    return Answer(str(value), float(value))


def decimal(value: float) -> Answer:
    return Answer(java_double(value), value)


def truth(value: bool) -> Answer:
    return Answer("1" if value else "0", value)


def date(moment: Moment) -> Answer:
    day = start_of_day(moment)
    return Answer(date_text(day), day)


def date_time(moment: Moment) -> Answer:
    return Answer(date_time_text(moment), moment)


def time(moment: Moment) -> Answer:
    return Answer(time_text(moment), moment)


def choices(text: str) -> Answer:
    return string(" ".join(piece for piece in text.split(" ") if piece))


def still_offered(value: Answer, kind: DataType, offered: Collection[str]) -> Answer | None:
    """What is left of an answer when its list offers only these: a selection of several loses some, any other all."""
    if kind == "choices" and isinstance(value.atom, str):
        return string(" ".join(name for name in value.text.split(" ") if name in offered))
    return string(value.text) if value.text in offered else None


def geopoint(text: str) -> Answer:
    """Latitude, longitude, altitude, accuracy. Raises XPathError for anything but up to four numbers."""
    return string(_point(text))


def _point(text: str) -> str:
    numbers = [parse_decimal(piece) for piece in text.split(" ") if piece]
    if len(numbers) > 4 or any(number is None for number in numbers):
        raise XPathError("A place is written as latitude, longitude, and if known altitude and accuracy.")
    four = [number or 0.0 for number in numbers] + [0.0] * (4 - len(numbers))
    return " ".join(java_double(number) for number in four) if any(four) else ""


def geotrace(text: str) -> Answer:
    parts = text.split(";")
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return string("; ".join(_point(java_trim(part)) for part in parts))


def parse(
    text: str,
    kind: DataType,
    now: Callable[[], datetime],
    static_choices: frozenset[str] | None = None,
) -> Answer | None:
    """The value of ``text`` in a node of type ``kind``; None when it is none (JavaRosa then empties the node).

    ``static_choices``: the names of an inline choice list, which a selection must be in; None where the list is
    worked out.
    """
    trimmed = java_trim(text)
    if kind in ("null", "string", "binary", "barcode", "unsupported"):
        return string(text)
    if kind == "choice":
        return string(text) if text and (static_choices is None or text in static_choices) else None
    if kind == "choices":
        names = [piece for piece in text.split(" ") if piece]
        return string(" ".join(name for name in names if static_choices is None or name in static_choices))
    if not trimmed:
        return None
    return _PARSERS[kind](trimmed, now)


def _parse_int(text: str, _now: Callable[[], datetime]) -> Answer | None:
    number = parse_whole(text)
    return None if number is None else whole(number)


def _parse_long(text: str, _now: Callable[[], datetime]) -> Answer | None:
    number = parse_whole(text, LONG_MIN, LONG_MAX)
    return None if number is None else whole(number)


def _parse_decimal(text: str, _now: Callable[[], datetime]) -> Answer | None:
    number = parse_decimal(text)
    return None if number is None else decimal(number)


def _parse_date(text: str, _now: Callable[[], datetime]) -> Answer | None:
    moment = parse_date(text)
    return None if moment is None else date(moment)


def _parse_date_time(text: str, _now: Callable[[], datetime]) -> Answer | None:
    moment = parse_date_time(text)
    return None if moment is None else date_time(moment)


def _parse_time(text: str, now: Callable[[], datetime]) -> Answer | None:
    moment = parse_time(text, now())
    return None if moment is None else time(moment)


def _parse_truth(text: str, _now: Callable[[], datetime]) -> Answer | None:
    return truth(text in ("1", "t"))


def _parse_place(make: Callable[[str], Answer]) -> Callable[[str, Callable[[], datetime]], Answer | None]:
    def parse_place(text: str, _now: Callable[[], datetime]) -> Answer | None:
        try:
            return make(text)
        except XPathError:
            return None

    return parse_place


_PARSERS: dict[str, Callable[[str, Callable[[], datetime]], Answer | None]] = {
    "int": _parse_int,
    "long": _parse_long,
    "decimal": _parse_decimal,
    "date": _parse_date,
    "dateTime": _parse_date_time,
    "time": _parse_time,
    "boolean": _parse_truth,
    "geopoint": _parse_place(geopoint),
    "geotrace": _parse_place(geotrace),
    "geoshape": _parse_place(geotrace),
}


def from_result(result: Atom, kind: DataType) -> Answer | None:
    """What a calculation leaves in a node of type ``kind``; a text stays a text, even in a date (JavaRosa 5.1).

    Raises XPathError where JavaRosa cannot store the result.
    """
    if isinstance(result, bool):
        return truth(result)
    if (isinstance(result, str) and not result) or (isinstance(result, float) and math.isnan(result)):
        return None
    if kind == "boolean":
        if isinstance(result, Moment):
            raise XPathError("A date cannot be kept as a truth value.")
        return truth(abs(result) > 1.0e-12 if isinstance(result, float) else bool(result))
    if isinstance(result, float):
        return _number_result(result, kind)
    if isinstance(result, Moment):
        if kind in ("date", "time"):
            return date(result) if kind == "date" else time(result)
        if kind in ("geopoint", "geotrace", "geoshape"):
            raise XPathError("A date cannot be kept in this kind of question.")
        if kind in ("choice", "choices"):
            return string(java_date(result))
        return date_time(result)
    if kind == "geopoint":
        return geopoint(result)
    if kind in ("geotrace", "geoshape"):
        return geotrace(result)
    return choices(result) if kind == "choices" else string(result)


def _number_result(result: float, kind: DataType) -> Answer | None:
    as_long = to_long(result)
    integral = abs(result - as_long) < 1.0e-9
    if kind == "int" or (integral and INT_MIN <= as_long <= INT_MAX):
        return whole(to_int(result))
    if kind == "long" or integral:
        return whole(as_long)
    return decimal(result)


def cast(answer: Answer, kind: DataType, now: Callable[[], datetime]) -> Answer:
    """The value of a setvalue action turned to the node's type. Raises XPathError where it is none."""
    if kind in ("null", "unsupported", "binary", "barcode", "string", "choice"):
        return string(answer.text)
    if kind == "choices":
        return choices(answer.text)
    if kind == "boolean":
        raise XPathError("A truth value cannot be set by an action.")
    made = parse(answer.text, kind, now)
    if made is None:
        raise XPathError(f"“{answer.text}” is not of the type of the question it is set in.")
    return made
