"""Codes as people read them: authorities, dates, kinds of record, sizes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from desktop_app.errors import NotFound
from desktop_app.records.standing import Standing

FORM_WORDS = {
    "evidence": "Evidence",
    "senco_meeting": "SENCO meeting",
    "meeting": "Meeting",
    "plan": "Plan",
    "forum_questions": "Forum questions",
    "action": "Action",
}
STANDING_KINDS = {
    Standing.DRAFT: "", Standing.READY: "accent", Standing.IN_FILE: "warn", Standing.SAID_EMAILED: "accent",
    Standing.OFFICE_HAS_IT: "good", Standing.OFFICE_HAS_IT_BY_PHONE: "good", Standing.OFFICE_ASKS: "warn",
    Standing.CHANGED: "warn", Standing.TWO_VERSIONS: "warn", Standing.TAKEN_BACK: "", Standing.BRANCH_ONLY: "",
}  # fmt: skip
PROGRAMMES = {"SV": "Safety Valve", "DBV": "Delivering Better Value"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def authority_names(codes: Sequence[str], most: int = 2) -> str:
    """"Leeds, Kirklees and 3 more"."""
    from desktop_app.records.authorities import by_code

    names = []
    for code in codes[:most]:
        try:
            names.append(by_code(code).short_name)
        except NotFound:
            names.append(code)
    left = len(codes) - len(names)
    return ", ".join(names) + (f" and {left} more" if left > 0 else "")


def long_date(value: date | datetime | str) -> str:
    """22 November 2026, from a date or ISO text; text that is no date stays as it is."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
            if value.tzinfo is not None:
                value = value.astimezone()
        except (ValueError, OverflowError, OSError):  # no date, or one the system's own clock does not reach
            return str(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone()
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def weekday(value: date) -> str:
    """Sunday 22 November 2026."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{names[value.weekday()]} {long_date(value)}"


def size(count: int) -> str:
    """1.6 MB, 12 kB."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{max(1, round(count / 1000)):,} kB"


def number_of(count: int, one: str, many: str = "") -> str:
    """"1 record", "12 records"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def standing_kind(code: str) -> str:
    """Which pill a standing gets; the words say the same."""
    try:
        return STANDING_KINDS[Standing(code)]
    except ValueError:
        return ""
