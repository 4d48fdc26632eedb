"""The functions of expressions by name, except those that need their arguments unread (special.py)."""

from __future__ import annotations

from .date_functions import DATE_FUNCTIONS
from .function import Function
from .geo_functions import GEO_FUNCTIONS
from .number_functions import NUMBER_FUNCTIONS
from .signed import SIGNED_FUNCTIONS
from .text_functions import TEXT_FUNCTIONS

FUNCTIONS: dict[str, Function] = {
    **TEXT_FUNCTIONS,
    **NUMBER_FUNCTIONS,
    **DATE_FUNCTIONS,
    **GEO_FUNCTIONS,
    **SIGNED_FUNCTIONS,
}

__all__ = ["FUNCTIONS", "Function"]
