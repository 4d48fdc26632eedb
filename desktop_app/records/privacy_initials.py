"""Initials of people; part of the personal-data check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop_app.records.privacy_words import ABBREVIATIONS

_CHILD = r"(?:[Pp]upil|[Cc]hild|[Ss]tudent|[Bb]oy|[Gg]irl|[Ss]on|[Dd]aughter|[Ll]earner|[Pp]arents? of)"
_INITIALS = re.compile(
    r"(?<![\w.])(?P<dotted>(?:(?:Mc|O['’])?[A-Z]\. ?){2,3})(?![\w])(?!\w)"
    rf"|\b(?:{_CHILD}|[Ii]nitials)"
    r"(?: called| named| is| are|,|:)? (?P<bare>[A-Z]{2,3}|[A-Z] [A-Z])\b"
    r"|(?<![\w.])(?P<aged>[A-Z]{2,3}|[A-Z]\.?[A-Z]\.?) ?(?=\((?:Y|Yr|Year|aged?|age) ?\d)"
    rf"|\b(?P<single>{_CHILD},? (?P<letter>[A-HJ-Z]))\b(?![\w.]*\w)"
)
_NOBODY = frozenset("XYZ")


def initials(text: str) -> Iterator[tuple[str, int, int]]:
    """``A.B.``, ``pupil JS``, ``AJ (Y4)``, ``Child B`` where there is no Child A."""
    found = list(_INITIALS.finditer(text))
    labels = _labels({match["letter"] for match in found if match["letter"]})
    for match in found:
        group = next(name for name in ("dotted", "bare", "aged", "single") if match[name])
        if group == "single":
            yield from [] if match["letter"] in labels else [("initials", *match.span(group))]
        elif group == "dotted" or match[group].lower() not in ABBREVIATIONS:
            yield "initials", *match.span(group)


def _labels(letters: set[str]) -> frozenset[str]:
    """The letters that only number children: A, B, C without a gap from A on, and X, Y, Z.

    A letter that stands alone ("Child B") may be the first of the child's name.
    """
    counted = 0
    while chr(ord("A") + counted) in letters:
        counted += 1
    return _NOBODY | frozenset(map(chr, range(ord("A"), ord("A") + counted)))
