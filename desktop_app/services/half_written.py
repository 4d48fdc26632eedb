"""Words in a box that were not kept yet, for the next time the box is shown: after locking, another page, or a crash."""

from __future__ import annotations

from desktop_app.storage import half_written

from .profile import Profile

__all__ = ["find", "keep"]


def keep(profile: Profile, box: str, text: str) -> None:
    """Remember what stands in the box now, encrypted with the records; nothing, when it is empty. ``box``: "tell now", or
    a record's id, a colon, and what the box is for."""
    half_written.keep(profile.store, box, text)


def find(profile: Profile, box: str) -> str:
    """What was left in the box, or ""."""
    return half_written.find(profile.store, box)
