"""What the page Send shows: what goes and why, what was made before, and where files for the office are put."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from desktop_app.services.sending import SendPreview
    from desktop_app.storage.outgoing import Pack
    from desktop_app.storage.projection import Row

MOST_ROWS = 40


@dataclass(frozen=True)
class Outbox:
    """What the page shows, read in one go."""

    preview: SendPreview
    number: int
    packs: list[tuple[Pack, bool]]  # the files made before, and whether the office has all of each
    has_card: bool
    to: str
    states: dict[str, tuple[str, str]]  # why each record goes: new, changed, or again


def read(profile: Profile) -> Outbox:
    """Everything the page shows."""
    from desktop_app.services import office, sending
    from desktop_app.services.contacts import office_of
    from desktop_app.storage import outgoing, projection

    store = profile.store
    confirmed = outgoing.confirmed(store)
    packs = [
        (pack, all(rev in confirmed for rev in outgoing.pack_revisions(store, pack.number)))
        for pack in outgoing.packs(store)[:12]
    ]
    preview = sending.preview(profile)
    return Outbox(
        preview,
        outgoing.next_number(store),
        packs,
        office_of(profile) is not None,
        office.policy(store).feedback_address,
        {each.id: _why_it_goes(projection.get(store, each.id)) for each in preview.going[:MOST_ROWS]},
    )


def _why_it_goes(row: Row | None) -> tuple[str, str]:
    if row is None or row.standing in ("ready", "draft"):
        return "New", "accent"
    if row.standing == "changed":
        return "Changed", "warn"
    return "Again", ""


def outbox_folder() -> Path:
    """Where files for the office are put unless another folder is chosen: easy to find, and safe to copy anywhere."""
    from platformdirs import user_documents_path

    return user_documents_path() / "Branch Evidence"
