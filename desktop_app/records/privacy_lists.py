"""What the check for names looks up: lists of names in ``resources/reference``, and which words are plain English.

Plain English is the dictionary in ``resources/spelling``. A capital word that is neither in it nor the name of a place is
most likely somebody's name, whatever country it comes from; no list has every name there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from desktop_app.paths import resource

_ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", ""), ("ied", "y"), ("ing", ""), ("ing", "e"),
    ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("ly", ""), ("able", ""), ("al", ""), ("ment", ""), ("ness", ""),
    ("ity", "e"), ("ation", "e"), ("isation", "ise"), ("able", "e"), ("wide", ""),
    ("ise", ""), ("ise", "e"), ("ise", "y"), ("ication", "y"),
)  # fmt: skip
_BEFORE = ("un", "dis", "in", "re", "non", "pre", "mis", "over", "under", "sub", "co", "multi", "post", "mid")


@dataclass(frozen=True)
class Names:
    """Names in small letters, each with whether it is also an ordinary word or a place."""

    firsts: dict[str, bool]
    surnames: dict[str, bool]


@cache
def known_names() -> Names:
    """The two lists that are shipped."""
    return Names(_list("first_names.csv"), _list("surnames.csv"))


def _list(file: str) -> dict[str, bool]:
    lines = resource("reference", file).read_text(encoding="utf-8").splitlines()[1:]
    return {name.lower(): also == "yes" for name, _, also in (line.partition(",") for line in lines)}


@cache
def _english() -> tuple[frozenset[str], frozenset[str]]:
    """Words of the dictionary written small, and those written with a capital (places, brands, some names)."""
    small: set[str] = set()
    capital: set[str] = set()
    for line in resource("spelling", "en_GB.dic").read_text(encoding="utf-8-sig").splitlines():
        word = line.partition("/")[0].partition("\t")[0]
        (small if word[:1].islower() else capital).add(word.lower())
    return frozenset(small), frozenset(capital)


@cache
def is_word(lower: str) -> bool:
    """Whether it is plain English, with the common endings and beginnings."""
    small, _ = _english()
    plain = lower.replace("’", "'")
    return any(stem in small or any(root in small for root in _stems(stem)) for stem in _stems(plain))


def is_proper(lower: str) -> bool:
    """Whether the dictionary has it with a capital only: a place, a people, a firm, or a name."""
    return lower in _english()[1]


def _stems(word: str) -> list[str]:
    found = [word]
    if "-" in word:
        parts = word.split("-")
        found += [parts[-1]] if all(parts) else []
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)] + instead
            found.append(stem)
            if len(stem) > 3 and stem[-1] == stem[-2]:
                found.append(stem[:-1])
    for beginning in _BEFORE:
        if word.startswith(beginning) and len(word) > len(beginning) + 3:
            found.append(word[len(beginning) :].lstrip("-"))
    return found
