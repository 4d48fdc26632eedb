"""Standings in exactly the design's words; authorities found by what people call them; words to read out."""

from __future__ import annotations

import pytest

from desktop_app.errors import NotFound
from desktop_app.records.authorities import REGIONS, all_authorities, by_code, find
from desktop_app.records.standing import Standing, words
from desktop_app.records.words import six_words, suggestion


def test_the_words_for_a_standing_are_those_of_the_design() -> None:
    said = {words(standing, number=7, date="2026-11-22") for standing in Standing}
    assert said == {
        "Draft",
        "Ready to send",
        "In file 7, made 22 November, not yet e-mailed",
        "You said file 7 was e-mailed, 22 November",
        "The office has it, 22 November",
        "The office has it (by phone), 22 November",
        "Office asks a question",
        "Changed since the office's copy",
        "Two versions",
        "Taken back",
        "Branch only",
    }


def test_there_are_153_authorities_each_with_a_region_we_can_name() -> None:
    found = all_authorities()
    assert len(found) == 153
    assert {a.region for a in found} == set(REGIONS)
    assert {a.programme for a in found} == {"SV", "DBV", ""}
    assert sum(a.programme == "SV" for a in found) == 38


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("hull", "Kingston upon Hull"),
        ("st helens", "St. Helens"),
        ("St. Hel", "St. Helens"),
        ("886", "Kent"),
        ("E10000016", "Kent"),
        ("bristol", "Bristol"),
        ("bcp", "Bournemouth"),
        ("RICHMOND", "Richmond upon Thames"),
    ],
)
def test_an_authority_is_found_by_what_people_type(typed: str, name: str) -> None:
    assert name in find(typed)[0].name


def test_codes_old_and_new_are_understood() -> None:
    assert by_code("886").name == "Kent"
    assert by_code("E08000016").name == "Barnsley"
    with pytest.raises(NotFound):
        by_code("999")


def test_six_words_differ_for_different_keys_and_stay_for_the_same() -> None:
    assert six_words(b"one") == six_words(b"one")
    assert six_words(b"one") != six_words(b"two")
    assert len(six_words(b"one").split()) == 6
    assert len(suggestion().split()) == 5
    assert suggestion() != suggestion()
