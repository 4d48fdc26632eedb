"""Drafts: on the disk when saved, undone step by step, gone when discarded."""

from __future__ import annotations

import pytest
from storage_world import FORM, every_value

from desktop_app.errors import StoreError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import drafts
from desktop_app.storage.database import Store


def test_a_saved_draft_is_there_after_opening_again(store: Store, paths: ProfilePaths, data_key: bytes) -> None:
    content = {"answers": {"told": "Zażółć 😀", "w": [{"_id": "x"}]}, "typed": {"a": "£1.2m"}}
    saved = drafts.save(store, "r", FORM, content, ("r1:a",))
    store.close()
    with Store.open(paths, data_key) as opened:
        draft = drafts.load(opened, "r")
        assert draft == drafts.Draft("r", FORM, content, ("r1:a",), saved)


def test_saving_again_replaces_and_discarding_overwrites(store: Store) -> None:
    drafts.save(store, "r", FORM, {"a": "first"}, ())
    drafts.save(store, "r", FORM, {"a": "second"}, ())
    drafts.save(store, "s", FORM, {"a": "third"}, ())
    assert sorted(drafts.list_ids(store)) == ["r", "s"]
    drafts.push(store, "r", {"a": "second"})
    drafts.discard(store, "r")
    assert drafts.load(store, "r") is None
    assert drafts.undo(store, "r") is None
    assert not [value for _, value in every_value(store) if b"second" in value]


def test_undo_and_redo_walk_through_what_was_noted(store: Store) -> None:
    for n in range(4):
        drafts.push(store, "r", {"n": n})
    assert [drafts.undo(store, "r") for _ in range(4)] == [{"n": 2}, {"n": 1}, {"n": 0}, None]
    assert drafts.redo(store, "r") == {"n": 1}
    drafts.push(store, "r", {"n": "new"})
    assert drafts.redo(store, "r") is None
    assert drafts.undo(store, "r") == {"n": 1}


def test_the_oldest_steps_fall_off(store: Store) -> None:
    with store.atomic():
        for n in range(drafts.JOURNAL_STEPS + 50):
            drafts.push(store, "r", {"n": n})
    steps = 0
    while drafts.undo(store, "r") is not None:
        steps += 1
    assert steps == drafts.JOURNAL_STEPS - 1


def test_off_the_record_is_gone_from_what_could_be_undone(store: Store) -> None:
    drafts.push(store, "r", {"a": "off the record"})
    drafts.forget_journal(store, "r")
    assert drafts.undo(store, "r") is None
    assert store.rows("select * from draft_journal") == []


def test_a_draft_of_which_a_page_is_gone_is_said_to_be_damaged(store: Store) -> None:
    """A page of zeros passes SQLCipher: what it leaves of a draft is text that ends in NULs."""
    drafts.save(store, "r", FORM, {"told": "x" * 100}, ())
    with store.atomic():
        store.conn.execute("update drafts set content = '{\"told\":\"xx' || char(0, 0, 0)")
    with pytest.raises(StoreError) as told:
        drafts.load(store, "r")
    assert told.value.code == "E-DAMAGED"
