"""A private note stays with the branch, and nothing that travels tells of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_app.services import private_notes, receiving, recording, sending
from desktop_app.services.contacts import adding_card, office_card
from desktop_app.services.profile import Profile
from desktop_app.storage import revisions


def test_a_note_is_linked_with_its_record_and_stays_in_the_branch(branch: Profile) -> None:
    record = recording.add_record(branch, "evidence", {"about": {"summary": "Refused again."}}, state="ready").id
    note = private_notes.add_note(branch, record)
    recording.edit_record(branch, note, {"about": {"summary": "She would say it again on the record."}})
    opened = recording.open_record(branch, note)
    assert opened.content.branch_only
    assert [(link.rel, link.record) for link in opened.content.links] == [(private_notes.NOTE_ON, record)]
    (found,) = private_notes.notes_on(branch, record)
    assert (found.record, found.title) == (note, "She would say it again on the record.")
    assert recording.open_record(branch, record).content.links == (), "the record itself says nothing of it"
    recording.discard_draft(branch, note)
    assert private_notes.notes_on(branch, record) == []


def test_a_note_marked_as_ready_does_not_travel(make_profile: Any, tmp_path: Path) -> None:
    office = make_profile("Policy team", "office")
    card = tmp_path / "office.officecard"
    office_card(office, card)
    branch = make_profile("Leeds", prepare=adding_card(card.read_bytes()))
    record = recording.add_record(branch, "evidence", {"about": {"summary": "Refused again."}}, state="ready").id
    note = private_notes.add_note(branch, record)
    recording.edit_record(branch, note, {"about": {"summary": "Between ourselves."}}, state="ready")
    pack = sending.send(branch, tmp_path / "out").packs[0].path
    receiving.receive(office, [pack])
    receiving.accept_device(office, branch.me.device)
    assert revisions.of_record(office.store, record)
    assert not revisions.of_record(office.store, note)
