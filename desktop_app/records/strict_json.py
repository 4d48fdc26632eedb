"""The JSON of signed things: how text enters it, and how it is read from outside, by kind and without mercy.

Python's reader alone takes duplicate names (the last wins), NaN, half characters, and nesting that ends in a
RecursionError; each of these would let two programs read the same signed bytes differently.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from desktop_app.errors import PackError

MAX_STRING = 1024 * 1024  # packs.md "Limits"
MAX_DEPTH = 32
NOT_TEXT = re.compile("[\0\ud800-\udfff]")
"""NUL and half characters: no text may hold them."""


def clean_text(text: str) -> str:
    """NFC, without NUL and lone surrogates: how text enters a record (record.md)."""
    if text.isascii():
        return text.replace("\0", "")
    return unicodedata.normalize("NFC", NOT_TEXT.sub("", text))


def clean(value: Any) -> Any:
    """`clean_text` on every key and text inside a JSON value; tuples become lists."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(key): clean(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def parse_strict_json(body: bytes, *, max_depth: int = MAX_DEPTH, longest: int = MAX_STRING) -> Any:
    """JSON without duplicate names, fractions, NaN, deep nesting, lone surrogates or NUL.

    ``longest``: characters a text in it may have. Raises `PackError` E-REVISION, E-TOOBIG.
    """
    if _too_deep(body, max_depth):
        raise broken("is nested too deeply", code="E-TOOBIG")
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
            parse_int=_small_int,
        )
    except (ValueError, RecursionError) as error:
        raise broken("cannot be read") from error
    if len(body) > longest or b"\\u" in body:
        # Without an escape no text can hold a NUL or half a character: the UTF-8 itself was checked.
        _check_texts(value, longest)
    return value


def _too_deep(body: bytes, limit: int) -> bool:
    if body.count(b"{") + body.count(b"[") <= limit:
        return False
    depth, inside, skip = 0, False, False
    for byte in body:
        if skip:
            skip = False
        elif inside:
            if byte == 0x5C:
                skip = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"{[":
            depth += 1
            if depth > limit:
                return True
        elif byte in b"}]":
            depth -= 1
    return False


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _no_fraction(text: str) -> Any:
    raise ValueError(f"not a whole number: {text[:20]}")


def _small_int(text: str) -> int:
    if len(text) > 17:
        raise ValueError("number too large")
    return int(text)


def _check_texts(value: Any, longest: int) -> None:
    """Every text within the limit, and none that could not be written out again."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if len(item) > longest:
                raise broken("holds a text larger than any may be", code="E-TOOBIG")
            if "\0" in item or (not item.isascii() and NOT_TEXT.search(item)):
                raise broken("holds characters that are not text")
        elif isinstance(item, dict):
            stack += item
            stack += item.values()
        elif isinstance(item, list):
            stack += item


def broken(how: str, *, code: str = "E-REVISION") -> PackError:
    """The refusal of one entry, to be raised; ``how`` ends the sentence "An entry in this file …"."""
    return PackError(
        f"An entry in this file {how}.",
        safe="Nothing was added to your records.",
        do="Ask the sender for the file again.",
        code=code,
    )


def text(value: Any) -> str:
    """The value, which must be a text. Raises `ValueError`, as do all the functions of this kind."""
    if not isinstance(value, str):
        raise ValueError("not text")
    return value


def texts(value: Any) -> list[str]:
    """A list of texts."""
    if not isinstance(value, list):
        raise ValueError("not a list")
    return [text(item) for item in value]


def text_map(value: Any) -> dict[str, str]:
    """An object whose members are all texts."""
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise ValueError("not texts by name")
    return value


def one_of(value: Any, allowed: tuple[str, ...]) -> str:
    """One of the words allowed."""
    if value not in allowed:
        raise ValueError("not one of the words allowed")
    return cast(str, value)


def flag(value: Any) -> bool:
    """True or false, and not 1 or 0."""
    if not isinstance(value, bool):
        raise ValueError("not yes or no")
    return value


def whole(value: Any) -> int:
    """A whole number, and not true or false."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a whole number")
    return value


def moment(value: Any) -> str:
    """A time with its zone, in ISO 8601, in a year every system can show by its own clock."""
    said = text(value)
    # A wrong clock is no reason to refuse; outside these years Windows cannot turn a time into a local one.
    if datetime.fromisoformat(said).tzinfo is None or not "1970" <= said[:4] <= "2999":
        raise ValueError("not a moment")
    return said
