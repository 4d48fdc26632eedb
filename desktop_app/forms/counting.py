"""How many rows a counted repeat should have, from the value of the node that says so."""

from __future__ import annotations

import math

from .values import Answer, DataType
from .xpath.numbers import parse_decimal, to_int


def whole_number(value: Answer | None, kind: DataType) -> int:
    """The value of a node of type ``kind`` as a number of rows, rounded down as JavaRosa does; 0 when it is no number,
    and for a choice, whatever its name: a calculation may turn it into one."""
    if value is None or isinstance(value.atom, bool) or (kind in ("choice", "choices") and isinstance(value.atom, str)):
        return 0
    if isinstance(value.atom, float):
        return to_int(math.floor(value.atom)) if math.isfinite(value.atom) else to_int(value.atom)
    number = parse_decimal(value.text) if isinstance(value.atom, str) else None
    return (
        0 if number is None or math.isnan(number) else to_int(math.floor(number) if math.isfinite(number) else number)
    )
