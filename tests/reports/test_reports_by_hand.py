"""Eight records, counted with pencil and paper: what the branch summary and the national briefing must say of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import samples

from desktop_app.records.revision import Stamp
from desktop_app.records.state import Candidate, TwoVersions
from desktop_app.reports import readback, registry
from desktop_app.reports.model import ReportItem

ACCESS, STAFF, PLAN = "access_and_consequences", "pressure_on_staff", "plan_and_targets"
REFUSES, MADE, REFUSED = "c2_refuses_first_assessment", "c2_first_requests_made", "c2_first_requests_refused"


def told(number: int, branch: str, topics: str, sections: dict[str, Any], **about: str) -> ReportItem:
    answers = {
        "about": {
            "summary": f"Account {number}.", "title": f"Title {number}", "area": "one_authority", "authorities": "886",
            "when_precision": "day", "when_from": f"2026-0{number}-10", "source_kind": "member_testimony",
            "strength": "first_hand", "permission": "quote", "topics": topics, **about,
        },
        **sections,
    }  # fmt: skip
    return samples.item("evidence", answers, title=f"Title {number}", branch=branch)


def disputed(item: ReportItem, leaf: str, *values: str) -> ReportItem:
    stamp = Stamp("2026-11-20T10:00:00Z", 0, 1)
    both = tuple(Candidate(value, f"r1:{value}", "d", "Leeds", stamp) for value in values)
    return replace(item, two_versions=(TwoVersions(leaf, both),))


def wait(weeks: str, service: str = "educational_psychology", **more: str) -> dict[str, str]:
    return {"_id": weeks, "_order": weeks, "wait_service": service, "wait_weeks": weeks, **more}


def records() -> tuple[ReportItem, ...]:
    waits = [wait("10", wait_continues="no"), wait("30.5", wait_continues="yes", wait_people="under_5")]
    senco = samples.senco_meeting(4)
    senco.answers["about"]["attendance"] = [  # type: ignore[index]
        {"_id": "a", "_order": "a", "attendance_sector": "mainstream_primary", "attendance_number": "11"},
        {"_id": "b", "_order": "b", "attendance_sector": "special_school", "attendance_number": "1"},
    ]
    return (
        told(1, "Leeds", ACCESS, {ACCESS: {REFUSES: "yes", MADE: "12", REFUSED: "9", "waits": waits}},
             source_kind="schools_forum_paper", strength="document", source_reference="Forum, 26 June, p. 4"),
        told(2, "Kent", f"{ACCESS} {STAFF}", {ACCESS: {REFUSES: "no", MADE: "12", REFUSED: "9"},
             STAFF: {"c3_coping": "cannot_cope"}}, source_reference="forum 26 JUNE p4"),
        told(3, "Kent", PLAN, {PLAN: {"c1_staff_asked_views": "no", "c1_stricter_targets": "yes"}},
             permission="use_without_quoting", authorities="878"),
        told(4, "Kent", ACCESS, {ACCESS: {REFUSES: "yes"}}, permission="background_only"),
        disputed(told(5, "Leeds", ACCESS, {ACCESS: {REFUSES: "partly", "waits": [wait("40", "speech_and_language")]}}),
                 "about/topics", ACCESS, STAFF),
        told(6, "Leeds", "", {}),
        disputed(told(7, "Leeds", ACCESS, {ACCESS: {REFUSES: "yes"}}), f"{ACCESS}/{REFUSES}", "yes", "no"),
        senco,
    )  # fmt: skip


def read(kind: str, audience: str) -> str:
    items = tuple(item for item in records() if item.form.id in registry.REPORTS[kind].forms)
    data, _, _ = registry.render_bytes(samples.given(kind, items, audience=audience))
    return " ".join(readback.text_of(data).split())


# By hand. Union: all seven. Shareable: not the fourth, which is background only.
# Concerns: 1 and 4 refuse first requests, 2 cannot cope, 3 has two of the plan; 5 says partly, 6 nothing, 7 is disputed.
# Sources: 1 and 2 cite one paper. Categories: the fifth's is disputed. Waits: 10, 30.5 and 40 weeks.
FIGURES = {
    ("branch_summary", "union"): "7 reports received 4 with a concern 6 different sources 1 meeting held",
    ("branch_summary", "shareable"): "6 reports received 3 with a concern 5 different sources 1 meeting held",
    ("national_briefing", "union"): "7 reports received 4 with a concern 2 of 153 authorities reported on 2 branches",
    (
        "national_briefing",
        "shareable",
    ): "6 reports received 3 with a concern 2 of 153 authorities reported on 2 branches",
}
TABLES = {
    "union": "Plan and targets 1 1 Access and consequences 4 2 Pressure on staff 1 1 Wider pressures 0 0",
    "shareable": "Plan and targets 1 1 Access and consequences 3 1 Pressure on staff 1 1 Wider pressures 0 0",
}
QUESTION = "Does the authority turn down first requests for an assessment of need as a matter of course?"


@pytest.mark.parametrize(("kind", "audience"), list(FIGURES))
def test_every_figure_is_what_a_pencil_says(kind: str, audience: str) -> None:
    said = read(kind, audience)
    assert FIGURES[kind, audience] in said
    assert TABLES[audience] in said
    refusing = "2" if audience == "union" else "1"
    none = "–" if kind == "branch_summary" else "0"
    assert f"2.1.1a {QUESTION} {refusing} 1 1 {none}" in said, "concern, partly, reassures, don't know; 7 is in none"
    assert re.search(rf"Are they still waiting\? 1 {none} {none} {none}", said), "one of its waits goes on: a concern"
    assert "Speech and language therapy 1 40 40 40 Educational psychology 2 10 20.25 30.5" in said
    last = "10 July 2026"
    assert f"They speak of 10 January to {last} and come from Kent and Leeds. 2 reports have two versions" in said
    assert "How many of those first requests were turned down? 9" in said, "the first is of a published paper"
    hidden = "not shown: with the number before it, it would give away one below 5"
    assert (hidden in said) is (audience == "shareable")
    assert ("Account 4." in said) is (audience == "union") and ("Account 3." in said) is (audience == "union")


def test_the_summary_prints_every_account_sorted_or_not() -> None:
    said = read("branch_summary", "union")
    assert all(f"Account {number}." in said for number in range(1, 8))
    assert "Not sorted into a category" in said


def test_how_many_came_is_said_unless_it_gives_one_away() -> None:
    assert "SENCO meeting 19 November 2026 12 " in read("branch_summary", "union")
    assert "SENCO meeting 19 November 2026 Not shown" in read("branch_summary", "shareable")


def test_places_programmes_and_branches_are_counted_once_a_report() -> None:
    said = read("national_briefing", "union")
    assert "Region Reports With a concern South East 6 3 South West 1 1" in said
    assert "Programme of the authority Reports With a concern Safety Valve 7 4" in said
    assert "Authority Reports With a concern Branches behind the figure Kent 6 3 Kent, Leeds Devon 1 1 Kent" in said
    assert "First-hand 6 3 4 From a document 1 1 1 6 different sources" in said
    assert f"2.1.1a {QUESTION} Kent and Leeds" in said
