"""How many rows a counted repeat should have, from the value of the node that says so."""

from __future__ import annotations

import math

from .values import Answer
from .xpath.numbers import parse_decimal, to_int


def whole_number(value: Answer | None) -> int:
    """The value as a number of rows, rounded down as JavaRosa does; 0 when it is no number."""
    if value is None or isinstance(value.atom, bool):
        return 0
    if isinstance(value.atom, float):
        return to_int(math.floor(value.atom)) if math.isfinite(value.atom) else to_int(value.atom)
    number = parse_decimal(value.text) if isinstance(value.atom, str) else None
    return (
        0 if number is None or math.isnan(number) else to_int(math.floor(number) if math.isfinite(number) else number)
    )
