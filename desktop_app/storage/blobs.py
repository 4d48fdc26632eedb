"""Attachments in the database: content by SHA-256, in chunks, so that neither side ever holds a whole one in memory.

The same content twice is one blob; the same name twice is fine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from desktop_app.errors import NotFound, RecordError, StoreError
from desktop_app.storage.database import Store

CHUNK = 128 * 1024
MAX_BYTES = 64 * 1024 * 1024  # packs.md "Limits": what a reader takes; attaching is limited to 25 MB by the service
_NUMBERS = 1 << 20  # chunk ids are blob * _NUMBERS + n


def put(
    store: Store,
    data: bytes | BinaryIO | Iterable[bytes],
    name: str,
    type: str,
    *,
    expected: str | None = None,
) -> tuple[str, int]:
    """Keep content; answers its SHA-256 (hex) and length. Nothing is kept when it is not ``expected``.

    Raises `RecordError` (``E-TOOBIG``), `StoreError` (``E-HASH``).
    """
    digest = hashlib.sha256()
    length = 0
    with store.atomic():
        execute = store.conn.execute
        blob = execute("insert into blobs(sha256, len, name, type) values('', 0, ?, ?)", (name, type)).lastrowid
        for number, chunk in enumerate(_chunks(data)):
            length += len(chunk)
            if length > MAX_BYTES:
                raise RecordError(
                    "The file is larger than any attachment may be.",
                    safe="It was not added; nothing else was changed.",
                    do="Attach a smaller copy, or only the pages that matter.",
                    code="E-TOOBIG",
                )
            digest.update(chunk)
            execute("insert into blob_chunks(id, data) values(?, ?)", (blob * _NUMBERS + number, chunk))
        sha256 = digest.hexdigest()
        if expected is not None and sha256 != expected:
            raise StoreError(
                "An attachment arrived damaged.", safe="It was not kept.", do="Ask for it again.", code="E-HASH"
            )
        if execute("select 1 from blobs where sha256 = ?", (sha256,)).fetchone():
            _remove(store, blob)
        else:
            execute("update blobs set sha256 = ?, len = ? where id = ?", (sha256, length, blob))
    return sha256, length


def _chunks(data: bytes | BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(data, bytes | bytearray | memoryview):
        for at in range(0, len(data), CHUNK):
            yield bytes(data[at : at + CHUNK])
        return
    held = b""
    pieces: Iterable[bytes] = iter(lambda: data.read(CHUNK), b"") if hasattr(data, "read") else data
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK:
            yield held[:CHUNK]
            held = held[CHUNK:]
    if held:
        yield held


def read(store: Store, sha256: str) -> Iterator[bytes]:
    """The content in chunks. Raises `NotFound` at once when it is not here."""
    row = store.one("select id from blobs where sha256 = ?", (sha256,))
    if row is None:
        raise NotFound(
            "The attachment is not here yet.", safe="The record is whole.", do="It comes with the sender's next file."
        )
    return _read(store, int(row[0]))


def _read(store: Store, blob: int) -> Iterator[bytes]:
    number = 0
    while True:
        row = store.one("select data from blob_chunks where id = ?", (blob * _NUMBERS + number,))
        if row is None:
            return
        yield row[0]
        number += 1


def has(store: Store, sha256: str) -> bool:
    return store.one("select 1 from blobs where sha256 = ?", (sha256,)) is not None


def size(store: Store, sha256: str) -> int:
    """The length in bytes. Raises `NotFound`."""
    row = store.one("select len from blobs where sha256 = ?", (sha256,))
    if row is None:
        raise NotFound("The attachment is not here.")
    return int(row[0])


def all_hashes(store: Store) -> list[str]:
    return [str(row[0]) for row in store.rows("select sha256 from blobs order by sha256")]


def shown_persons(store: Store) -> dict[str, str]:
    """What was said of every attachment named by a live revision or a draft: ``yes``, ``not_sure`` or ``no`` by hash;
    where it was said more than once, the most careful answer."""
    rank = {"no": 0, "not_sure": 1, "yes": 2}
    found: dict[str, str] = {}
    lines = store.rows("select line from revisions where live = 1 and instr(line, cast('\"shows_person\"' as blob)) > 0")
    named = [json.loads(bytes(row[0]).partition(b" ")[2])["blobs"] for row in lines]
    drafts = store.rows("select content from drafts where instr(content, '\"shows_person\"') > 0")
    named += [json.loads(row[0]).get("blobs", []) for row in drafts]
    for blob in (blob for several in named for blob in several):
        said = str(blob.get("shows_person", "not_sure"))
        if rank.get(said, 1) >= rank.get(found.get(blob["sha256"], "no"), 0):
            found[blob["sha256"]] = said if said in rank else "not_sure"
    return found


def delete(store: Store, sha256: str) -> None:
    """Remove content for good, if it is here."""
    with store.atomic():
        row = store.conn.execute("select id from blobs where sha256 = ?", (sha256,)).fetchone()
        if row is not None:
            _remove(store, row[0])


def _remove(store: Store, blob: int) -> None:
    store.conn.execute("delete from blob_chunks where id >= ? and id < ?", (blob * _NUMBERS, (blob + 1) * _NUMBERS))
    store.conn.execute("delete from blobs where id = ?", (blob,))
