"""Look round with made-up records: a profile of its own that opens without a passphrase and can never send.

It lies in a folder beside the real records and is made anew each time it is chosen, so that nothing a person tries out
is mistaken for evidence.
"""

from __future__ import annotations

from typing import Any

from desktop_app import files
from desktop_app.paths import ProfilePaths
from desktop_app.storage.keys import KdfCost

from . import meetings, recording
from .profile import Clock, Profile, create

# Not a secret: whoever opens the practice records sees made-up records.
PASSPHRASE = "practice records hold nothing real"  # noqa: S105 - see above
_LIGHT = KdfCost(t=1, m_bytes=8 * 1024 * 1024)
BRANCH = "Practice"

_EVIDENCE: tuple[dict[str, Any], ...] = (
    {
        "about": {
            "summary": "At a meeting a SENCO said that most first requests for an assessment now come back refused, "
            "and that the same papers are accepted the second time.",
            "title": "First requests come back refused",
            "area": "one_authority",
            "authorities": "886",
            "programme": "safety_valve",
            "when_precision": "month",
            "when_from": "2026-10-01",
            "when_text": "October 2026",
            "source_kind": "senco_meeting",
            "strength": "second_hand",
            "permission": "use_without_quoting",
            "topics": "access_and_consequences",
        },
        "access_and_consequences": {
            "c2_refuses_first_assessment": "yes",
            "c2_first_requests_made": "23",
            "c2_first_requests_refused": "17",
            "waits": [{"wait_service": "educational_psychology", "wait_for": "an_assessment", "wait_weeks": "31"}],
        },
    },
    {
        "about": {
            "summary": "Two teaching assistants left before half-term for supermarket jobs; the posts stay empty.",
            "title": "Assistants leaving for better pay",
            "area": "one_authority",
            "authorities": "886",
            "when_precision": "term",
            "when_text": "autumn term 2026",
            "source_kind": "member_testimony",
            "strength": "first_hand",
            "permission": "quote",
            "topics": "wider_pressures",
        },
        "wider_pressures": {"c4_left_for_pay": "yes"},
    },
    {
        "about": {
            "summary": "The published plan says nothing about the time class teachers need.",
            "title": "Plan is silent on teachers' time",
            "area": "one_authority",
            "authorities": "886",
            "source_kind": "council_paper",
            "strength": "document",
            "permission": "quote",
            "topics": "plan_and_targets",
        },
        "plan_and_targets": {"c1_allows_for_pressure_on_schools": "no"},
    },
)
_MEETING: dict[str, Any] = {
    "about": {"title": "SENCO meeting (made up)", "authorities": "886", "place": "Online"},
    "notes": {
        "lines": [
            {"line_text": "Psychologist visits are down from six a year to two.", "line_topic": "pressures",
             "line_mark": "evidence", "line_category": "access_and_consequences", "line_permission": "quote"},
            {"line_text": "Bring last year's request forms to compare.", "line_topic": "experiences",
             "line_mark": "action"},
            {"line_text": "General agreement that paperwork is the worst of it.", "line_topic": "pressures",
             "line_mark": "note"},
        ]
    },
}  # fmt: skip
_ACTIONS: tuple[dict[str, Any], ...] = (
    {"about": {"title": "Put school funding on the branch agenda", "ready_made": "act1", "progress": "to_do"}},
    {"about": {"title": "Ask the Forum about money moved between blocks", "ready_made": "lns3", "progress": "in_hand"}},
)


def open_practice(beside: ProfilePaths, clock: Clock | None = None) -> Profile:
    """Fresh practice records in ``practice/`` beside the real ones. Raises `FileProblem`."""
    paths = ProfilePaths(beside.folder / "practice")
    files.remove_tree(paths.folder)
    profile = create(
        paths,
        role="branch",
        name=BRANCH,
        passphrase=PASSPHRASE,
        officer_role="local_secretary",
        authorities=("886",),
        practice=True,
        cost=_LIGHT,
        clock=clock,
    ).profile
    with profile.store.atomic():
        for number, answers in enumerate(_EVIDENCE):
            recording.add_record(profile, "evidence", answers, state="ready" if number else "draft")
        meetings.start_meeting(profile, _MEETING)
        for action in _ACTIONS:
            recording.add_record(profile, "action", action)
    return profile
