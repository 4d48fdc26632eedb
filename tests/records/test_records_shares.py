"""The office's recovery key in parts: any two of three, one alone is nothing, a typing error is told."""

from __future__ import annotations

from itertools import combinations

import pyrage
import pytest

from desktop_app.errors import KeySlotError
from desktop_app.records import shares


def code(call: object, *arguments: object) -> str:
    with pytest.raises(KeySlotError) as told:
        call(*arguments)  # type: ignore[operator]
    return told.value.code


def test_any_two_of_three_make_the_key_again() -> None:
    identity = str(pyrage.x25519.Identity.generate())
    parts = shares.split(identity)
    assert len(parts) == 3
    for two in combinations(parts, 2):
        assert shares.join(two) == identity
        assert shares.join(f"  {part.upper()}\n" for part in reversed(two)) == identity
    for one in parts:
        assert code(shares.join, [one]) == "E-SHARES"
        assert code(shares.join, [one, one]) == "E-SHARES"
    other = shares.split(str(pyrage.x25519.Identity.generate()))
    assert code(shares.join, [parts[0], other[1]]) == "E-SHARES"


def test_every_wrong_word_is_a_typing_error() -> None:
    part = shares.split(str(pyrage.x25519.Identity.generate()))[0]
    words = part.split()
    for at in range(len(words)):
        for other in ("academic", "zero", "hull"):
            if other != words[at]:
                assert code(shares.check, " ".join([*words[:at], other, *words[at + 1 :]])) == "E-SHARETYPO"
        assert code(shares.check, " ".join(words[:at] + words[at + 1 :])) == "E-SHARETYPO"
    assert code(shares.check, "") == "E-SHARETYPO"


def test_what_is_no_recovery_key_cannot_be_split() -> None:
    identity = str(pyrage.x25519.Identity.generate())
    for wrong in ("", "age1abc", identity[:-1], identity[:-1] + ("Q" if identity[-1] != "Q" else "P")):
        assert code(shares.split, wrong) == "E-OFFICEKEYWRONG"
    assert shares.join(shares.split(f" {identity.lower()} ")[:2]) == identity
