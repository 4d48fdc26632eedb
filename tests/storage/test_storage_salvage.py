"""A damaged database: what can be read is rescued, what cannot is told, nothing false comes out."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from storage_world import FORM

from desktop_app.errors import StoreError
from desktop_app.paths import ProfilePaths
from desktop_app.records.revision import Signed
from desktop_app.storage import blobs, drafts, revisions
from desktop_app.storage.database import Store
from desktop_app.storage.salvage import salvage

PAGE = 4096


def fill(store: Store, make: Callable[..., Signed]) -> tuple[list[Signed], str]:
    made = [make(n=n, answers={"told": f"told {n} " * 100}) for n in range(60)]
    revisions.add_many(store, made)
    store.set_setting("me", "{}")
    for n in range(10):
        drafts.save(store, f"draft {n}", FORM, {"told": f"draft {n} " * 100}, ())
    sha256, _ = blobs.put(store, b"scan" * 100_000, "a.pdf", "application/pdf")
    return made, sha256


def rescue(tmp_path: Path, name: str, file: Path, key: bytes) -> tuple[Store, object]:
    new = Store.create(ProfilePaths(tmp_path / name), key)
    return new, salvage(file, key, new)


def test_of_a_sound_database_everything_is_rescued(
    store: Store, data_key: bytes, make: Callable[..., Signed], tmp_path: Path
) -> None:
    made, sha256 = fill(store, make)
    with Store.create(ProfilePaths(tmp_path / "new"), data_key) as new:
        told = salvage(store.paths.database, data_key, new)
        assert not told.not_whole
        assert not told.broken_attachments
        assert [revisions.get(new, signed.id) for signed in made] == made
        assert sorted(drafts.list_ids(new)) == sorted(drafts.list_ids(store))
        assert b"".join(blobs.read(new, sha256)) == b"scan" * 100_000


def test_with_any_page_destroyed_most_is_rescued_and_nothing_false(
    store: Store, data_key: bytes, make: Callable[..., Signed], tmp_path: Path
) -> None:
    made, sha256 = fill(store, make)
    by_id = {signed.id: signed for signed in made}
    store.close()
    whole = store.paths.database.read_bytes()
    pages = len(whole) // PAGE
    dice = random.Random(5)
    rescued_all = 0
    best = 0
    for number, page in enumerate(dice.sample(range(1, pages), 20)):
        damaged = tmp_path / "damaged.db"
        at = page * PAGE + dice.randrange(PAGE)
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        with Store.create(ProfilePaths(tmp_path / f"new {number}"), data_key) as new:
            try:
                told = salvage(damaged, data_key, new)
            except StoreError:
                continue
            kept = [revisions.get(new, row[0]) for row in new.rows("select id from revisions")]
            assert all(by_id[signed.id] == signed for signed in kept)
            missing = len(kept) < len(made) or len(drafts.list_ids(new)) < 10 or not blobs.has(new, sha256)
            assert not missing or told.not_whole or told.broken_attachments, "what is missing must be told"
            rescued_all += not missing
            best = max(best, len(kept))
            assert len(kept) >= 40 or "revisions" in told.not_whole
    assert best == len(made)
    assert rescued_all, "most pages hold one thing only"


def test_where_nothing_can_be_read_it_says_so(store: Store, data_key: bytes, tmp_path: Path) -> None:
    store.close()
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"\1" * 50_000)
    with Store.create(ProfilePaths(tmp_path / "new"), data_key) as new, pytest.raises(StoreError):
        salvage(damaged, data_key, new)
