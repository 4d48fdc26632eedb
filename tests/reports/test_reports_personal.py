"""Likely personal data is decided about before a shareable report is made; what was taken out is in no byte of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import samples

from desktop_app.errors import ReportError, UsageProblem
from desktop_app.records.removal import without
from desktop_app.reports import readback, registry
from desktop_app.reports.audience import prepare
from desktop_app.reports.model import Decision, ReportInput, ReportItem
from desktop_app.reports.personal import Likely, checked, likely

STORY = (
    "A boy called Zebedee Quillfeather in Year 4 waited a year. Zebedee's mum rang 0113 496 0123. "
    "ZEBEDEE hides; zebedees do not. Amelia is his friend."
)


def told(words: str = STORY, **more: object) -> ReportItem:
    return replace(samples.evidence(2, words=words), **more)  # type: ignore[arg-type]


def given(*items: ReportItem, decisions: tuple[Decision, ...] = (), kind: str = "record") -> ReportInput:
    made = samples.given(kind, items, audience="shareable", options={"authority": "886"})
    return replace(made, decisions=decisions)


def found_in(made: ReportInput) -> list[Likely]:
    return list(likely(prepare(made).readings, made.decisions))


def read(made: ReportInput) -> str:
    data, _, _ = registry.render_bytes(made)
    return " ".join((readback.text_of(data) + readback.hidden_text_of(data)).split())


def test_findings_are_listed_with_what_could_stand_instead() -> None:
    found = {one.finding.text: one for one in found_in(given(told()))}
    assert {"Zebedee Quillfeather", "Zebedee", "0113 496 0123", "Amelia"} <= set(found)
    assert found["Zebedee"].choices[0] == found["Zebedee Quillfeather"].choices[0] == "Pupil A"
    assert found["Zebedee Quillfeather"].choices[1] == "a pupil in Year 4"
    assert found["Amelia"].choices[0] == "Pupil B"
    assert found["0113 496 0123"].choices == ("[left out]",)


def test_a_label_means_somebody_else_in_the_next_testimony() -> None:
    other = told("Amelia waited too, in tears.", record="another", reference="LEE-2222")
    found = found_in(given(told(), other))
    assert [one.choices[0] for one in found if one.record == "another"] == ["Pupil A"]


def test_a_label_is_nobody_elses() -> None:
    words = "Pupil A and Jayden were sent home. J.S. and J.K. stayed, JS (Year 4) in tears. Child T, Child R and Jayden left."
    found = {one.finding.text: one.choices[0] for one in found_in(given(told(words, title="")))}
    assert found["Jayden"] == "Pupil B", "the testimony has a Pupil A of its own"
    assert found["J.S."] == found["JS"] != found["J.K."]
    assert len({found[text] for text in ("Jayden", "J.S.", "J.K.", "Child T", "Child R")}) == 5


def test_a_person_once_named_is_found_by_a_part_of_the_name() -> None:
    words = "Zebedee Okonkwo waited. The Okonkwos moved. Ask okonkwo; they of the Okon-\nkwo family. The form said Zebedees."
    item = told(words, title="Okonkwo, again")
    found = {one.finding.text: one.choices[0] for one in found_in(given(item))}
    assert set(found) == {"Zebedee Okonkwo", "Okonkwos", "okonkwo", "Okon-\nkwo", "Okonkwo", "Zebedees"}
    assert set(found.values()) == {"Pupil A"}
    decisions = tuple(one.decide("replace", words=one.choices[0]) for one in found_in(given(item)))
    said = read(given(item, decisions=decisions)).casefold()
    assert "okon" not in said and "zebedee" not in said


@pytest.mark.parametrize("kind", ["record", "authority_dossier", "feedback_to_office", "branch_summary"])
def test_decisions_are_carried_out_and_the_file_is_read_back(kind: str) -> None:
    item = told(title="About Zebedee Quillfeather")
    item.answers["about"]["title"] = "About Zebedee Quillfeather"  # type: ignore[index]
    decisions = (
        Decision("Zebedee Quillfeather", "replace", "Pupil A", record=item.record),
        Decision("Zebedee", "replace", "Pupil A", record=item.record),
        Decision("0113 496 0123", "leave_out"),
        Decision("Amelia", "keep", reason="She agreed to be named."),
    )
    made = given(item, decisions=decisions, kind=kind)
    words = read(made)
    assert "Quillfeather" not in words and "Zebedee" not in words and "ZEBEDEE" not in words
    assert "0113 496" not in words
    assert found_in(made) == []
    if kind == "record":
        assert (
            "Pupil A in Year 4 waited" in words
            and "zebedees" not in words
            and "rang [left out]" in words
            and "Amelia is his friend" in words
        )
    union = registry.render_bytes(replace(made, audience="union"))[0]
    assert "Quillfeather" in readback.text_of(union) or kind != "record", "the record itself is as it was"


def test_a_name_another_record_keeps_does_not_stop_the_report() -> None:
    other = told("Zebedee Quillfeather agreed to be named.", record="another", reference="LEE-2222")
    item = told()
    made = given(item, other, decisions=(Decision("Zebedee Quillfeather", "leave_out", record=item.record),))
    assert read(made).count("Quillfeather") == 1


def test_a_file_in_which_a_word_would_still_stand_is_refused() -> None:
    made = replace(given(told(), decisions=(Decision("Zebedee", "leave_out"),)), branch="Zebedee", policy={})
    registry.render_bytes(made)
    hidden = replace(samples.form("evidence"), title="Zebedee evidence")
    with pytest.raises(ReportError, match="Zebedee"):
        registry.render_bytes(replace(made, items=(replace(told(), form=hidden),)))


def test_a_decision_that_says_nothing_is_refused() -> None:
    for wrong in (Decision("Ann", "keep"), Decision("Ann", "replace"), Decision(" ", "leave_out"),
                  Decision("Ann", "burn")):  # type: ignore[arg-type]  # fmt: skip
        with pytest.raises(UsageProblem):
            checked(wrong)


def test_words_are_taken_out_whole_and_only_as_written() -> None:
    assert without("Grace said grace. GRACE!", "Grace", "Pupil A") == ("Pupil A said grace. Pupil A!", 2)
    assert without("May I? may", "may", any_case=True, instead="x") == ("x I? x", 2)
    assert without("call 0113\n496 0123.", "0113 496 0123") == ("call.", 1)
    assert without("Ring (0113) 496-0123 (today).", "0113 496 0123", "_") == ("Ring _ (today).", 1)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Okonkwo", "okonkwo, OKONKWO, the Okonkwos and Okonkwo’s mum"),
        ("Okonkwo", "Okon-\nkwo and Okon\u00adkwo and Okonk\n wo"),
        ("Ivy-Mae", "Ivy‑Mae, Ivy Mae, ivy-\nmae"),
        ("Mei Ling", "Mei\nLing and Mei-Ling"),
        ("Sian", "Siân and SIÂN"),
        ("Siân", "Sian"),
        ("O'Leary", "O’Leary and the O'Learys"),
        ("0113 496 0123", "01134960123, (0113) 496-0123 and 0113.496.0123"),
        ("943 476 5919", "9434765919"),
    ],
)
def test_words_are_taken_out_in_every_writing_of_them(words: str, text: str) -> None:
    left, count = without(text, words, "_")
    assert count >= 1
    letters = "".join(one for one in left.casefold() if one.isalnum())
    assert all(piece in ("", "and", "the", "smum") for piece in re.split(r"(and|the|smum)", letters)), left
    assert readback.Check((), [words]).of([text])[1] == [words], "and what is left of them would be seen"
    assert readback.Check((), [words]).of([left])[1] == []


def test_other_words_stay() -> None:
    for words, text in [("Khan", "Khanna"), ("Ali", "Alison"), ("Mark", "marks are online"), ("Jo", "Jos and Joe"),
                        ("Grace", "Graces")]:  # fmt: skip
        assert without(text, words, "_") == (text, 0)
