"""A role or a year group with a named school or trust: together they point to one person or child (DP-04).

A school's name alone is no personal data; it only marks a stretch in which no name of a person is sought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop_app.records.privacy_words import GENERIC_SCHOOL

_CAPITAL = r"(?:St\b\.?|[A-ZÀ-Þ][\w'’&-]*)"
_SMALL = r"(?:of|the|and|on|upon|in|at|y|yr|de)"
_NAME = re.compile(rf"(?:C of E|{_CAPITAL})(?: (?:C of E|{_SMALL} {_CAPITAL}|{_CAPITAL})){{0,8}}")
_SCHOOL_END = re.compile(
    r"(?:School|Academy|College|Primary|Juniors?|Infants?|High|Grammar|Nursery|PRU|Federation)"
    r"(?: (?:School|Academy|College))?\Z"
)
_TRUST_END = re.compile(r"(?:Trust|MAT|Federation)\Z")
_BARE_SAINT = re.compile(r"St\.? [A-Z]\w+['’]s(?: [A-Z]\w+)?\Z")
_ROLES = (
    r"(?:SEND?CO(?: lead)?|(?:(?:deputy |assistant |acting |executive |co-)*head(?:teacher| teacher|master|mistress)?"
    r"|principal)(?: of [\w ]{2,30}?)?|teacher in charge"
    r"|(?:class |form |supply |maths |English |science |reception |Year \d+ |Y\d+ |specialist )?teacher"
    r"|teaching assistant|TA|LSA|HLTA|cover supervisor|chairs? of governors|governor|caretaker|cook|dinner lady"
    r"|(?:school )?(?:secretary|nurse|counsellor|librarian)|(?:school )?business manager|learning support assistant"
    r"|(?:inclusion|pastoral|safeguarding|behaviour|phase|curriculum|SEND?|early years|resource base|year \d+)"
    r" (?:lead|manager|leader|mentor|officer|coordinator|co-ordinator)|(?:family|attendance|parent)(?: [\w-]+)?"
    r" (?:officer|worker|adviser|manager)|family worker|union rep(?:resentative)?|rep"
    r"|chief executive(?: officer)?|CEO|CFO|(?:finance |executive |education |regional )?director(?: of [\w ]{2,30}?)?"
    r"|trustee|psychologist|therapist)"
)
_YEARS = (
    r"(?:(?:(?:Year|Yr|Y) ?\d{1,2}|reception|nursery|sixth[ -]form|Key Stage \d|KS ?\d)(?: [\w-]+){0,2}?"
    r" (?:(?:pupil|child|boy|girl|student|learner|user|kid)s?|children)"
    r"|(?:pupil|child|boy|girl|student|learner|kid|children)s? in (?:Year|Yr|Y|reception|nursery) ?\d{0,2}"
    r"|sixth[ -]former)"
)
_AT = r"[,]? (?:of|at|from|in|for|with) (?:the )?"
_LINK = rf"(?P<role>{_ROLES})(?:, (?:here|there))?{_AT}"
_ROLE_AT = re.compile(rf"\b{_LINK}\Z", re.IGNORECASE)
_YEAR_AT = re.compile(rf"\b(?P<role>{_YEARS}){_AT}\Z", re.IGNORECASE)
_ROLE_INSIDE = re.compile(rf"(?:(?:The|An?|Our|Their|Your) )?{_LINK}(?=[A-Z])", re.IGNORECASE)
_YEAR_INSIDE = re.compile(rf"(?:(?:The|An?|Our|Two|One) )?(?P<role>{_YEARS}){_AT}(?=[A-Z])", re.IGNORECASE)
_OWNED_ROLE = re.compile(rf"(?=['’]s? (?:only )?{_ROLES}\b)", re.IGNORECASE)
_ROLE_AFTER = re.compile(rf"(?:['’]s|['’])?,? (?:(?:the|a|our|its|only) )?{_ROLES}\b", re.IGNORECASE)
_SMALL_SCHOOL = (
    r"(?:[a-z'’-]+ ){1,4}?(?:primary|junior|infant|infants|secondary|academy|high|special|nursery|grammar)"
    r"(?: (?:school|academy))?"
)
_TYPED_SMALL = re.compile(
    rf"\b(?:(?P<year>(?i:{_YEARS}))|(?P<role>(?i:{_ROLES}))) (?:at|from) (?!the |a |an |any |our |their |his |her |every )"
    rf"(?P<school>{_SMALL_SCHOOL})\b"
)


def schools(text: str) -> Iterator[tuple[str, int, int]]:
    """Named schools and trusts: with a role or a year group beside them a finding, without one a stretch to leave."""
    for match in _NAME.finditer(text):
        yield from _named(text, *match.span())
    for match in _TYPED_SMALL.finditer(text):
        words = set(re.findall(r"[\w'’-]+", match["school"])) - GENERIC_SCHOOL
        if words:
            yield "year_and_school" if match["year"] else "role_and_school", *match.span()


def _named(text: str, start: int, stop: int) -> Iterator[tuple[str, int, int]]:
    whole = text[start:stop]
    name = re.sub(r"['’]s?\Z", "", _OWNED_ROLE.split(whole)[0])
    end = stop - (len(whole) - len(name))
    inside = _YEAR_INSIDE.match(name) or _ROLE_INSIDE.match(name)
    proper = name[inside.end() :] if inside else name
    earlier = text[max(0, start - 80) : start]
    year = _YEAR_AT.search(earlier)
    before = year or _ROLE_AT.search(earlier)
    kind = _kind_of(proper, text[start:stop], told=bool(inside or before))
    if not kind:
        return
    after = _ROLE_AFTER.match(text, end)
    if inside:
        of_year = inside.re is _YEAR_INSIDE
        yield "year_and_school" if of_year else kind, start + inside.start("role"), end
    elif before:
        first = start - len(earlier) + before.start("role")
        yield "year_and_school" if year else kind, first, end
    elif after:
        yield kind, start, after.end()
    else:
        yield "", start, end


def _kind_of(proper: str, whole: str, *, told: bool) -> str:
    """Whether a name is a school's or a trust's, and not only words such as "Primary School"."""
    words = [word for word in re.findall(r"[\w'’-]+", proper) if word.lower() not in GENERIC_SCHOOL]
    if not words:
        return ""
    if _TRUST_END.search(proper):
        return "role_and_trust"
    if _SCHOOL_END.search(proper) or proper.startswith("Ysgol "):
        return "role_and_school"
    return "role_and_school" if told and _BARE_SAINT.search(whole) else ""
