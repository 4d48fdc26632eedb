"""Actions: what is to be done next, and by when (product.md, "Home")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.storage import due, projection

from .profile import Profile

_DUE, _PROGRESS, _OWNER = "about/due_on", "about/progress", "about/owner_role"
_FINISHED = ("done", "dropped")


@dataclass(frozen=True)
class Due:
    """An action not done yet; ``due`` is `None` where it names no day. ``owner`` is whose it is, in words."""

    record: str
    title: str
    due: date | None
    owner: str


def next_due(profile: Profile, most: int) -> list[Due]:
    """The ``most`` actions that are due first, late ones included, those without a day last."""
    found = []
    for record, title, day in due.earliest(
        profile.store, "action", date=_DUE, finished=(_PROGRESS, _FINISHED), most=most
    ):
        said = {answer.leaf: answer.value_label for answer in projection.answers(profile.store, record)}
        found.append(Due(record, title, _day(day), said.get(_OWNER, "")))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
