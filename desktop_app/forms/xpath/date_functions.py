"""Functions over dates and times (ODK XForms spec, "XPath functions": date)."""

from __future__ import annotations

import math

from .context import Context, Value, as_text, atom
from .dates import (
    DAY_MS,
    Moment,
    add_days,
    decimal_time,
    formatted,
    parse_date_time,
    start_of_day,
)
from .errors import XPathError
from .function import Function
from .number_functions import integer
from .numbers import INT_MAX, INT_MIN, to_long


def _out_of_range(number: float) -> bool:
    return math.isinf(number) or number > INT_MAX or number < INT_MIN


def as_moment(value: Value, keep_time: bool) -> Value:
    """A moment; an empty text and NaN stay what they are. Raises XPathError for anything that is no date."""
    single = atom(value)
    if isinstance(single, bool):
        raise XPathError("A truth value cannot be turned to a date.")
    if isinstance(single, float):
        if math.isnan(single):
            return single
        if not keep_time:
            return add_days(integer(single))
        if _out_of_range(single):
            raise XPathError(f"{single} is too large or too small to be a date.")
        return Moment(to_long(single * DAY_MS))
    if isinstance(single, str):
        if not single:
            return single
        moment = parse_date_time(single)
        if moment is None:
            raise XPathError(f"“{single}” cannot be turned to a date.")
        return moment
    return single if keep_time else start_of_day(single)


def _decimal(value: Value, keep_date: bool) -> Value:
    single = atom(value)
    if isinstance(single, float):
        if _out_of_range(single):
            raise XPathError(f"{single} is too large or too small to be a date.")
        return single if keep_date or math.isnan(single) else single - math.floor(single)
    moment = as_moment(single, True)
    if not isinstance(moment, Moment):
        return moment
    return moment.ms / DAY_MS if keep_date else decimal_time(moment)


def format_date(context: Context, values: list[Value]) -> Value:
    moment = as_moment(values[0], True)
    return formatted(moment, as_text(values[1])) if isinstance(moment, Moment) else ""


DATE_FUNCTIONS = {
    "today": Function(lambda context, values: start_of_day(context.environment.moment()), 0, 0),
    "now": Function(lambda context, values: context.environment.moment(), 0, 0),
    "date": Function(lambda context, values: as_moment(values[0], False), 1, 1),
    "date-time": Function(lambda context, values: as_moment(values[0], True), 1, 1),
    "decimal-date-time": Function(lambda context, values: _decimal(values[0], True), 1, 1),
    "decimal-time": Function(lambda context, values: _decimal(values[0], False), 1, 1),
    "format-date": Function(format_date, 2, 2),
    "format-date-time": Function(format_date, 2, 2),
}
