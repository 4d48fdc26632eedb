"""Numbers as JavaRosa writes and reads them: Java's double, int and long."""

from __future__ import annotations

import math
import re

INT_MAX, INT_MIN = 2**31 - 1, -(2**31)
LONG_MAX, LONG_MIN = 2**63 - 1, -(2**63)
_DECIMAL = re.compile(r"[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?)")
_INTEGER = re.compile(r"[+-]?[0-9]+")


def java_trim(text: str) -> str:
    """``String.trim()``: every character up to the space goes, at both ends."""
    start, end = 0, len(text)
    while start < end and text[start] <= " ":
        start += 1
    while end > start and text[end - 1] <= " ":
        end -= 1
    return text[start:end]


def to_int(value: float) -> int:
    """Java's cast to int: towards zero, saturating, NaN is 0."""
    return _saturate(value, INT_MIN, INT_MAX)


def to_long(value: float) -> int:
    """Java's cast to long: towards zero, saturating, NaN is 0."""
    return _saturate(value, LONG_MIN, LONG_MAX)


def _saturate(value: float, low: int, high: int) -> int:
    if math.isnan(value):
        return 0
    if value >= high:
        return high
    if value <= low:
        return low
    return int(value)


def java_double(value: float) -> str:
    """``Double.toString``: ``5.0``, ``0.001``, ``1.0E7``, ``NaN``."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    size = abs(value)
    if size == 0:
        return sign + "0.0"
    mantissa, _, exponent_text = f"{size!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    exponent = int(exponent_text or "0") + len(whole)
    digits = (whole + fraction).lstrip("0")
    exponent -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0") or "0"
    if 1e-3 <= size < 1e7:
        if exponent <= 0:
            return f"{sign}0.{'0' * -exponent}{digits}"
        if exponent >= len(digits):
            return f"{sign}{digits}{'0' * (exponent - len(digits))}.0"
        return f"{sign}{digits[:exponent]}.{digits[exponent:]}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent - 1}"


def xpath_number_text(value: float) -> str:
    """A number as a string in an expression: whole numbers of int size without a point (JavaRosa)."""
    if math.isnan(value):
        return "NaN"
    if abs(value) < 1.0e-12:
        return "0"
    if math.isinf(value):
        return "-Infinity" if value < 0 else "Infinity"
    whole = to_int(value)
    return str(whole) if abs(value - whole) < 1.0e-12 else java_double(value)


def xpath_number(text: str) -> float:
    """A string as a number in an expression: digits, minus and point only; a comma counts as a point; anything
    else NaN."""
    cleaned = java_trim(text.replace(",", "."))
    if not cleaned or cleaned.strip("-.0123456789"):
        return math.nan
    try:
        return float(cleaned)
    except ValueError:
        return math.nan


def parse_decimal(text: str) -> float | None:
    """``Double.parseDouble`` over trimmed text, or None."""
    cleaned = java_trim(text)
    if not _DECIMAL.fullmatch(cleaned):
        return None
    return float(cleaned.rstrip("fFdD") if cleaned[-1] in "fFdD" else cleaned)


def parse_whole(text: str, low: int = INT_MIN, high: int = INT_MAX) -> int | None:
    """``Integer.parseInt`` over trimmed text (or ``Long.parseLong`` with the long's bounds), or None."""
    cleaned = java_trim(text)
    if len(cleaned) > 40 or not _INTEGER.fullmatch(cleaned):
        return None
    value = int(cleaned)
    return value if low <= value <= high else None
