"""SENCO meetings: numbered lines that become evidence and actions, and that can be taken out again.

A line keeps the number it was given (``line_number``): it is what a SENCO quotes on the telephone, so the numbers of
the other lines do not move when one is taken out.
A record made from a line carries a link ``from_line`` to the meeting's row; the meeting carries ``became`` back.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from desktop_app.errors import NotFound, RecordError
from desktop_app.forms.wording import british_date
from desktop_app.records.revision import Link
from desktop_app.storage import drafts, erasures, revisions

from .content import Content
from .profile import Profile
from .projecting import role_value
from .recording import (
    discard_draft,
    make_revision,
    open_record,
    refresh,
    save_draft,
    start,
    take_back,
)
from .sorting import BECAME, FROM_LINE, evidence_of, link_both

AGENDA = (
    ("experiences", "What SENCOs are experiencing"),
    ("pressures", "The pressures on SENCOs"),
    ("working_well", "What is working well"),
    ("plan", "The plan and what it means here"),
    ("specialist_services", "Specialist support services, barriers and waits"),
    ("health_and_care", "Health and care, and who pays"),
)
DEFAULT_NOTICE = (
    "Notes are taken of this meeting for the union. Please speak of roles and kinds of school, not of named people, "
    "and name no child. Each point is noted as a numbered line. After each you may say whether we may quote it, use it "
    "without quoting, or keep it as background; until you have agreed, it is not shared. Say “not for the record” and "
    "the line is removed. You can ask us later to take a line out, by its number."
)


@dataclass(frozen=True)
class Line:
    """One numbered line of the notes."""

    number: int
    row: str
    text: str
    topic: str
    mark: str
    category: str
    permission: str
    owner: str
    due: str
    became: str | None


def notice(profile: Profile) -> str:
    """The words to read out: the office's if it has sent some, else cautious ones."""
    from .office import policy

    return policy(profile.store).notice or DEFAULT_NOTICE


def start_meeting(profile: Profile, answers: Mapping[str, Any] | None = None) -> str:
    """A new SENCO meeting dated today, unless ``answers`` say otherwise. Returns its id."""
    about = {"held_on": profile.clock().date().isoformat(), **(answers or {}).get("about", {})}
    return start(profile, "senco_meeting", {**(answers or {}), "about": about})


def lines(content: Content) -> list[Line]:
    """The meeting's lines in their order; a line that has no number yet is shown with the next free one."""
    made = {link.row: link.record for link in content.links if link.rel == BECAME}
    rows = content.answers.get("notes", {}).get("lines", [])
    ordered = sorted(rows, key=lambda row: (row.get("_order", ""), row.get("_id", "")))
    numbers = _numbers(ordered)
    return [
        Line(
            number=numbers[row["_id"]],
            row=row["_id"],
            text=row.get("line_text", ""),
            topic=row.get("line_topic", ""),
            mark=row.get("line_mark", ""),
            category=row.get("line_category", ""),
            permission=row.get("line_permission", "") or "not_agreed_yet",
            owner=row.get("line_action_role", ""),
            due=row.get("line_action_due", ""),
            became=made.get(row["_id"]),
        )
        for row in ordered
    ]


def numbered(content: Content) -> Content:
    """The same content with every line's number written down, so that it stays when another line goes."""
    answers = copy.deepcopy(content.answers)
    rows = answers.get("notes", {}).get("lines", [])
    numbers = _numbers(sorted(rows, key=lambda row: (row.get("_order", ""), row.get("_id", ""))))
    for row in rows:
        row["line_number"] = str(numbers[row["_id"]])
    return replace(content, answers=answers)


def _numbers(ordered: Sequence[Mapping[str, str]]) -> dict[str, int]:
    given = {row["_id"]: int(row["line_number"]) for row in ordered if row.get("line_number", "").isdigit()}
    following = max(given.values(), default=0)
    for row in ordered:
        if row["_id"] not in given:
            following += 1
            given[row["_id"]] = following
    return given


def make_records(profile: Profile, meeting: str) -> list[str]:
    """Make an evidence record or an action of every marked line that has none yet, linked both ways.

    Returns the new records' ids. Running it again makes only what is missing.
    """
    opened = open_record(profile, meeting)
    content = numbered(opened.content)
    about = content.answers.get("about", {})
    made: list[str] = []
    with profile.store.atomic():
        for line in lines(content):
            if line.became or line.mark not in ("evidence", "action") or not line.text.strip():
                continue
            if line.mark == "evidence":
                record = start(profile, "evidence", _evidence(line, about, opened.title))
            else:
                record = start(profile, "action", _action(line, about))
            link_both(profile, meeting, record, FROM_LINE, line.row)
            content = replace(content, links=(*content.links, Link(BECAME, record, line.row)))
            made.append(record)
        if made:
            save_draft(profile, meeting, content)
    return made


