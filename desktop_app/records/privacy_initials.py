"""Initials of people; part of the personal-data check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop_app.records.privacy_words import ABBREVIATIONS

_INITIALS = re.compile(
    r"(?<![\w.])(?P<dotted>(?:(?:Mc|O['’])?[A-Z]\. ?){2,3})(?![\w])(?!\w)"
    r"|\b(?:[Pp]upil|[Cc]hild|[Ss]tudent|[Bb]oy|[Gg]irl|[Ss]on|[Dd]aughter|[Ll]earner|[Ii]nitials|[Pp]arents? of)"
    r"(?: called| named| is| are|,|:)? (?P<bare>[A-Z]{2,3}|[A-Z] [A-Z])\b"
    r"|(?<![\w.])(?P<aged>[A-Z]{2,3}|[A-Z]\.?[A-Z]\.?) ?(?=\((?:Y|Yr|Year|aged?|age) ?\d)"
)


def initials(text: str) -> Iterator[tuple[str, int, int]]:
    """``A.B.``, ``pupil JS``, ``AJ (Y4)``; "Pupil A" and "Pupil B" are labels and nobody's initials."""
    for match in _INITIALS.finditer(text):
        group = next(name for name in ("dotted", "bare", "aged") if match[name])
        if group == "dotted" or match[group].lower() not in ABBREVIATIONS:
            yield "initials", *match.span(group)
