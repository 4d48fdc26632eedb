"""Likely personal data in British text: a check on this computer that shows, and never takes anything away.

Numbers are told by their check digits or by the word beside them (``privacy_numbers``), schools and trusts by their
names with a role or a year group beside them (``privacy_schools``), names by lists and by how sentences speak of people
(``privacy_names``). (Data protection rules DP-02 and DP-04: no name where a role will do.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from desktop_app.records.authorities import all_authorities
from desktop_app.records.privacy_initials import initials
from desktop_app.records.privacy_names import names
from desktop_app.records.privacy_numbers import births, emails, numbers, postcodes
from desktop_app.records.privacy_schools import schools
from desktop_app.records.privacy_text import Stretches

SUGGESTIONS = {
    "name": "Leave the name out: “a pupil in Year 4”, “a parent”, “a teacher”.",
    "initials": "Leave the initials out: “a pupil”, or “Pupil A”.",
    "date_of_birth": "Give the year group instead of a date of birth.",
    "upn": "Leave the pupil number out.",
    "nhs_number": "Leave the NHS number out.",
    "ni_number": "Leave the National Insurance number out.",
    "phone": "Leave the telephone number out.",
    "email": "Leave the e-mail address out.",
    "postcode": "Leave the postcode out; the authority is enough.",
    "role_and_school": "A role and a named school together point to one person: “a SENCO of a primary school”.",
    "year_and_school": "A year group and a named school can point to one child: “a pupil in Year 4”.",
    "role_and_trust": "A role and a named trust together point to one person: “a director of a trust”.",
}


@dataclass(frozen=True)
class Finding:
    """Something that looks like personal data: ``text`` is ``start`` to ``end`` of what was checked."""

    start: int
    end: int
    kind: str
    text: str
    suggestion: str


def findings(text: str, *, where: str) -> list[Finding]:
    """What looks like personal data, in the order of the text, without overlaps.

    ``where`` says what was checked (a leaf path or a file name); in a file name dots between words count as spaces.
    """
    flat = text.replace("_", " ")
    if re.search(r"\.\w{2,5}$", text) and "/" not in text and " " not in where and len(text) < 200:
        flat = re.sub(r"(?<=[^\W\d])\.(?=[^\W\d])", " ", flat) if "@" not in flat else flat
    taken = Stretches()
    found: list[Finding] = []
    for kind, start, end in _all(text, flat, taken):
        if taken.meet(start, end):
            continue
        taken.add(start, end)
        if kind:
            found.append(Finding(start, end, kind, text[start:end], SUGGESTIONS[kind]))
    return sorted(found, key=lambda one: one.start)


def _all(text: str, flat: str, taken: Stretches) -> Iterator[tuple[str, int, int]]:
    """Candidates, the surest first; kind "" marks a stretch that is no name whatever it looks like."""
    yield from emails(text)
    yield from numbers(flat)
    yield from births(flat)
    yield from postcodes(flat)
    yield from schools(flat)
    for match in _authority_names().finditer(flat):
        yield "", *match.span()
    for match in _NO_NAMES.finditer(flat):
        yield "", *match.span()
    yield from names(flat, taken)
    yield from initials(flat)


_NO_NAMES = re.compile(
    r"\b(?:Safety Valve|Delivering Better Value|Schools? Forum|High Needs|Key Stage|Secretary of State"
    r"|Newton Europe|Mott MacDonald|Green Paper|White Paper|Children(?:['’]s)? Act|Mental Health Act|Equality Act"
    r"|Care Act|Education Act|Children and Families Act"
    r"|Thomas Coram|Rose Review|Warnock(?: Report)?|Lamb Inquiry|Bell Foundation|Sutton Trust|Joseph Rowntree"
    r"|Princess Royal|Queen Elizabeth|King Charles|King['’]s [A-Z]\w+|(?:St|Saint)\.? [A-Z][\w'’]+(?! [A-Z])|Jack Petchey"
    r"|Grace period|Ernst & Young|Robin Hood|Poppy (?:Day|Appeal)|Hope Not Hate"
    r"|(?:in|by|since|until|from|during|of|this|last|next|early|mid|late|every)"
    r"[ -](?:the )?(?:\d{1,2}(?:st|nd|rd|th)? )?(?:April|May|June|August|Summer|Autumn|Winter)"
    r"|(?:\d{1,2}(?:st|nd|rd|th)? )(?:April|May|June|August)|(?:April|May|June|August)(?: \d{1,4}))\b"
)


@cache
def _authority_names() -> re.Pattern[str]:
    names: set[str] = set()
    for authority in all_authorities():
        names.update((authority.name, authority.short_name))
        names.update(alias for alias in authority.aliases if not any(letter.isdigit() for letter in alias))
    ordered = sorted((name for name in names if len(name) > 2), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")