def take_out_line(profile: Profile, meeting: str, row: str) -> list[str]:
    """Take a line out afterwards, from the meeting and from what was made of it; the next file tells the office.

    A record made of the line that has never been sent is deleted with its history; a sent one is taken back. Versions
    of the meeting that were never sent and hold the line are shredded. Returns the ids of the records concerned.
    """
    opened = open_record(profile, meeting)
    line = next((known for known in lines(opened.content) if known.row == row), None)
    if line is None:
        raise NotFound("That line is no longer in the notes.", safe="Nothing was changed.")
    concerned = [link.record for link in opened.content.links if link.rel == BECAME and link.row == row]
    without = numbered(opened.content).without_row(row)
    without = replace(without, links=tuple(link for link in without.links if link.row != row))
    with profile.store.atomic():
        for record in concerned:
            if not erasures.is_erased(profile.store, record):
                _remove_or_take_back(profile, record)
        _rewrite(profile, meeting, without)
    return [meeting, *concerned]


def _rewrite(profile: Profile, meeting: str, content: Content) -> None:
    """Make the content without the line the newest version; unsent versions that held it are gone for good."""
    state = revisions.state(profile.store, meeting)
    if state is None:
        save_draft(profile, meeting, content)
        return
    unsent = revisions.unsent(profile.store, meeting)
    save_draft(profile, meeting, content)
    draft = drafts.load(profile.store, meeting)
    assert draft is not None
    make_revision(profile, meeting, draft.form, content, parents=state.heads)
    drafts.discard(profile.store, meeting)
    if unsent:
        revisions.squash_unsent(profile.store, meeting, profile.keys.signing_seed)
    refresh(profile, meeting)


def _remove_or_take_back(profile: Profile, record: str) -> None:
    if revisions.was_sent(profile.store, record):
        take_back(profile, record)
        return
    for version in revisions.unsent(profile.store, record):
        revisions.shred(profile.store, version)
    discard_draft(profile, record)


def _evidence(line: Line, about: Mapping[str, Any], meeting_title: str) -> dict[str, Any]:
    held_on = about.get("held_on", "")
    authorities = about.get("authorities", "")
    known = {
        "authorities": authorities,
        "area": "several_authorities" if len(authorities.split()) > 1 else "one_authority" if authorities else None,
        "when_precision": "day" if held_on else None,
        "when_from": held_on or None,
        "source_kind": "senco_meeting",
        "source_reference": f"{meeting_title}, line {line.number}",
        "strength": "first_hand",
        "permission": line.permission,
    }
    return evidence_of(line.text, line.category, known)


def _action(line: Line, about: Mapping[str, Any]) -> dict[str, Any]:
    title = " ".join(line.text.split())
    return {
        "about": {
            "title": title,
            "authorities": about.get("authorities") or None,
            "owner_role": line.owner or None,
            "due_on": line.due or None,
            "ready_made": "own",
            "progress": "to_do",
        }
    }


# --- invitation -------------------------------------------------------------------------------------------------------


def invitation_text(profile: Profile, meeting: str) -> str:
    """The invitation as the text of an e-mail, with agenda and notice."""
    opened = open_record(profile, meeting)
    about = opened.content.answers.get("about", {})
    agenda = "\n".join(f"{n}. {words}" for n, (_, words) in enumerate(AGENDA, start=1))
    held_on = role_value(opened.form, opened.content, "when_from")
    when = british_date(held_on) if held_on else "a date to be agreed"
    if held_on and starts_at(opened.content):
        when += f" at {starts_at(opened.content):%H:%M}"
    place = about.get("place", "") or "a place to be agreed"
    return (
        f"You are invited to a meeting for SENCOs on {when}, {place}.\n\n"
        f"Agenda\n{agenda}\n\nAbout the notes\n{notice(profile)}\n"
    )


def invitation_calendar(profile: Profile, meeting: str) -> bytes:
    """The meeting as an iCalendar file (RFC 5545): at its time of the day wherever it is read, or the whole day.

    Nobody knows how long it will last, so it has no end. Raises `RecordError` when it has no date.
    """
    opened = open_record(profile, meeting)
    held_on = role_value(opened.form, opened.content, "when_from")
    try:
        day = datetime.fromisoformat(held_on).date()
    except ValueError:
        raise RecordError(
            "The meeting has no date yet.", safe="Nothing was made.", do="Fill in when the meeting is."
        ) from None
    stamp = profile.utc_now().replace("-", "").replace(":", "")
    place = opened.content.answers.get("about", {}).get("place", "")
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Branch Evidence//SENCO meeting//EN",
        "BEGIN:VEVENT",
        f"UID:{meeting}@branch-evidence.invalid",
        f"DTSTAMP:{stamp}",
        *_begins(day, starts_at(opened.content)),
        f"SUMMARY:{_ics(opened.title)}",
        *([f"LOCATION:{_ics(place)}"] if place else []),
        f"DESCRIPTION:{_ics(invitation_text(profile, meeting))}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(row)}\r\n" for row in rows).encode()


def starts_at(content: Content) -> time | None:
    """At what time the meeting starts, where that was filled in and is a time."""
    said = str(content.answers.get("about", {}).get("starts_at", ""))
    try:
        return time.fromisoformat(said[:5]) if said else None
    except ValueError:
        return None


def _begins(day: date, at: time | None) -> list[str]:
    if at is None:
        return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
    return [f"DTSTART:{day:%Y%m%d}T{at:%H%M}00"]


def _ics(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(row: str) -> str:
    """RFC 5545 3.1: no line longer than 75 octets; a character is never split."""
    parts: list[str] = []
    current = ""
    for letter in row:
        if len((current + letter).encode()) > (75 if not parts else 74):
            parts.append(current)
            current = ""
        current += letter
    return "\r\n ".join([*parts, current])
