"""The six shipped forms: compiled as committed, valid for ODK, and complete against what the union asked."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.forms.xform import load_form
from desktop_app.paths import resource

IDS = ("evidence", "senco_meeting", "meeting", "plan", "forum_questions", "action")
CATEGORIES = (
    "plan_and_targets", "access_and_consequences", "pressure_on_staff", "wider_pressures", "health_and_care",
    "talks_with_dfe", "something_else",
)  # fmt: skip
KIND_OF_ANSWER = {
    "yes_partly_no_dk": "select_one", "yes_no_dk": "select_one", "select_one": "select_one",
    "select_multiple": "select_multiple", "long_text": "text", "text": "text", "date": "date", "integer": "integer",
    "decimal": "decimal", "money_gbp": "decimal", "attachment": "file", "repeat": "repeat",
}  # fmt: skip
NUMBERED = {
    "prompt", "duty", "heading", "goal", "recommendation", "barrier", "assurance", "judging", "diagnostic", "forum",
}  # fmt: skip


@pytest.fixture(scope="module")
def forms() -> dict[str, FormDefinition]:
    return {form_id: load_form(resource("forms", f"{form_id}.xml")) for form_id in IDS}


def c14n(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml), method="c14n")


def names(question: Question) -> set[str]:
    return {choice.name for choice in question.choices}


@pytest.mark.parametrize("form_id", IDS)
def test_the_committed_form_is_what_its_table_compiles_to(form_id: str) -> None:
    from desktop_app.forms.xlsform import compile_xlsform

    committed = resource("forms", f"{form_id}.xml").read_bytes()
    assert c14n(compile_xlsform(resource("forms", f"{form_id}.md")).xml) == c14n(committed)


@pytest.mark.parametrize("form_id", IDS)
def test_forms_check_finds_nothing_wrong(form_id: str) -> None:
    from desktop_app.forms.xlsform import problems

    assert problems(resource("forms", f"{form_id}.md")) == []


def test_odk_validate_takes_every_form() -> None:
    import pyxform

    jar = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    files = [str(resource("forms", f"{form_id}.xml")) for form_id in IDS]
    done = subprocess.run(["java", "-jar", str(jar), *files], capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert said.count("Xform is valid") == len(IDS), said


def test_every_line_that_asks_something_stands_in_its_form(
    forms: dict[str, FormDefinition], coverage: list[dict[str, str]]
) -> None:
    wrong = []
    for row in coverage:
        if not row["form"]:
            assert row["kind"] == "output", row["ref"]
            continue
        question = forms[row["form"]].question(row["path"])
        if row["choice"]:
            label = {choice.name: choice.label for choice in question.choices}.get(row["choice"])
            if label != row["question"]:
                wrong.append((row["ref"], label, row["question"]))
            continue
        expected = {
            "ref": row["ref"], "label": row["question"], "kind": KIND_OF_ANSWER[row["answer"].partition(":")[0]],
            "role": row["role"], "people": row["counts_people"] == "yes",
        }  # fmt: skip
        found = {
            "ref": question.be.get("ref", ""), "label": question.label, "kind": question.kind,
            "role": question.be.get("role", ""), "people": question.be.get("counts", "") == "people",
        }  # fmt: skip
        if row["answer"] != "repeat":
            expected["concern"] = row["concern"]
            found["concern"] = question.be.get("concern", "")
        if row["hint"] and row["answer"] != "repeat":
            expected["hint"], found["hint"] = True, bool(question.hint)
        if found != expected:
            wrong.append((row["ref"], found, expected))
    assert not wrong


def test_each_choice_list_offers_exactly_what_is_asked(
    forms: dict[str, FormDefinition], coverage: list[dict[str, str]]
) -> None:
    for row in coverage:
        kind, _, wanted = row["answer"].partition(":")
        if not row["form"] or row["choice"]:
            continue
        question = forms[row["form"]].question(row["path"])
        if wanted.endswith(".csv"):
            assert question.list_file == wanted, row["ref"]
        elif kind.startswith("select"):
            assert names(question) == set(wanted.split("|")), row["ref"]
        elif kind == "yes_partly_no_dk":
            assert names(question) == {"yes", "partly", "no", "not_known"}, row["ref"]
        elif kind == "yes_no_dk":
            assert names(question) == {"yes", "no", "not_known"}, row["ref"]
        if row["concern"].startswith("choice:"):
            assert set(row["concern"][7:].split("|")) <= names(question), row["ref"]


def test_every_numbered_prompt_with_choices_has_room_for_words(
    forms: dict[str, FormDefinition], coverage: list[dict[str, str]]
) -> None:
    for row in coverage:
        if row["kind"] not in NUMBERED or row["choice"] or row["answer"] in ("long_text", "repeat", "none"):
            continue
        detail = forms[row["form"]].question(row["path"] + "_detail")
        assert (detail.kind, detail.appearance) == ("text", "multiline"), row["ref"]


def test_a_record_opens_with_the_story_and_each_tick_opens_one_section(forms: dict[str, FormDefinition]) -> None:
    from desktop_app.forms.session import FormSession

    form = forms["evidence"]
    first = next(question for question in form.questions if question.kind not in ("group", "repeat"))
    assert (first.name, first.label) == ("summary", "In your own words, what happened?")
    session = FormSession(form)
    shown = {item.path: item.relevant for item in session.children("/data")}
    assert {name: shown[f"/data/{name}"] for name in CATEGORIES} == dict.fromkeys(CATEGORIES, False)
    for name in CATEGORIES:
        session.set("/data/about/topics", name)
        shown = {item.path: item.relevant for item in session.children("/data")}
        assert [other for other in CATEGORIES if shown[f"/data/{other}"]] == [name]


def test_region_and_authorities_are_asked_where_they_make_sense(forms: dict[str, FormDefinition]) -> None:
    from desktop_app.forms.session import FormSession

    session = FormSession(forms["evidence"])
    seen = {}
    for area in ("one_authority", "several_authorities", "region", "england", "not_known"):
        session.set("/data/about/area", area)
        seen[area] = (
            session.node("/data/about/authorities").relevant, session.node("/data/about/region").relevant,
        )  # fmt: skip
    assert seen == {
        "one_authority": (True, False), "several_authorities": (True, False), "region": (False, True),
        "england": (False, False), "not_known": (True, False),
    }  # fmt: skip


def test_the_record_is_called_by_its_title_or_else_by_its_first_words(forms: dict[str, FormDefinition]) -> None:
    from desktop_app.forms.session import FormSession

    session = FormSession(forms["evidence"])
    session.set("/data/about/summary", "The bus to the special school was stopped without notice.")
    assert session.instance_name().startswith("The bus to the special school")
    session.set("/data/about/title", "No bus")
    assert session.instance_name() == "No bus"


def test_an_impossible_figure_is_refused_and_kept_as_typed(forms: dict[str, FormDefinition]) -> None:
    from desktop_app.forms.session import FormSession

    session = FormSession(forms["evidence"])
    session.set("/data/about/topics", "access_and_consequences")
    outcome = session.set("/data/access_and_consequences/c2_first_requests_made", "-3")
    assert (outcome.status, outcome.message) == ("constraint", "Enter a whole number, 0 or more.")
    session.set("/data/about/when_from", "2026-03-01")
    assert session.set("/data/about/when_to", "2026-02-28").status == "constraint"
    assert session.set("/data/about/when_to", "2026-03-01").status == "ok"


def test_no_question_asks_who_a_child_is(forms: dict[str, FormDefinition]) -> None:
    """DP-01: no field for a child's name, date of birth, pupil number, address or school."""
    asked = re.compile(r"\b(pupil|child|learner)('s)? (name|number|address)|date of birth|\bUPN\b|which school\b", re.I)
    for form in forms.values():
        for question in form.questions:
            assert not asked.search(question.label), question.path


def test_talks_with_the_department_are_marked_confidential(forms: dict[str, FormDefinition]) -> None:
    inside = [q for q in forms["evidence"].questions if q.path.startswith("/data/talks_with_dfe/") and q.kind != "note"]
    assert inside
    assert {question.be.get("privacy") for question in inside} == {"confidential"}


def test_every_report_that_a_line_names_exists_and_every_report_is_named(coverage: list[dict[str, str]]) -> None:
    from desktop_app.reports.registry import REPORTS

    named = {kind for row in coverage for kind in row["served_by"].split("|")}
    assert named == set(REPORTS) - {"spare_key_sheet", "laptop_sheet"}  # paper of the program's own
