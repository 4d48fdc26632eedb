"""Order keys for repeat rows: texts that sort as the rows do, with always room between two (record.md, ``_order``)."""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FIRST = "a0"


def between(before: str | None, after: str | None) -> str:
    """A key that sorts after ``before`` and before ``after``; None is the open end.

    Unusable keys count as the open end.
    """
    low = before if before and _usable(before) else None
    high = after if after and _usable(after) and (low is None or low < after) else None
    if low is None and high is None:
        return _FIRST
    if high is None:
        assert low is not None
        return _next(low)
    if low is None:
        return _previous(high)
    return _middle(low, high)


def _usable(key: str) -> bool:
    return (
        "A" <= key[0] <= "z"
        and key[0].isalpha()
        and len(key) >= _whole_length(key[0])
        and all(c in _DIGITS for c in key)
    )


def _whole_length(head: str) -> int:
    return ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2


def _next(key: str) -> str:
    """The next whole number after a key: a0, a1 … az, b00 …"""
    digits = list(key[1 : _whole_length(key[0])])
    for place in range(len(digits) - 1, -1, -1):
        value = _DIGITS.index(digits[place])
        if value < len(_DIGITS) - 1:
            digits[place] = _DIGITS[value + 1]
            return key[0] + "".join(digits)
        digits[place] = "0"
    if key[0] == "z":
        return key + "V"
    if key[0] == "Z":
        return _FIRST
    return chr(ord(key[0]) + 1) + "0" * (_whole_length(chr(ord(key[0]) + 1)) - 1)


def _previous(key: str) -> str:
    whole = key[: _whole_length(key[0])]
    if whole < key:
        return whole
    digits = list(whole[1:])
    for place in range(len(digits) - 1, -1, -1):
        value = _DIGITS.index(digits[place])
        if value > 0:
            digits[place] = _DIGITS[value - 1]
            return key[0] + "".join(digits)
        digits[place] = "z"
    if key[0] == "a":
        return "Zz"
    head = chr(ord(key[0]) - 1)
    return head + "z" * (_whole_length(head) - 1)


def _middle(low: str, high: str) -> str:
    whole = low[: _whole_length(low[0])]
    if whole != high[: _whole_length(high[0])]:
        following = _next(whole)
        if low < following < high:
            return following
        return whole + _fraction(low[len(whole) :], "")
    return whole + _fraction(low[len(whole) :], high[len(whole) :])


def _fraction(low: str, high: str) -> str:
    """Digits strictly between two fractions; an empty ``high`` is the open end."""
    if high:
        same = 0
        while (low[same] if same < len(low) else "0") == high[same]:
            same += 1
        if same:
            return high[:same] + _fraction(low[same:], high[same:])
    first = _DIGITS.index(low[0]) if low else 0
    last = _DIGITS.index(high[0]) if high else len(_DIGITS)
    if last - first > 1:
        return _DIGITS[(first + last + 1) // 2]
    if high and len(high) > 1:
        return high[0]
    return _DIGITS[first] + _fraction(low[1:], "")
