"""A clock that is wrong: said, and never a reason to refuse or to change anything (record.md "Clocks order the display")."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desktop_app.storage import drafts, revisions

from .profile import Profile

_LEEWAY = timedelta(days=1)


def ahead_of_us(profile: Profile) -> datetime | None:
    """The date of the newest entry here when it lies more than a day in this computer's future: then this clock is behind,
    or that of whoever wrote it is ahead. None when all is well."""
    newest = max(revisions.newest_utc(profile.store), drafts.newest_utc(profile.store))
    if not newest:
        return None
    said = datetime.fromisoformat(newest.replace("Z", "+00:00"))
    return said if said > profile.clock().astimezone(UTC) + _LEEWAY else None
