"""A jotting that is still in its box: kept while it is typed, so that a program that dies loses no word of it.

It is one setting in the encrypted records; keeping the jotting or emptying the box takes it away, and what an earlier run
left behind becomes the draft it was meant to be.
"""

from __future__ import annotations

from .profile import Profile
from .recording import jot

_IN_HAND = "jotting_in_hand"


def keep(profile: Profile, text: str) -> None:
    """Remember what stands in the box now; nothing, when it is empty."""
    profile.store.set_setting(_IN_HAND, text.strip() or None)


def rescue(profile: Profile) -> str:
    """Make a draft of what an earlier run left in the box. Returns its id, or "" when there was nothing."""
    text = profile.store.setting(_IN_HAND)
    if not text:
        return ""
    with profile.store.atomic():
        record = jot(profile, text)
        profile.store.set_setting(_IN_HAND, None)
    return record
