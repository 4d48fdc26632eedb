"""Likely personal data in British text: a check on this computer that shows, and never takes anything away.

Numbers are told by their check digits (python-stdnum) or by the word beside them. Names are told by a title, by the
lists of first names and surnames in ``resources/reference``, and by words such as "called" or "'s mum"; names of
authorities, schools, months and of the programmes are left alone. A first name that is also a word (May, Grace, Will)
needs a surname or a telling word beside it. (Data protection rules DP-02 and DP-04: no name where a role will do.)
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from desktop_app.paths import resource
from desktop_app.records.authorities import all_authorities
from desktop_app.records.privacy_words import (
    ABBREVIATIONS,
    GENERIC_SCHOOL,
    NOT_TITLED,
    ORDINARY,
    ORGANISATION,
    OWNED,
    PARTICLES,
    PERSON_AFTER,
    PERSON_BEFORE,
    TITLES,
)

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
    taken: list[tuple[int, int]] = []
    found: list[Finding] = []
    for kind, start, end in _all(text, flat, taken):
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        taken.append((start, end))
        if kind:
            found.append(Finding(start, end, kind, text[start:end], SUGGESTIONS[kind]))
    return sorted(found, key=lambda one: one.start)


def _all(text: str, flat: str, taken: list[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    """Candidates, the surest first; kind "" marks a stretch that is no name whatever it looks like."""
    for match in _EMAIL.finditer(text):
        yield "email", *match.span()
    yield from _numbers(flat)
    for match in _BIRTH.finditer(flat):
        yield "date_of_birth", *match.span("date")
        yield "", match.start(), match.start("date")  # "D.O.B." is nobody's initials
    for match in _POSTCODE.finditer(flat):
        yield "postcode", *match.span()
    yield from _schools(flat)
    for match in _authority_names().finditer(flat):
        yield "", *match.span()
    for match in _NO_NAMES.finditer(flat):
        yield "", *match.span()
    yield from _names(flat, taken)
    for match in _INITIALS.finditer(flat):
        if match["dotted"] or match["bare"].lower() not in ABBREVIATIONS:
            group = "dotted" if match["dotted"] else "bare"
            yield "initials", *match.span(group)


# ---- numbers, addresses, dates -------------------------------------------------------------------------------------

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATE = (
    r"(?:\d{1,2}[./\- ]\d{1,2}[./\- ]\d{2,4}|\d{4}-\d\d-\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? \d{{2,4}})"
)
_BIRTH = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\.?|date of birth|birth ?date|birthday|born(?: on)?)(?:\s+(?:is|was))?"
    rf"\s*[:\-–(]?\s*(?P<date>{_DATE})",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b(?:[A-PR-UWYZ]\d[A-HJKPS-UW\d]?|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRV-Y\d]?|GIR)\s?\d[ABD-HJLNP-UW-Z]{2}\b",
    re.IGNORECASE,
)
_UPN = re.compile(r"\b[A-HJ-NP-RT-Z]\d{3}[ ]?\d{4}[ ]?\d{4}[A-Z\d]\b|\b[A-HJ-NP-RT-Z]\d{11}[A-Z\d]\b", re.IGNORECASE)
_NI = re.compile(
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE
)
_TEN_DIGITS = re.compile(r"(?<![\d£.,/-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d/]|[.,]\d|-\d)")
_PHONE = re.compile(
    r"(?<![\w£.,/])(?:\+44[\s-]?(?:\(0\)[\s-]?)?|0044[\s-]?|\(?0)(?:[1-37-9])(?:[\s()-]{0,2}\d){8,9}(?![\d/]|[.,]\d)"
)
_NEAR_NHS = re.compile(r"\bNHS\b[^.\n]{0,25}$", re.IGNORECASE)
_NEAR_UPN = re.compile(r"\b(?:UPN|pupil number)\b[^.\n]{0,25}$", re.IGNORECASE)


def _numbers(text: str) -> Iterator[tuple[str, int, int]]:
    from stdnum.gb import nhs, upn

    for match in _UPN.finditer(text):
        plain = match[0].replace(" ", "").upper()
        if upn.is_valid(plain) or _NEAR_UPN.search(text[: match.start()]):
            yield "upn", *match.span()
    for match in _NI.finditer(text):
        yield "ni_number", *match.span()
    for match in _TEN_DIGITS.finditer(text):
        near = _NEAR_NHS.search(text[: match.start()])
        if near or (nhs.is_valid(match[0]) and not match[0].startswith("0")):
            yield "nhs_number", *match.span()
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 10 <= len(digits) <= 14:
            yield "phone", *match.span()


# ---- schools -------------------------------------------------------------------------------------------------------

_CAPITAL = r"(?:St\.?|[A-ZÀ-Þ][\w'’&-]*)"
_SCHOOL_NAME = re.compile(rf"{_CAPITAL}(?: (?:of|the|and|on|upon|in|at) {_CAPITAL}| {_CAPITAL}){{0,7}}")
_SCHOOL_END = re.compile(
    r"(?:School|Academy|College|Primary|Juniors?|Infants|High|Grammar|Nursery|PRU)(?: (?:School|Academy|College))?\Z"
)
_ROLE = (
    r"(?:SEND?CO|(?:deputy |assistant |acting |executive )?head(?:teacher| teacher|master|mistress)?|principal"
    r"|(?:class |form |supply |maths |English |science |reception )?teacher|teaching assistant|TA|LSA|HLTA"
    r"|chair of governors|governor|caretaker|school secretary|school nurse|business manager|inclusion (?:lead|manager)"
    r"|pastoral lead|family worker|learning support assistant|SEND? lead|year \d+ leader|union rep(?:resentative)?|rep)"
)
_ROLE_AT = re.compile(rf"\b{_ROLE},? (?:of|at|from|in|for) (?:the )?\Z", re.IGNORECASE)
_ROLE_INSIDE = re.compile(
    rf"(?:(?:The|An?|Our|Their|Your) )?(?P<role>{_ROLE}),? (?:of|at|from|in|for) (?:the )?(?=[A-Z])", re.IGNORECASE
)
_OWNED_ROLE = re.compile(rf"(?=['’]s? {_ROLE}\b)", re.IGNORECASE)
_ROLE_AFTER = re.compile(rf"(?:['’]s|['’])?,? (?:(?:the|a|our|its) )?{_ROLE}\b", re.IGNORECASE)


def _schools(text: str) -> Iterator[tuple[str, int, int]]:
    """Named schools: with a role beside them a finding, without one only a stretch in which no name is sought."""
    for match in _SCHOOL_NAME.finditer(text):
        start, stop = match.span()
        name = re.sub(r"['’]s?\Z", "", _OWNED_ROLE.split(match[0])[0])
        stop -= len(match[0]) - len(name)
        inside = _ROLE_INSIDE.match(name)
        proper = name[inside.end() :] if inside else name
        words = [word for word in re.findall(r"[\w'’-]+", proper) if word.lower() not in GENERIC_SCHOOL]
        if not words or not _SCHOOL_END.search(proper):
            continue
        before = _ROLE_AT.search(text[max(0, start - 60) : start])
        after = _ROLE_AFTER.match(text, stop)
        if inside:
            yield "role_and_school", start + inside.start("role"), stop
        elif before:
            yield "role_and_school", start - (min(start, 60) - before.start()), stop
        elif after:
            yield "role_and_school", start, after.end()
        else:
            yield "", start, stop


# ---- names ---------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_NO_NAMES = re.compile(
    r"\b(?:Safety Valve|Delivering Better Value|Schools? Forum|High Needs|Key Stage|Secretary of State"
    r"|Newton Europe|Green Paper|White Paper|Children(?:['’]s)? Act|Mental Health Act|Equality Act|Care Act|Education Act"
    r"|Children and Families Act"
    r"|Thomas Coram|Rose Review|Warnock(?: Report)?|Lamb Inquiry|Bell Foundation|Sutton Trust|Joseph Rowntree"
    r"|Princess Royal|Queen Elizabeth|King Charles|(?:St|Saint)\.? [A-Z][\w'’]+|Jack Petchey|Grace period"
    r"|(?:in|by|since|until|from|during|of|this|last|next|early|mid|late|every)"
    r"[ -](?:the )?(?:\d{1,2}(?:st|nd|rd|th)? )?(?:April|May|June|August|Summer|Autumn|Winter)"
    r"|(?:\d{1,2}(?:st|nd|rd|th)? )(?:April|May|June|August)|(?:April|May|June|August)(?: \d{1,4}))\b"
)
_INITIALS = re.compile(
    r"(?<![\w.])(?P<dotted>(?:[A-Z]\. ?){2,3})(?![\w])(?!\w)|\b(?:[Pp]upil|[Cc]hild|[Ss]tudent|[Bb]oy|[Gg]irl|[Ss]on"
    r"|[Dd]aughter|[Ll]earner|[Ii]nitials)(?: called| named| is| are|,|:)? (?P<bare>[A-Z]{2,3}|[A-Z] [A-Z])\b"
)


@cache
def _authority_names() -> re.Pattern[str]:
    names: set[str] = set()
    for authority in all_authorities():
        names.update((authority.name, authority.short_name))
        names.update(alias for alias in authority.aliases if not any(letter.isdigit() for letter in alias))
    ordered = sorted((name for name in names if len(name) > 2), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


@cache
def _list(file: str) -> dict[str, bool]:
    """Names in small letters, and whether each is also an ordinary word."""
    with open(resource("reference", file), encoding="utf-8", newline="") as reading:
        return {row["name"].lower(): row["also_a_word"] == "yes" for row in csv.DictReader(reading)}


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    word: str  # without a possessive ending

    @property
    def lower(self) -> str:
        return self.word.lower()

    @property
    def capital(self) -> bool:
        return self.word[:1].isupper()


def _tokens(text: str) -> list[_Token]:
    made = []
    for match in _TOKEN.finditer(text):
        word = re.sub(r"['’]s?$", "", match[0]) or match[0]
        made.append(_Token(match.start(), match.start() + len(word), word))
    return made


def _names(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    firsts, surnames = _list("first_names.csv"), _list("surnames.csv")
    tokens = _tokens(text)
    free = [not any(token.start < stop and begin < token.end for begin, stop in taken) for token in tokens]
    index = 0
    while index < len(tokens):
        reach = _name_at(text, tokens, free, index, firsts, surnames)
        if reach is None:
            index += 1
            continue
        first, last = reach
        yield "name", tokens[first].start, tokens[last].end
        index = last + 1


def _name_at(
    text: str, tokens: list[_Token], free: list[bool], index: int, firsts: dict[str, bool], surnames: dict[str, bool]
) -> tuple[int, int] | None:
    """The token range of a name that begins here (or that this title introduces), or `None`."""
    token = tokens[index]
    if not free[index]:
        return None
    if token.lower in TITLES and token.capital:
        return _titled(text, tokens, free, index)
    if not token.capital:
        told = index > 0 and tokens[index - 1].lower in ("called", "named") and firsts.get(token.lower) is False
        return (index, index) if told else None
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    before = tokens[index - 1] if index else None
    if following is not None and following.lower in ORGANISATION and following.capital:
        return None
    last = _surname_reach(text, tokens, free, index, surnames)
    hyphen_parts = token.lower.split("-")
    known = firsts.get(token.lower, firsts.get(hyphen_parts[0]) if len(hyphen_parts) > 1 else None)
    told = _told(text, token, before, following)
    if known is not None and last == index and len(token.word) < 6 and token.word.isupper() and not told:
        return None  # an abbreviation
    if known is False:
        return (index, last)
    if known is True and told:
        return (index, last)
    if known is True and last > index and tokens[index + 1].lower not in ORDINARY and not _starts(text, token):
        return (index, last)
    if known is True and last > index and tokens[last].lower in surnames:
        return (index, last)
    if token.lower in ORDINARY:
        return None
    if last > index and surnames.get(tokens[last].lower) is False and tokens[index + 1].lower not in ORDINARY:
        return (index, last)
    if before is not None and before.lower in ("called", "named") and text[before.end : token.start].isspace():
        return (index, last)
    if _owner(text, token, following):
        return (index, index)
    return None


def _titled(text: str, tokens: list[_Token], free: list[bool], index: int) -> tuple[int, int] | None:
    last = index
    while last + 1 < len(tokens) and last - index < 4:
        following = tokens[last + 1]
        gap = text[tokens[last].end : following.start]
        if gap not in (" ", ". ", ".", "\u00a0") or (gap != " " and last > index and len(tokens[last].word) > 1):
            break
        if following.capital and free[last + 1] and (following.lower not in ORDINARY or last == index):
            if last == index and following.lower in NOT_TITLED:
                break
            last += 1
        elif following.lower in PARTICLES and last > index:
            last += 1
        else:
            break
    return (index, last) if last > index else None


def _surname_reach(text: str, tokens: list[_Token], free: list[bool], index: int, surnames: dict[str, bool]) -> int:
    """How far a name that begins here goes: capital words after it, one space apart, that are no ordinary words."""
    last = index
    while last + 1 < len(tokens) and last - index < 3:
        following = tokens[last + 1]
        if text[tokens[last].end : following.start] not in (" ", "\u00a0", ". "):
            break
        if text[tokens[last].end : following.start] == ". " and len(tokens[last].word) > 1:
            break
        if following.lower in PARTICLES and last + 2 < len(tokens) and tokens[last + 2].capital:
            last += 1
            continue
        if not following.capital or not free[last + 1] or following.lower in ORGANISATION:
            break
        if following.lower in ORDINARY and following.lower not in surnames:
            break
        last += 1
    return last


def _told(text: str, token: _Token, before: _Token | None, following: _Token | None) -> bool:
    """Whether the words around say that this is a person."""
    if before is not None and before.lower in PERSON_BEFORE and text[before.end : token.start] in (" ", ", "):
        return True
    if following is not None and following.lower in PERSON_AFTER and text[token.end : following.start] == " ":
        return following.lower not in ("has", "was", "who") or not _starts(text, token)
    return _owner(text, token, following)


def _owner(text: str, token: _Token, following: _Token | None) -> bool:
    """``Kayden's mum``: a capital word that owns what only a person has."""
    if following is None or following.lower not in OWNED:
        return False
    return re.fullmatch(r"['’]s? ", text[token.end : following.start]) is not None


def _starts(text: str, token: _Token) -> bool:
    """Whether a word begins a sentence, where a capital says nothing."""
    before = text[: token.start].rstrip(" \t“\"'‘(")
    return not before or before[-1] in ".!?:;\n•-–"
