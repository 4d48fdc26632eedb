"""Made-up records for report tests: ordinary, many, and ugly."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from functools import cache
from typing import Any

from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.forms.xform import load_form
from desktop_app.paths import resource
from desktop_app.records.revision import BlobRef, Stamp
from desktop_app.records.state import Candidate, TwoVersions
from desktop_app.reports.model import ReportInput, ReportItem

MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FORMS = ("evidence", "senco_meeting", "meeting", "plan", "forum_questions", "action")

LONG = "The school asked in September and heard nothing until the spring, when the request came back with a new form. "
UGLY = (
    "<b>not bold</b> & AT&T <img src='/etc/hostname'/> a < b; Ŵŷ y Ddraig, Łódź, İstanbul; 😀👩‍🏫 ✓; "
    "name محمد عبد الله and ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ and 李明; \u202egnp.exe\u202c \u0007bell; "
    + "W" * 60
    + " https://example.org/a?b=c&d=e#f."
)


@cache
def form(form_id: str) -> FormDefinition:
    return load_form(resource("forms", f"{form_id}.xml"))


def forms() -> dict[str, FormDefinition]:
    return {form_id: form(form_id) for form_id in FORMS}


def answer_for(question: Question, seed: int) -> str:
    """A value of the question's type, different by seed."""
    if question.kind in ("select_one", "select_multiple") and question.choices:
        return question.choices[seed % len(question.choices)].name
    if question.list_file:
        return "886"
    if question.kind == "integer":
        return str(3 + seed * 7 % 40)
    if question.kind == "decimal":
        return str(1200000 + seed) if question.be.get("role") == "money" else str(4 + seed * 9 % 60)
    if question.kind == "date":
        return f"2026-{1 + seed % 12:02d}-{1 + seed * 5 % 27:02d}"
    if question.kind == "time":
        return "16:05:00.000"
    return f"What was said about {question.label.rstrip('?').lower()[:60]}, account {seed} of many."


def filled(part: Question, seed: int = 0, rows: int = 2) -> dict[str, Any]:
    """Every question of a form answered."""
    made: dict[str, Any] = {}
    for number, question in enumerate(part.children):
        if question.kind == "group":
            made[question.name] = filled(question, seed + number, rows)
        elif question.kind == "repeat":
            made[question.name] = [
                {"_id": f"row-{question.name}-{row}", "_order": f"a{row}", **filled(question, seed + row, rows)}
                for row in range(rows)
            ]
        elif question.kind not in ("note", "file") and question.control:
            made[question.name] = answer_for(question, seed + number)
    return made


_numbers = itertools.count(1)


def item(form_id: str, answers: dict[str, Any], **more: Any) -> ReportItem:
    number = next(_numbers)
    about = answers.get("about", answers.get("facts", {}))
    settings: dict[str, Any] = {
        "record": f"00000000-0000-4000-8000-{number:012d}",
        "reference": f"LEE-{number:04d}",
        "form": form(form_id),
        "answers": answers,
        "title": about.get("title", "") or "No title",
        "authorities": tuple(about.get("authorities", about.get("authority", "")).split()),
        "when_from": about.get("when_from", about.get("held_on", about.get("asked_on", about.get("agreed_on", "")))),
        "when_to": about.get("when_to", ""),
        "when_text": about.get("when_text", ""),
        "standing": "Ready to send",
        "branch": "Leeds",
    }
    return ReportItem(**{**settings, **more})


