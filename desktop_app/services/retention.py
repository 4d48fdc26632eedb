"""Review dates: what has been kept so long that somebody should look whether it is still needed.

Source of the rule: DP-11 of the study of data protection.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC

from desktop_app.storage import projection, reviews
from desktop_app.storage.projection import Row

from .profile import Profile
from .rights import note


@dataclass(frozen=True)
class Due:
    """A record due for review. ``since``: when it was last changed or decided on; ``reports``: used in how many."""

    row: Row
    reports: int


def review_before(profile: Profile) -> str:
    """Records neither changed nor kept since this time (UTC) are due: so many months ago as the policy says."""
    from .office import policy

    now = profile.clock().astimezone(UTC)
    months = policy(profile.store).retention_months
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, 28)
    return now.replace(year=year, month=month + 1, day=day).strftime("%Y-%m-%dT%H:%M:%SZ")


def due_for_review(profile: Profile, limit: int = 200) -> list[Due]:
    """The records to look at again, the oldest first."""
    found = []
    for record in reviews.due(profile.store, review_before(profile), limit):
        row = projection.get(profile.store, record)
        if row is not None:
            found.append(Due(row, reviews.uses(profile.store, record)))
    return found


def count_due(profile: Profile) -> int:
    """How many records are due for review."""
    return reviews.count_due(profile.store, review_before(profile))


def keep(profile: Profile, record_ids: Iterable[str]) -> None:
    """Looked at, and still needed: due again after the same number of months."""
    kept = list(record_ids)
    reviews.keep(profile.store, kept, profile.utc_now())
    note(profile, "kept", len(kept))


def undo_keep(profile: Profile, record_ids: Iterable[str]) -> None:
    """Not decided after all."""
    reviews.forget(profile.store, record_ids)
