"""How good the check for personal data is, measured on invented sentences and published in the help, kind by kind."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desktop_app.paths import resource
from desktop_app.records.privacy import SUGGESTIONS, findings

SENTENCES = Path(__file__).with_name("personal_sentences.txt")
MARK = re.compile(r"\{(\w+):([^}]*)\}")
NUMBERS = ("date_of_birth", "upn", "nhs_number", "ni_number", "phone", "email", "postcode")


@dataclass(frozen=True)
class Measured:
    """Per kind: what is there, what was found of it, and what was found that is nothing."""

    there: Counter[str]
    found: Counter[str]
    alarms: Counter[str]
    sentences: int
    clean_words: int


def labelled() -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Each sentence without its marks, and (kind, start, end) of what was marked."""
    made = []
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, at, spans = "", 0, []
        for match in MARK.finditer(line):
            text += line[at : match.start()]
            spans.append((match[1], len(text), len(text) + len(match[2])))
            text, at = text + match[2], match.end()
        made.append((text + line[at:], spans))
    return made


@cache
def measured() -> Measured:
    """A number counts as found only when all of it is; a name when some of it is, since that is what one looks at."""
    result = Measured(Counter(), Counter(), Counter(), len(labelled()), 0)
    clean = 0
    for text, spans in labelled():
        got = findings(text, where="told")
        clean += len(text.split()) - sum(len(text[start:end].split()) for _, start, end in spans)
        for kind, start, end in spans:
            result.there[kind] += 1
            result.found[kind] += any(
                f.kind == kind
                and (f.start <= start and end <= f.end if kind in NUMBERS else f.start < end and start < f.end)
                for f in got
            )
        for finding in got:
            if not any(finding.start < end and start < finding.end for _, start, end in spans):
                result.alarms[finding.kind] += 1
    return Measured(result.there, result.found, result.alarms, result.sentences, clean)


def test_the_set_is_large_and_has_every_kind() -> None:
    result = measured()
    assert result.sentences >= 300 and set(result.there) == set(SUGGESTIONS)
    assert sum(not spans for _, spans in labelled()) >= 80, "clean sentences"
    assert min(result.there.values()) >= 10


def test_numbers_and_addresses_are_found() -> None:
    result = measured()
    assert {kind: result.found[kind] / result.there[kind] >= 0.95 for kind in NUMBERS} == dict.fromkeys(NUMBERS, True)


def test_names_are_found() -> None:
    result = measured()
    for kind in ("name", "initials", "role_and_school"):
        assert result.found[kind] / result.there[kind] >= 0.85, kind


def test_there_is_at_most_one_false_alarm_in_a_hundred_clean_words() -> None:
    result = measured()
    assert result.clean_words >= 1500
    assert sum(result.alarms.values()) <= result.clean_words / 100


def table() -> str:
    """The table of the help page."""
    result = measured()
    words = {
        "name": "Names of people", "initials": "Initials", "role_and_school": "A role and a named school",
        "date_of_birth": "Dates of birth", "upn": "Pupil numbers (UPN)", "nhs_number": "NHS numbers",
        "ni_number": "National Insurance numbers", "phone": "Telephone numbers", "email": "E-mail addresses",
        "postcode": "Postcodes",
    }  # fmt: skip
    rows = [
        f"| {words[kind]} | {result.found[kind]} of {result.there[kind]} | {result.alarms[kind]} |" for kind in words
    ]
    return "\n".join(["| What | Found | False alarms |", "|---|---|---|", *rows])


def test_the_help_says_what_was_measured() -> None:
    """When this fails, the check has changed: put the table it prints into the help page."""
    page = resource("help", "privacy-check.md").read_text(encoding="utf-8")
    assert table() in page, table()
    assert f"{measured().sentences} invented sentences" in page
