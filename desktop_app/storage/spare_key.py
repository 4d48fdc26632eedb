"""The spare key on paper: 160 random bits as eight groups of five letters that notice every single typing error.

Crockford base32 (no I, L, O, U; lower case, O for 0, I or L for 1 are no errors). Each group ends in a check letter over
GF(32), with a weight per place and a constant per group: every single wrong letter, every two neighbours changed round
and every two groups changed round are noticed (a typing error must be told as one).
"""

from __future__ import annotations

import hashlib
import secrets

from desktop_app.errors import KeySlotError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKE = {"O": "0", "I": "1", "L": "1"}
GROUPS = 8
GROUP_LETTERS = 5


def new_spare_key_text() -> str:
    """A new random spare key, as it is printed."""
    groups = []
    for index in range(GROUPS):
        values = [secrets.randbelow(32) for _ in range(GROUP_LETTERS - 1)]
        groups.append("".join(ALPHABET[value] for value in [*values, _check_value(values, index)]))
    return "-".join(groups)


def wrapping_key(text: str) -> bytes:
    """The key that wraps the data key: 160 random bits need no slow stretching, only a domain of their own (BLAKE2b)."""
    letters = "".join(spare_key_groups(text))
    return hashlib.blake2b(letters.encode(), digest_size=32, person=b"be-spare-key/1").digest()


def check_spare_key(text: str) -> None:
    """Raises `KeySlotError` (``E-SPAREKEYTYPO``) when it was typed wrongly, naming the group where that can be told."""
    groups = spare_key_groups(text)
    for number, group in enumerate(groups, 1):
        strange = [letter for letter in group if letter not in ALPHABET]
        if strange:
            raise _typo(f"Group {number} has a character that no spare key has: {strange[0]}.")
    if sum(map(len, groups)) != GROUPS * GROUP_LETTERS:
        wrong = [number for number, group in enumerate(groups, 1) if len(group) != GROUP_LETTERS]
        where = f" Look at group {wrong[0]}." if wrong else ""
        raise _typo(f"A spare key has {GROUPS} groups of {GROUP_LETTERS} characters; this one has not.{where}")
    for number, group in enumerate(groups, 1):
        if not _group_checks(group, number - 1):
            raise _typo(f"There is a typing error in group {number}.")


def looks_like_one(text: str) -> bool:
    """Whether somebody meant a spare key, rightly typed or not: about eight groups of about five letters and digits."""
    pieces = "".join(c if c.isalnum() else " " for c in text).split()
    size = sum(map(len, pieces))
    grouped = GROUPS - 1 <= len(pieces) <= GROUPS + 1 and all(GROUP_LETTERS - 1 <= len(p) <= GROUP_LETTERS + 1 for p in pieces)
    whole = GROUPS * GROUP_LETTERS
    return whole - 4 <= size <= whole + 4 and (grouped or len(pieces) == 1) and any(map(str.isdigit, text))


def check_group(text: str, number: int) -> bool:
    """Whether one group (1 to 8) was typed without an error, for typing back two of them."""
    group = _normal(text)
    return len(group) == GROUP_LETTERS and all(map(ALPHABET.__contains__, group)) and _group_checks(group, number - 1)


def spare_key_groups(text: str) -> list[str]:
    """The groups as typed, normalised; when the separators do not give groups of five, cut every five characters."""
    pieces = [piece for piece in "".join(c if c.isalnum() else " " for c in _normal(text, keep=True)).split() if piece]
    if len(pieces) == GROUPS:
        return pieces
    joined = "".join(pieces)
    return [joined[at : at + GROUP_LETTERS] for at in range(0, len(joined), GROUP_LETTERS)]


def _normal(text: str, *, keep: bool = False) -> str:
    letters = (_LOOKALIKE.get(letter, letter) for letter in text.upper())
    return "".join(letter for letter in letters if keep or letter.isalnum())


def _typo(which: str) -> KeySlotError:
    return KeySlotError(
        f"The spare key was not typed as it is printed. {which}",
        safe="Your records are untouched.",
        do="Compare it with the sheet, group by group.",
        code="E-SPAREKEYTYPO",
    )


def _times(left: int, right: int) -> int:
    """Multiplication in GF(32) with x^5 + x^2 + 1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= 0b100101
        right >>= 1
    return product


_WEIGHTS = (2, 4, 8, 16)  # powers of x: distinct, none of them one


def _check_value(values: list[int], group: int) -> int:
    check = group + 1
    for weight, value in zip(_WEIGHTS, values, strict=True):
        check ^= _times(weight, value)
    return check


def _group_checks(group: str, index: int) -> bool:
    values = [ALPHABET.index(letter) for letter in group]
    return _check_value(values[:4], index) == values[4]
