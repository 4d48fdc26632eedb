"""Wrapping the data key of open records anew: the one place besides opening where it is taken out of the store."""

from __future__ import annotations

from . import keys, office_slots
from .database import Store


def renew_office_slot(store: Store, recovery_recipient: str) -> bool:
    """Where the office may unlock these records, let its newer key do it; True when something was changed.

    Raises `FileProblem`, `KeySlotError`.
    """
    if not store.paths.exists() or office_slots.office_recipient(keys.slots_bytes(store.paths)) in ("", recovery_recipient):
        return False
    office_slots.add_office_slot(store.paths, store._key, recovery_recipient)
    return True
