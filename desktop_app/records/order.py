"""Fractional keys: a place between any two rows without renumbering the others (record.md ``_order``).

A key is a whole part, whose first letter says how long it is (``a0`` … ``a9``, ``aA`` … ``az``, ``b00`` …), and a
fraction that does not end in ``0``. Keys compare as plain text.
"""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE = {digit: value for value, digit in enumerate(_DIGITS)}
_SMALLEST = "A" + "0" * 26


def between(before: str | None, after: str | None) -> str:
    """A key that sorts after ``before`` and before ``after``; `None` is the open end.

    Keys from elsewhere that are not of this form, or that leave no room (equal, or the wrong way round), still get an
    answer: a key right behind ``before``. Rows with equal keys are told apart by their ``_id``.
    """
    if before is not None and not _well_formed(before):
        return before + "V"
    if after is not None and (not _well_formed(after) or (before is not None and before >= after)):
        if before is None:
            return _SMALLEST + "V" if after > _SMALLEST + "V" else after
        if before < after:
            return before + "V"
        after = None
    return _between(before, after)


def sequence(count: int) -> list[str]:
    """``count`` keys in rising order, for rows that have none yet."""
    keys: list[str] = []
    for _ in range(count):
        keys.append(_between(keys[-1] if keys else None, None))
    return keys


def _well_formed(key: str) -> bool:
    if not key or any(letter not in _VALUE for letter in key) or key == _SMALLEST:
        return False
    size = _whole_size(key[0])
    return size > 0 and len(key) >= size and not (len(key) > size and key.endswith("0"))


def _whole_size(head: str) -> int:
    if "a" <= head <= "z":
        return ord(head) - ord("a") + 2
    if "A" <= head <= "Z":
        return ord("Z") - ord(head) + 2
    return 0


def _whole(key: str) -> str:
    return key[: _whole_size(key[0])]


def _between(before: str | None, after: str | None) -> str:
    if before is None:
        if after is None:
            return "a0"
        whole = _whole(after)
        fraction = after[len(whole) :]
        if whole == _SMALLEST:
            return whole + _midpoint("", fraction)
        if whole < after:
            return whole
        return _down(whole) or whole + _midpoint("", None)
    if after is None:
        whole = _whole(before)
        return _up(whole) or whole + _midpoint(before[len(whole) :], None)
    low, high = _whole(before), _whole(after)
    if low == high:
        return low + _midpoint(before[len(low) :], after[len(high) :])
    raised = _up(low)
    if raised is not None and raised < after:
        return raised
    return low + _midpoint(before[len(low) :], None)


def _midpoint(low: str, high: str | None) -> str:
    """A fraction strictly between two; ``low`` may be empty (nought), ``high`` `None` is one."""
    if high is not None:
        same = 0
        while same < len(high) and (low[same] if same < len(low) else "0") == high[same]:
            same += 1
        if same:
            return high[:same] + _midpoint(low[same:], high[same:])
    first = _VALUE[low[0]] if low else 0
    last = _VALUE[high[0]] if high else len(_DIGITS)
    if last - first > 1:
        return _DIGITS[(first + last + 1) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return _DIGITS[first] + _midpoint(low[1:], None)


def _up(whole: str) -> str | None:
    digits = list(whole[1:])
    for index in range(len(digits) - 1, -1, -1):
        value = _VALUE[digits[index]] + 1
        if value < len(_DIGITS):
            digits[index] = _DIGITS[value]
            return whole[0] + "".join(digits)
        digits[index] = "0"
    if whole[0] == "Z":
        return "a0"
    if whole[0] == "z":
        return None
    head = chr(ord(whole[0]) + 1)
    return head + "0" * (_whole_size(head) - 1)


def _down(whole: str) -> str | None:
    digits = list(whole[1:])
    for index in range(len(digits) - 1, -1, -1):
        value = _VALUE[digits[index]] - 1
        if value >= 0:
            digits[index] = _DIGITS[value]
            return whole[0] + "".join(digits)
        digits[index] = "z"
    if whole[0] == "a":
        return "Zz"
    if whole[0] == "A":
        return None
    head = chr(ord(whole[0]) - 1)
    return head + "z" * (_whole_size(head) - 1)
