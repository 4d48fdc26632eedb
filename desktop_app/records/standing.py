"""Where a record stands, in exactly the words of record.md."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """The values are stored and used as filters on the command line."""

    DRAFT = "draft"
    READY = "ready"
    IN_FILE = "in_file"
    SAID_EMAILED = "said_emailed"
    OFFICE_HAS_IT = "office_has_it"
    OFFICE_HAS_IT_BY_PHONE = "office_has_it_by_phone"
    OFFICE_ASKS = "office_asks"
    CHANGED = "changed"
    TWO_VERSIONS = "two_versions"
    TAKEN_BACK = "taken_back"
    BRANCH_ONLY = "branch_only"


_FIXED = {
    Standing.DRAFT: "Draft",
    Standing.READY: "Ready to send",
    Standing.OFFICE_ASKS: "Office asks a question",
    Standing.CHANGED: "Changed since the office's copy",
    Standing.TWO_VERSIONS: "Two versions",
    Standing.TAKEN_BACK: "Taken back",
    Standing.BRANCH_ONLY: "Branch only",
}
_BEGINNINGS = (
    ("the office has it (by phone)", Standing.OFFICE_HAS_IT_BY_PHONE),
    ("the office has it", Standing.OFFICE_HAS_IT),
    ("in file", Standing.IN_FILE),
    ("you said file", Standing.SAID_EMAILED),
)
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def words(standing: Standing, *, number: int | None = None, date: str | Date | None = None) -> str:
    """The words for a standing. ``date`` (a date or ISO text) is shown as ``22 November``; ``number`` is a file's."""
    if standing in _FIXED:
        return _FIXED[standing]
    day = short_date(date)
    if standing is Standing.IN_FILE:
        return f"In file {number}, made {day}, not yet e-mailed"
    if standing is Standing.SAID_EMAILED:
        return f"You said file {number} was e-mailed, {day}"
    if standing is Standing.OFFICE_HAS_IT_BY_PHONE:
        return f"The office has it (by phone), {day}"
    return f"The office has it, {day}"


def code_of(text: str) -> Standing | None:
    """The standing a person means by its code (``office_has_it``) or by its words, with or without number and date.

    None when the text is neither. Capital letters do not matter.
    """
    said = " ".join(text.split()).casefold()
    for standing in Standing:
        if said in (standing.value, _FIXED.get(standing, "").casefold()):
            return standing
    # The longer beginning first: "The office has it (by phone), …" also begins with "The office has it".
    for beginning, standing in _BEGINNINGS:
        if said.startswith(beginning):
            return standing
    return None


def short_date(date: str | Date | None) -> str:
    """``22 November`` from a date or an ISO date or time; empty for nothing or what is no date."""
    if date is None:
        return ""
    if isinstance(date, str):
        try:
            date = datetime.fromisoformat(date.replace("Z", "+00:00"))
            if date.tzinfo is not None:
                date = date.astimezone()
        except (ValueError, OverflowError, OSError):  # no date, or one the system's own clock does not reach
            return ""
    return f"{date.day} {_MONTHS[date.month - 1]}"
