"""The whole check a step at a time: it finds what the one in a piece finds, and drafts are saved in between."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from desktop_app.storage import blobs, counting, drafts, projection, revisions, soundness
from desktop_app.storage.database import Store
from desktop_app.storage.projection import Projection


def fill(store: Store, make: Callable[..., Any], project: Callable[..., Projection], megabytes: int = 3) -> str:
    for n in range(5):
        signed = make(n=n)
        revisions.add(store, signed)
        projection.write(store, project(signed.revision.record, n))
    return blobs.put(store, os.urandom(megabytes << 20), "a.bin", "application/octet-stream")[0]


def test_sound_records_are_sound_and_drafts_go_in_between(
    store: Store, make: Callable[..., Any], project: Callable[..., Projection]
) -> None:
    fill(store, make, project)
    saved = 0
    steps = soundness.check_steps(store)
    for _ in steps:
        drafts.save(store, f"draft {saved}", make().revision.form, {"answers": {}}, ())
        saved += 1
    assert saved > 20
    assert counting.taken(soundness.check_steps(store)) == soundness.check(store, full=True) == []


def test_an_attachment_an_entry_and_the_index_are_read(
    store: Store, make: Callable[..., Any], project: Callable[..., Projection]
) -> None:
    fill(store, make, project)
    with store.atomic():
        store.conn.execute("update blob_chunks set data = zeroblob(length(data)) where id = (select max(id) from blob_chunks)")
        store.conn.execute("update revisions set id = 'r1:not this' where seq = 2")
        store.conn.execute("update projection set words = 'behind the back of the index' where n = 1")
        store.conn.execute("delete from search_stale")
    found = counting.taken(soundness.check_steps(store))
    assert len(found) == 3, found
    assert found == soundness.check(store, full=True)


def test_a_damaged_page_is_said_to_be_damage(
    store: Store, make: Callable[..., Any], project: Callable[..., Projection]
) -> None:
    fill(store, make, project)
    file = store.paths.database
    size = file.stat().st_size
    store.conn.execute("pragma shrink_memory")
    with file.open("r+b") as there:
        there.seek(size // 2 // 4096 * 4096 + 100)
        there.write(b"\xff" * 8)
    store.connect_again()
    assert counting.taken(soundness.check_steps(store))


def test_stopping_leaves_nothing_behind(
    store: Store, make: Callable[..., Any], project: Callable[..., Projection]
) -> None:
    fill(store, make, project)
    steps = soundness.check_steps(store)
    started = time.perf_counter()
    next(steps)
    steps.close()
    assert time.perf_counter() - started < 5
    assert not store.conn.in_transaction
