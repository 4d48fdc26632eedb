"""JSON from outside that is not a revision: read by the same strict reader, and always an object."""

from __future__ import annotations

from typing import Any

from desktop_app.errors import PackError
from desktop_app.records.strict_json import parse_strict_json

from .limits import STRING_BYTES


class BadJson(ValueError):
    """The text is not taken; never quotes it."""


def parse_object(data: bytes, *, longest: int = STRING_BYTES) -> dict[str, Any]:
    """The JSON object in UTF-8 ``data``; no text in it is longer than ``longest``. Raises `BadJson`."""
    try:
        value = parse_strict_json(data, longest=longest)
    except PackError as problem:
        raise BadJson(problem.what) from problem
    if not isinstance(value, dict):
        raise BadJson("it is not an object")
    return value
