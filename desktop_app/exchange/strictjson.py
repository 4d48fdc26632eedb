"""JSON from outside that is not a revision: as strict as `records.revision`, and only text that can be stored.

Python's reader alone would take duplicate keys (the last wins), NaN, lone surrogates and nesting that ends in a
RecursionError.
"""

from __future__ import annotations

from typing import Any

from desktop_app.errors import PackError
from desktop_app.records.strict_json import parse_strict_json

from .limits import STRING_BYTES


class BadJson(ValueError):
    """The text is not taken; never quotes it."""


def parse_object(data: bytes) -> dict[str, Any]:
    """The JSON object in UTF-8 ``data``. Raises `BadJson`."""
    try:
        value = parse_strict_json(data)
    except PackError as problem:
        raise BadJson(problem.what) from problem
    if not isinstance(value, dict):
        raise BadJson("it is not an object")
    _check_texts(value)
    return value


def _halves(text: str) -> bool:
    """Whether half a character stands alone in a text: no bytes can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        if len(value) > STRING_BYTES:
            raise BadJson("a text in it is too long")
        if not value.isprintable() and ("\0" in value or _halves(value)):
            raise BadJson("a text in it is not Unicode")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_texts(key)
            _check_texts(item)
    elif isinstance(value, list):
        for item in value:
            _check_texts(item)
