"""Numbers and addresses that point to a person, as they are written in Britain; part of the personal-data check.

Each function yields (kind, start, end); kind "" is a stretch in which nothing else is to be sought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Candidate = tuple[str, int, int]

# Begun only where a run of letters begins: in a long one without a space it would else be tried at every letter.
_EMAIL = re.compile(r"(?:(?<![\w.+'’-])[\w.+'’-]+|\"[^\"\n@]{1,60}\")@[\w-]+(?:\.[\w-]+)+")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = (
    r"(?:\d{1,2}[./\- ]\d{1,2}[./\- ]\d{2,4}|\d{4}[-/.]\d\d[-/.]\d\d|\d{6}(?!\d)|\d{8}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:day )?(?:of )?{_MONTH},?[ -]?(?:'|’)?\d{{2,4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}})"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)(?:day)?,? )?"
_BORN = (
    r"(?:\b(?:d\.?\s?o\.?\s?b\.?|date of birth|birth ?date|birthday|born|turn(?:s|ed) \w+(?= on\b))|(?<![\w.])b\.?(?= ?\d))"
    r"(?: (?:at|in) [\w'’ ]{1,30}?| here| there)?(?: (?:is|was|given|recorded|shown|listed|as|on|falls|of)){0,3}"
    r"\s*[:\-–(=]?\s*"
)
_BIRTH = re.compile(rf"{_BORN}(?P<date>{_WEEKDAY}(?:the )?{_DATE})", re.IGNORECASE)
_BIRTHDAY = re.compile(
    rf"\bbirthday(?: (?:is|was|on|falls)){{0,2}}[: ]\s*(?:the )?(?P<date>\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH})",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b(?:[A-PR-UWYZ]\d[A-HJKPS-UW\d]?|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRV-Y\d]?|GIR)\s?\d[ABD-HJLNP-UW-Z]{2}\b",
    re.IGNORECASE,
)
_UPN = re.compile(r"\b[A-HJ-NP-RT-Z](?:[ -]?\d){11}[ -]?[A-Z\d]\b", re.IGNORECASE)
_NI = re.compile(
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b",
    re.IGNORECASE,
)
_TEN_DIGITS = re.compile(r"(?<![\d£.,/-])\d{3}[ .-]?\d{3}[ .-]?\d{4}(?![\d/]|[.,]\d|-\d)")
_PHONE = re.compile(
    r"(?<![\w£.,])(?:\+44[\s-]?(?:\(0\)[\s-]?)?|0044[\s-]?|\(?0)(?:[1-37-9])(?:[\s().-]{0,2}\d){8,9}(?!\d|[.,]\d)"
)
_NEAR_NHS = re.compile(r"\bNHS\b[^.\n]{0,25}$", re.IGNORECASE)
_NEAR_UPN = re.compile(r"\b(?:UPN|pupil (?:number|no))\b[^.\n]{0,25}$", re.IGNORECASE)
_NEAR = 40  # letters: the words above, 25 more, and one on either side


def emails(text: str) -> Iterator[Candidate]:
    """E-mail addresses."""
    for match in _EMAIL.finditer(text):
        yield "email", *match.span()


def postcodes(text: str) -> Iterator[Candidate]:
    """Whole postcodes: the district alone (LS1) names a part of a town."""
    for match in _POSTCODE.finditer(text):
        yield "postcode", *match.span()


def births(text: str) -> Iterator[Candidate]:
    """Dates with a word of birth before them, in the forms people write; a date alone is no finding."""
    for pattern in (_BIRTH, _BIRTHDAY):
        for match in pattern.finditer(text):
            yield "date_of_birth", *match.span("date")
            yield "", match.start(), match.start("date")  # "D.O.B." is nobody's initials


def numbers(text: str) -> Iterator[Candidate]:
    """Pupil, NHS and National Insurance numbers and telephone numbers."""
    from stdnum.gb import nhs, upn

    for match in _UPN.finditer(text):
        plain = re.sub(r"[ -]", "", match[0]).upper()
        if upn.is_valid(plain) or _NEAR_UPN.search(_before(text, match.start())):
            yield "upn", *match.span()
    for match in _NI.finditer(text):
        yield "ni_number", *match.span()
    for match in _TEN_DIGITS.finditer(text):
        near = _NEAR_NHS.search(_before(text, match.start()))
        plain = re.sub(r"\D", "", match[0])
        if near or (nhs.is_valid(plain) and not plain.startswith("0")):
            yield "nhs_number", *match.span()
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 10 <= len(digits) <= 14:
            yield "phone", *match.span()


def _before(text: str, start: int) -> str:
    """What stands beside a number: with the whole text before each, a long list of numbers takes the square of its length."""
    return text[max(0, start - _NEAR) : start]
