"""Every question the papers ask is printed by each report that coverage.csv says serves it."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
import samples

from desktop_app.paths import resource
from desktop_app.reports import readback, registry
from desktop_app.reports.coverage import served, suggested_actions
from desktop_app.reports.view import Reading

# Printed in other words, or the ground on which the report sorts or chooses.
OTHER_WORDS = {
    "minutes": {"line_mark", "line_category", "line_permission"},
    "feedback_specialist_services": {"line_topic"},
    "feedback_health_care": {"line_topic"},
    "authority_dossier": {"when_precision", "topics"},
    "branch_summary": {"topics"},
    "action_list": {"line_mark", "done_on"},
    "national_briefing": {"area", "when_from", "when_to", "strength", "permission", "topics"},
    # The two-page brief takes only what is known at first hand and may be used: it does not say so of each report.
    "ministers_brief": {"strength", "permission"},
}
KINDS = [kind for kind in registry.REPORTS if kind not in {"spare_key_sheet", "laptop_sheet", "blank_form"}]


def printed_when_alone(name: str) -> bool:
    """That the ministers' brief prints this answer of a testimony that has no other."""
    whole = samples.complete("evidence")
    answer = next(answer for answer in Reading(whole).answers if answer.name == name)
    *groups, last = answer.leaf.split("/")
    told = {"about": {**whole.answers["about"]}}
    part = told
    for group in groups:
        part = part.setdefault(group, {})
    part[last] = answer.value
    data, _, _ = registry.render_bytes(samples.given("ministers_brief", (replace(whole, answers=told),)))
    return readback.plain(answer.words) in readback.plain(readback.text_of(data))


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_prints_what_it_serves(kind: str) -> None:
    report = registry.REPORTS[kind]
    items = tuple(samples.complete(form) for form in samples.FORMS if form in report.forms)
    data, _, _ = registry.render_bytes(samples.given(kind, items, options={"authority": "886"}))
    read = readback.plain(readback.text_of(data))
    wanted = served(kind)
    missing = {
        answer.name
        for item in items
        for answer in Reading(item).answers
        if (item.form.id, answer.name) in wanted and readback.plain(answer.words) not in read
    }
    if kind == "ministers_brief":  # two pages choose among the open questions: each is printed where it is chosen
        missing = {name for name in missing if not printed_when_alone(name)}
    assert missing - OTHER_WORDS.get(kind, set()) == set()


@pytest.mark.parametrize("kind", ["points_to_raise", "promise_against_practice", "plan_assessment", "branch_agenda_item",
                                  "regional_picture", "branch_summary"])  # fmt: skip
def test_a_paper_says_what_the_union_asks_of_branches(kind: str) -> None:
    report = registry.REPORTS[kind]
    items = tuple(samples.complete(form) for form in samples.FORMS if form in report.forms)
    asked = [what for _, what, helps in suggested_actions() if kind in helps.split("|")]
    for audience, wanted in (("union", True), ("shareable", False)):
        data, _, _ = registry.render_bytes(samples.given(kind, items, audience=audience))
        read = readback.plain(readback.text_of(data))
        assert asked and all((readback.plain(what) in read) is wanted for what in asked)


def test_every_output_of_the_papers_is_a_report() -> None:
    with resource("reference", "coverage.csv").open(encoding="utf-8-sig", newline="") as reading:
        named = {kind for row in csv.DictReader(reading) for kind in row["served_by"].split("|") if kind}
    assert named <= set(registry.REPORTS)


@pytest.mark.parametrize("form", samples.FORMS)
def test_the_blank_form_prints_every_question_with_its_choices(form: str) -> None:
    data, _, _ = registry.render_bytes(samples.given("blank_form", options={"form": form}))
    read = readback.plain(readback.text_of(data))
    for question in samples.form(form).questions:
        if question.control and not question.readonly:
            assert readback.plain(question.label) in read
            if len(question.choices) <= 30:
                assert all(readback.plain(choice.label) in read for choice in question.choices)
