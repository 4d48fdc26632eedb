"""The personal-data check: what it must find, and what it must leave alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from desktop_app.paths import resource
from desktop_app.records.authorities import all_authorities
from desktop_app.records.privacy import findings

FOUND = [
    ("Mrs Patel told us the SENCO was off.", "name", "Mrs Patel"),
    ("We spoke to Dr. J. Smith about it.", "name", "Dr. J. Smith"),
    ("Cllr Brown promised an answer.", "name", "Cllr Brown"),
    ("Kayden's mum phoned twice.", "name", "Kayden"),
    ("We met Fatima Khan on Tuesday.", "name", "Fatima Khan"),
    ("A boy called Zbyszek was sent home.", "name", "Zbyszek"),
    ("Then May Smith said so.", "name", "May Smith"),
    ("Grace told us everything.", "name", "Grace"),
    ("Oluwaseun Adeyemi-Johnson has no place.", "name", "Oluwaseun Adeyemi-Johnson"),
    ("Krzysztof Wiśniewski waited a year.", "name", "Krzysztof Wiśniewski"),
    ("Gurpreet Kaur's plan was late.", "name", "Gurpreet Kaur"),
    ("Then Sioned ap Rhys rang.", "name", "Sioned ap Rhys"),
    ("In the end Jan Kowalski rang.", "name", "Jan Kowalski"),
    ("JAYDEN JONES excluded again", "name", "JAYDEN JONES"),
    ("her daughter Skye is at home", "name", "Skye"),
    ("the pupil named aisha stayed", "name", "aisha"),
    ("Fatima_Khan_EHCP.pdf", "name", "Fatima_Khan"),
    ("pupil JS was excluded", "initials", "JS"),
    ("A.B. has a plan", "initials", "A.B."),
    ("Child B was off-rolled before the census", "initials", "Child B"),
    ("Pupil A and Pupil B were moved with Pupil T.", "initials", "Pupil T"),
    ("DOB 12/03/2015", "date_of_birth", "12/03/2015"),
    ("She was born on 3 March 2014.", "date_of_birth", "3 March 2014"),
    ("d.o.b: 2015-03-12", "date_of_birth", "2015-03-12"),
    ("Ring 0113 496 0123 today", "phone", "0113 496 0123"),
    ("mobile 07700 900123.", "phone", "07700 900123"),
    ("call +44 7700 900 123", "phone", "+44 7700 900 123"),
    ("write to a.b@school.org.uk", "email", "a.b@school.org.uk"),
    ("lives at LS1 4AP now", "postcode", "LS1 4AP"),
    ("UPN H801200001001", "upn", "H801200001001"),
    ("NHS number 943 476 5919", "nhs_number", "943 476 5919"),
    ("the number 943 476 5919 is on the form", "nhs_number", "943 476 5919"),
    ("NI AB 12 34 56 C", "ni_number", "AB 12 34 56 C"),
    ("the SENCO of St Mary's Primary School said", "role_and_school", "SENCO of St Mary's Primary School"),
    ("Oakwood Academy's headteacher said", "role_and_school", "Oakwood Academy's headteacher"),
    (
        "a teaching assistant at Thornhill Junior School",
        "role_and_school",
        "teaching assistant at Thornhill Junior School",
    ),
]

CLEAN = [
    "The Safety Valve agreement with Kent was signed in March 2023.",
    "Schools Forum met on 12 May 2024 and the Chair of the High Needs Block group reported.",
    "In May the council cut £1,200,000 from the High Needs Block; in June it cut 2,500,000 more.",
    "Delivering Better Value in SEND began in April 2022 and ends in August 2026.",
    "Will the council act? Mark the date. Grace period. Hope that this will help. Joy at last.",
    "Ofsted and the CQC inspected the area; the Secretary of State for Education replied.",
    "A Year 4 pupil waited 40 weeks; pupil A and Pupil B waited longer.",
    "St Mary's Primary School closed its resource base.",
    "Child A and child B share a place; a girl I know of and Child X have none. The pupil, I think, left.",
    "The Education Act 1996, section 19, and the Children and Families Act 2014.",
    "The SENCO said that EHC needs assessments take 37 weeks between 2019 and 2024.",
    "Primary schools and special schools in the South East; the Local Authority and its Educational Psychologists.",
    "The plan costs £12,345,678 over 2023-24 and 2024-25, see page 1234567890.",
    "The Council's plan, the Authority's deficit, the Teacher's class and Today's agenda.",
    "Schools Forum, Jan-Mar 2023; the cabinet decided in Jan 2024 and again in Dec.",
    "SEND Review: Right Support, Right Place, Right Time",
    "Spring term, Summer term and Autumn term budgets",
    "A Christian school and a Muslim school; the Sutton Trust and the Bell Foundation.",
    "The National Education Union, NASUWT and Unison wrote to the Minister.",
    "Version 10.2.3 of the form was issued on 01/09/2023.",
]


@pytest.mark.parametrize(("text", "kind", "part"), FOUND)
def test_what_is_personal_is_found(text: str, kind: str, part: str) -> None:
    found = findings(text, where="told")
    assert (kind, part) in [(f.kind, f.text) for f in found]
    for finding in found:
        assert text[finding.start : finding.end] == finding.text
        assert finding.suggestion


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_not_personal_is_left_alone(text: str) -> None:
    assert [(f.kind, f.text) for f in findings(text, where="told")] == []


def test_no_authority_is_taken_for_a_person() -> None:
    for authority in all_authorities():
        for name in (authority.name, authority.short_name):
            text = f"We wrote to {name} about it, and {name} said no. {name}'s plan is late."
            assert [f.text for f in findings(text, where="told")] == [], name


def test_findings_do_not_overlap_and_stand_in_order() -> None:
    text = " ".join(sentence for sentence, _, _ in FOUND)
    found = findings(text, where="told")
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert len(found) >= 25


def test_wrong_check_digits_are_no_numbers_unless_the_word_stands_beside() -> None:
    assert not findings("ref 943 476 5918 on the letter", where="told")
    assert findings("NHS no 943 476 5918", where="told")


def test_a_long_account_is_checked_while_one_types() -> None:
    text = " ".join(CLEAN + [sentence for sentence, _, _ in FOUND]) * 6  # about 4,000 words
    findings("warm", where="told")
    start = time.perf_counter()
    findings(text, where="told")
    assert time.perf_counter() - start < 2


def test_published_and_invented_evidence_raises_no_false_alarm() -> None:
    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                yield from texts(item)

    words = alarms = 0
    for name in ("demo_published.json", "demo_invented.json"):
        for text in texts(json.loads(resource("reference", name).read_text(encoding="utf-8"))):
            words += len(text.split())
            alarms += len(findings(text, where="told/detail"))
    assert words > 3000
    assert alarms <= words // 1000


def test_every_kind_has_its_words_in_the_window() -> None:
    from desktop_app.records.privacy import SUGGESTIONS
    from ui.forms.suspects import KIND_WORDS as beside_the_form
    from ui.pages.report_personal import KIND_WORDS as before_a_report

    assert set(beside_the_form) == set(before_a_report) == set(SUGGESTIONS)


def test_what_was_once_missed_is_found() -> None:
    for text, name in [
        ("Dawn said the panel had met without her.", "Dawn"),
        ("Poppy has not been in since half-term.", "Poppy"),
        ("Mei Ling Chen told the meeting about it.", "Mei Ling Chen"),
        ("Ruqayyah gets six hours.", "Ruqayyah"),
        ("spoke to mrs khan after school", "mrs khan"),
        ("kayleigh out of school again", "kayleigh"),
        ("Rose and Daisy share one assistant.", "Daisy"),
        ("Kind regards, Olumide", "Olumide"),
        ("Apologies: L. Brzezinska", "L. Brzezinska"),
        ("It is the third time that Summer has lost her place.", "Summer"),
        ("The caseworker (Jonty) was changed again.", "Jonty"),
        ("UPN Y380 2003 8699 6 is on the list.", "Y380 2003 8699 6"),
    ]:
        assert name in [found.text for found in findings(text, where="told")], text


def test_a_season_a_hope_or_a_street_is_nobody() -> None:
    for text in (
        "In Spring and Summer the panel met once a month.",
        "Hope is not lost, and Summer was long.",
        "Rose Hill, Grange Park and Church Lane have waiting lists.",
        "hope the base stays open till summer",
        "can we mark this as urgent, and bill the trust",
        "Agreements, Disapplications and Rationalisation were on the agenda.",
    ):
        assert findings(text, where="told") == [], text


@pytest.mark.parametrize(
    "one",
    [
        "person{}@example{}.org\n",
        "Mrs Bennett{} spoke. ",
        "07700 9000{} ",
        "943 476 5919, {} ",
        "B1234567890{:02d} 07700 900123 ",
    ],
)
def test_a_text_with_thousands_of_them_takes_no_longer_for_each(one: str) -> None:
    def seconds(many: int) -> float:
        text = "".join(one.format(number % 100, number % 100) for number in range(many))
        began = time.process_time()
        assert findings(text, where="list.csv")
        return time.process_time() - began

    seconds(10)
    assert seconds(8000) < 25 * seconds(800) + 0.2  # ten times as many; the square would be a hundred


def test_the_word_beside_a_number_counts_as_far_as_it_did() -> None:
    for word, number, kind in (("pupil number", "B123456789012", "upn"), ("NHS", "123 456 7890", "nhs_number")):
        gap = f" {'o' * 23} "
        near = f"List {word}{gap}{number}"
        assert [found.kind for found in findings(near, where="told")] == [kind]
        assert findings(f"List {word} {gap}{number}", where="told") == []
        assert findings(f"x{word} {number}", where="told") == [], "a word of its own"
