"""A lost or stolen laptop: what is on this computer in counts, the 72 hours, and the sheet for the data protection officer.

Source of the rules: DP-14 of the study of data protection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from desktop_app.records.standing import Standing
from desktop_app.storage import blobs, listing
from desktop_app.storage.projection import Filters, Row

from . import copies
from .profile import Profile
from .recording import reference

HOURS = 72
"""From becoming aware to the report to the Information Commissioner: UK GDPR Article 33."""


@dataclass(frozen=True)
class WhatIsHere:
    """Counts only, never words: ``groups`` is a heading and its lines ``(words, count)``, most sensitive first."""

    records: int
    as_at: datetime
    groups: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    at_office: int

    def as_options(self) -> Mapping[str, Any]:
        """As the printed sheet takes it."""
        return {
            "records": self.records,
            "groups": [[heading, [list(line) for line in lines]] for heading, lines in self.groups],
        }


def what_is_here(profile: Profile) -> WhatIsHere:
    """What is on this computer by sensitivity, in counts: the page for the data protection officer."""
    forms = {"evidence": 0, "senco_meeting": 0, "meeting": 0, "plan": 0, "forum_questions": 0, "action": 0}
    permissions: dict[str, int] = {}
    confidential = branch_only = written = at_office = 0
    shown = {"yes": 0, "not_sure": 0, "no": 0}
    for said in blobs.shown_persons(profile.store).values():
        shown[said] += 1
    total = 0
    labels = _permission_labels(profile)
    for row in _all_rows(profile):
        total += 1
        forms[row.form] = forms.get(row.form, 0) + 1
        confidential += row.confidential
        branch_only += row.branch_only
        written += row.standing == Standing.DRAFT.value
        at_office += row.standing in (Standing.OFFICE_HAS_IT.value, Standing.OFFICE_HAS_IT_BY_PHONE.value)
        if row.form == "evidence":
            words = labels.get(row.permission, "Permission not recorded")
            permissions[words] = permissions.get(words, 0) + 1
    form_words = {
        "evidence": "Evidence", "senco_meeting": "SENCO meetings", "meeting": "Other meetings", "plan": "Plans",
        "forum_questions": "Questions to Schools Forums", "action": "Actions",
    }  # fmt: skip
    groups = (
        (
            "Most sensitive",
            (
                ("Attachments that show a child, or a person who has not agreed", shown["yes"]),
                ("Attachments of which that is not sure", shown["not_sure"]),
                ("Confidential records: talks with the Department", confidential),
                ("Records kept in this branch only", branch_only),
            ),
        ),
        ("Evidence by what the person agreed to", tuple(sorted(permissions.items()))),
        ("By kind", tuple((form_words.get(form, form), count) for form, count in forms.items())),
        (
            "Besides",
            (
                ("Attachments that show nobody", shown["no"]),
                ("Drafts among the records", written),
                ("Records the office has as well", at_office),
            ),
        ),
    )
    return WhatIsHere(total, profile.clock(), groups, at_office)


def _permission_labels(profile: Profile) -> dict[str, str]:
    form = profile.forms.current("evidence")
    question = next((q for q in form.questions if q.name == "permission"), None)
    return {choice.name: choice.label for choice in question.choices} if question else {}


def _all_rows(profile: Profile) -> Iterator[Row]:
    after: str | None = None
    while True:
        page = listing.page(profile.store, Filters(), 500, after)
        yield from page.rows
        after = page.next
        if after is None:
            return


def time_left(noticed: datetime, now: datetime) -> tuple[datetime, timedelta]:
    """Until when a breach noticed at this time must be reported, and how long that is from now (negative: over)."""
    until = noticed + timedelta(hours=HOURS)
    return until, until - now


def laptop_sheet(profile: Profile, out: Path, noticed: datetime | None = None) -> None:
    """The sheet for the data protection officer as a PDF: whom to tell, the 72 hours, what was here in counts."""
    from desktop_app.reports.model import ReportInput
    from desktop_app.reports.registry import render

    from .office import policy

    options = {
        **what_is_here(profile).as_options(),
        "officer": policy(profile.store).data_protection_officer,
        "noticed": noticed.isoformat() if noticed else "",
        "until": time_left(noticed, noticed)[0].isoformat() if noticed else "",
        "words": profile.words,
        "reference": reference(profile.me.branch, profile.me.device),
    }
    given = ReportInput(
        kind="laptop_sheet",
        practice=profile.me.practice,
        made=profile.clock(),
        branch=profile.me.branch,
        options=options,
    )
    render(given, out)
    copies.note(profile, out, title="If this laptop is lost", audience="union")