def evidence(
    number: int = 1, *, permission: str = "quote", authority: str = "886", words: str = "", **more: Any
) -> ReportItem:
    """An ordinary testimony."""
    month = 1 + number % 11
    answers: dict[str, Any] = {
        "about": {
            "summary": (
                words
                or f"Of {20 + number} requests sent since September, {9 + number} came back refused at the first stage. "
                "Most were accepted when they were sent again with the same papers."
            ),
            "title": f"First requests refused, report {number}",
            "area": "one_authority",
            "authorities": authority,
            "when_precision": "day",
            "when_from": f"2026-{month:02d}-14",
            "source_kind": "senco_meeting",
            "source_reference": f"SENCO meeting, line {number}",
            "strength": "first_hand",
            "permission": permission,
            "topics": "access_and_consequences pressure_on_staff" if number % 3 else "plan_and_targets",
        },
    }
    if number % 3:
        answers["access_and_consequences"] = {
            "c2_refuses_first_assessment": "yes" if number % 2 else "no",
            "c2_refuses_first_assessment_detail": f"Seen in {number} schools.",
            "c2_first_requests_made": str(20 + number),
            "c2_first_requests_refused": "3",
            "waits": [
                {
                    "_id": f"w{number}",
                    "_order": "a0",
                    "wait_service": "educational_psychology",
                    "wait_for": "an_assessment",
                    "wait_weeks": str(12 + number * 5 % 40),
                    "wait_people": "under_5",
                    "wait_as_at": "2026-11-01",
                },
                {
                    "_id": f"x{number}",
                    "_order": "a1",
                    "wait_service": "ehc_needs_assessment",
                    "wait_for": "a_decision",
                    "wait_weeks": str(8 + number * 3 % 25),
                },
            ],
        }
        answers["pressure_on_staff"] = {
            "c3_coping": "senco_covers cannot_cope",
            "c3_coping_story": f"The SENCO of school {number} teaches two days and does the paperwork at night.",
        }
    else:
        answers["plan_and_targets"] = {"c1_staff_asked_views": "no", "c1_stricter_targets": "yes"}
    return item("evidence", answers, **more)


def full_evidence() -> ReportItem:
    """Every question answered, and every oddity: typed, put aside, two versions, branch only, attachments."""
    answers = filled(form("evidence").root)
    answers["about"].update(
        permission="quote",
        authorities="886 878",
        topics=(
            "plan_and_targets access_and_consequences pressure_on_staff wider_pressures health_and_care something_else"
        ),
        title="Every question",
    )
    stamp = Stamp("2026-11-20T10:00:00Z", 0, 1)
    two = TwoVersions(
        "access_and_consequences/c2_first_requests_made",
        (Candidate("23", "r1:a", "d1", "Leeds", stamp), Candidate("32", "r1:b", "d2", "Leeds", stamp)),
    )
    return item(
        "evidence",
        answers,
        typed={"about/when_from": "March 2024", "access_and_consequences/c2_places_now": "a dozen or so"},
        aside=("access_and_consequences/c2_hours_cap_hours",),
        two_versions=(two,),
        blobs=(BlobRef("0" * 64, 1_400_000, "minutes.pdf", "application/pdf", "no", "attachments"),),
    )


def senco_meeting(lines: int = 6, words: str = "") -> ReportItem:
    permissions = ("quote", "use_without_quoting", "background_only", "not_agreed_yet")
    topics = [
        choice.name for choice in next(q for q in form("senco_meeting").questions if q.name == "line_topic").choices
    ]
    rows = []
    for number in range(1, lines + 1):
        mark = ("note", "evidence", "action")[number % 3]
        row = {
            "_id": f"line-{number}",
            "_order": f"a{number:04d}",
            "line_number": str(number),
            "line_text": words or f"Point number {number}: the educational psychologist came once in the year.",
            "line_topic": topics[number % len(topics)],
            "line_mark": mark,
            "line_permission": permissions[number % 4],
        }
        if mark == "evidence":
            row["line_category"] = "access_and_consequences"
        if mark == "action":
            row |= {"line_action_role": "local_secretary", "line_action_due": "2026-12-10"}
        rows.append(row)
    answers = filled(form("senco_meeting").root, 1)
    answers["about"].update(
        title="SENCOs of north Leeds",
        held_on="2026-11-19",
        place="Carriageworks, Leeds",
        authorities="383",
        notice_read_out="yes",
        notice_read_at="16:05:00.000",
    )
    answers["about"]["attendance"] = [
        {"_id": "s1", "_order": "a0", "attendance_sector": "mainstream_primary", "attendance_number": "11"},
        {"_id": "s2", "_order": "a1", "attendance_sector": "special_school", "attendance_number": "1"},
    ]
    answers["notes"] = {"lines": rows}
    return item("senco_meeting", answers)


