"""A real encrypted store in a folder of the test's own, and revisions to put in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey
from storage_world import CHEAP, FORM, PASSPHRASE, SEED

from desktop_app.paths import ProfilePaths
from desktop_app.records.revision import Revision, Signed, Stamp, new_salt, sign
from desktop_app.records.signing import device_id
from desktop_app.storage import keys
from desktop_app.storage.database import Store
from desktop_app.storage.projection import AnswerRow, Projection


@pytest.fixture
def paths(tmp_path: Path) -> ProfilePaths:
    return ProfilePaths(tmp_path / "my récords 😀")


@pytest.fixture
def data_key(paths: ProfilePaths) -> bytes:
    paths.folder.mkdir(parents=True)
    key = keys.new_data_key()
    keys.create_slots(paths, key, PASSPHRASE, CHEAP)
    return key


@pytest.fixture
def store(paths: ProfilePaths, data_key: bytes) -> Iterator[Store]:
    with Store.create(paths, data_key) as opened:
        yield opened


@pytest.fixture
def make() -> Callable[..., Signed]:
    """`make(record, parents, answers, n=…, op=…)`: a signed revision of this laptop."""

    def made(
        record: str = "",
        parents: tuple[str, ...] = (),
        answers: dict[str, Any] | None = None,
        *,
        n: int = 1,
        **more: Any,
    ) -> Signed:
        seed = more.pop("seed", SEED)
        members: dict[str, Any] = {
            "record": record or str(uuid.uuid4()),
            "form": FORM,
            "op": "put",
            "parents": parents,
            "state": "ready",
            "branch_only": False,
            "answers": answers or {"told": f"told {n}"},
            "typed": {},
            "aside": (),
            "derived": {},
            "blobs": (),
            "links": (),
            "branch": "Leeds",
            "device": device_id(bytes(SigningKey(seed).verify_key)),
            "role": "",
            "t": Stamp(f"2026-11-22T10:{n // 60 % 60:02}:{n % 60:02}Z", 0, n),
            "salt": new_salt(),
        } | more
        return sign(Revision(**members), seed)

    return made


@pytest.fixture
def project() -> Callable[..., Projection]:
    """`project(record, words=…, …)`: a projection with everything else filled in."""

    def made(record: str, n: int = 0, **more: Any) -> Projection:
        members: dict[str, Any] = {
            "record": record,
            "form_id": "evidence",
            "title": f"Title {n}",
            "authorities": ("886",),
            "regions": ("south_east",),
            "programmes": ("SV",),
            "when_from": "2026-03-01",
            "when_to": "",
            "when_text": "March 2026",
            "standing": "ready",
            "branch": "Kent",
            "strength": "first_hand",
            "permission": "quote",
            "branch_only": False,
            "confidential": False,
            "changed_utc": f"2026-11-22T10:00:00.{n:06}Z",
            "words": f"words of record {n}",
            "answers": (AnswerRow("1.5", "a/refused", "Refused?", "yes", "Yes", "concern", True),),
            "two_versions": 0,
            "draft": False,
        } | more
        return Projection(**members)

    return made


@pytest.fixture
def plain_store(tmp_path: Path) -> Iterator[Store]:
    """The same store without a key, so that a test can read every byte of its file, unused pages included."""
    from sqlcipher3 import dbapi2

    from desktop_app.storage import migrations
    from desktop_app.storage.connection import PRAGMAS

    paths = ProfilePaths(tmp_path / "plain")
    paths.folder.mkdir()
    connection = dbapi2.connect(str(paths.database), isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}").fetchall()
    with Store(paths, connection) as opened:
        migrations.migrations().apply(opened.db)
        yield opened
