"""Numbers as people write them.

JavaRosa prints a decimal as Java does (``30.0``, ``1.2E7``); records and pages do not.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def plain_number(text: str) -> str:
    """``30.0`` as ``30``, ``1.2E7`` as ``12000000``, ``0.50`` as ``0.5``; what is no finite number unchanged."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    written = format(number, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written