def meeting() -> ReportItem:
    answers = filled(form("meeting").root, 2)
    answers["about"].update(
        title="Branch meeting, November",
        held_on="2026-11-12",
        authorities="383",
        notes="Funding was put on the agenda.\nThe briefing was handed out.\nIt was agreed to write to the authority.",
    )
    return item("meeting", answers)


def plan(authority: str = "886") -> ReportItem:
    answers = filled(form("plan").root, 1, rows=3)
    answers["facts"].update(authority=authority, title="Safety Valve agreement 2022-23 to 2027-28")
    return item("plan", answers)


def forum() -> ReportItem:
    answers = filled(form("forum_questions").root)
    answers["about"].update(authority="886", title="Schools Forum, June 2026", asked_on="2026-06-26")
    return item("forum_questions", answers)


def action(number: int = 1) -> ReportItem:
    return item(
        "action",
        {
            "about": {
                "title": f"Write to the authority about waits, step {number}",
                "ready_made": "own" if number % 2 else "lns3",
                "owner_role": ("local_secretary", "senco_network_member", "regional_organiser")[number % 3],
                "due_on": f"2026-{1 + number % 12:02d}-{1 + number % 27:02d}",
                "authorities": "886",
                "progress": ("to_do", "in_hand", "done", "dropped")[number % 4],
                "outcome": "A reply is promised." if number % 2 else "",
            }
        },
    )


def ordinary() -> tuple[ReportItem, ...]:
    """A branch's records: testimonies, a SENCO meeting, a branch meeting, a plan, Forum questions, actions."""
    told = [evidence(n, permission="quote" if n % 4 else "use_without_quoting") for n in range(1, 13)]
    return (*told, full_evidence(), senco_meeting(14), meeting(), plan(), forum(), *[action(n) for n in range(1, 8)])


def ugly() -> tuple[ReportItem, ...]:
    """Content that breaks careless programs."""
    long = LONG * 210
    odd = evidence(2, words=long)
    odd_title = evidence(4, words=UGLY * 3)
    odd_title.answers["about"]["title"] = UGLY  # type: ignore[index]
    empty = item("evidence", {})
    return (
        odd,
        item("evidence", odd_title.answers, title=UGLY, authorities=("886", "878", "999")),  # type: ignore[arg-type]
        empty,
        item("evidence", filled(form("evidence").root, 5), typed={"about/summary": UGLY}, title="x" * 300),
        senco_meeting(40, words=LONG * 12 + UGLY),
        item("meeting", {"about": {"notes": UGLY + "\n" + LONG * 60, "title": "Ugly"}}),
        item(
            "plan",
            {
                "promises": {
                    "promises": [
                        {"_id": "p", "_order": "a", "promise_text": LONG * 40 + UGLY, "promise_kept": "not_kept"}
                    ]
                }
            },
        ),
        plan(),
        forum(),
        *[action(n) for n in range(300)],
    )


def given(kind: str, items: tuple[ReportItem, ...] = (), **more: Any) -> ReportInput:
    settings: dict[str, Any] = {
        "made": MADE,
        "branch": "Leeds",
        "forms": forms(),
        "policy": {"notice": "Notes are taken of this meeting. " * 4, "feedback_address": "send@example.org"},
    }
    return ReportInput(kind=kind, items=items, **{**settings, **more})


def complete(form_id: str) -> ReportItem:
    """A record with an answer of its own kind to every question, a concern wherever there is a direction."""
    answers = _concerning(form(form_id).root)
    if form_id == "evidence":
        topics = next(q for q in form("evidence").questions if q.name == "topics").choices
        answers["about"].update(
            topics=" ".join(choice.name for choice in topics), permission="quote", strength="first_hand"
        )
    return item(form_id, answers)


def _concerning(part: Question) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for number, question in enumerate(part.children):
        if question.kind == "group":
            made[question.name] = _concerning(question)
        elif question.kind == "repeat":
            made[question.name] = [{"_id": f"row-{question.name}", "_order": "a0", **_concerning(question)}]
        elif question.kind not in ("note", "file") and question.control:
            concern = str(question.be.get("concern", "none"))
            if concern.startswith("choice:"):
                made[question.name] = concern[len("choice:") :].split("|")[0]
            elif concern in ("yes", "no"):
                made[question.name] = concern
            else:
                made[question.name] = answer_for(question, number)
    return made
