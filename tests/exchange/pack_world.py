"""Two devices, an office and a way to make packs, good and bad, without any profile."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage

from desktop_app.errors import WorldError
from desktop_app.exchange import minisign
from desktop_app.exchange.bag import BagWriter
from desktop_app.exchange.cards import DeviceKeys, Registration, minisign_public_key, new_device_keys
from desktop_app.exchange.container import PackInfo, open_pack, write_pack
from desktop_app.exchange.head import MAGIC
from desktop_app.exchange.payload import PackContents, form_package, members
from desktop_app.records.revision import FormRef, Revision, Stamp, sign

FORM = FormRef("evidence", "1", "f" * 64)


def registration(keys: DeviceKeys, branch: str = "Leeds") -> Registration:
    return Registration(
        keys.device,
        "A. Officer",
        branch,
        "local_secretary",
        keys.signing_public,
        keys.age_recipient,
        keys.exchange_public,
    )


def revision_line(keys: DeviceKeys, words: str = "They said no.", *, number: int = 1) -> bytes:
    made = Revision(
        record=str(uuid.UUID(int=number + 1)),
        form=FORM,
        op="put",
        parents=(),
        state="ready",
        branch_only=False,
        answers={"about": {"summary": words}},
        typed={},
        aside=(),
        derived={},
        blobs=(),
        links=(),
        branch="Leeds",
        device=keys.device,
        role="local_secretary",
        t=Stamp("2026-11-22T14:02:00Z", 0, number),
        salt=f"{number:032x}",
    )
    return sign(made, keys.signing_seed).line


def header(**changes: Any) -> dict[str, Any]:
    return {
        "pack": "11111111-2222-4333-8444-555555555555",
        "kind": "branch",
        "branch": "Leeds",
        "number": 7,
        "previous_sha256": "",
        "created_utc": "2026-11-22T14:02:05Z",
        "offset_min": 0,
        "app": "branch-evidence 0.1.0",
        "counts": {"records": 1, "revisions": 1},
    } | changes


@dataclass
class World:
    """The sender, the office, and a folder."""

    folder: Path
    branch: DeviceKeys = field(default_factory=new_device_keys)
    office: DeviceKeys = field(default_factory=new_device_keys)

    def contents(self, *, revisions: int = 3, blobs: int = 1, blob_bytes: int = 1000) -> PackContents:
        held: dict[str, Callable[[], Iterator[bytes]]] = {}
        for n in range(blobs):
            data = hashlib.shake_256(bytes([n])).digest(blob_bytes)
            held[hashlib.sha256(data).hexdigest()] = lambda data=data: iter([data])
        form, lists = form_package(b"<h:html/>", {"areas.csv": b"name,label\na,A\n"})
        return PackContents(
            registration(self.branch),
            revisions=[revision_line(self.branch, f"Words number {n}", number=n) for n in range(revisions)],
            forms={"f" * 64: form},
            reference=lists,
            blobs=held,
        )

    def write(
        self, contents: PackContents | None = None, name: str = "Leeds-7-2026-11-22.branchpack", **more: Any
    ) -> PackInfo:
        bag = BagWriter(members(contents or self.contents()), [("Source-Organization", "Leeds")])
        return write_pack(
            self.folder / name, bag, header(**more), keys=self.branch, recipients=[self.office.age_recipient]
        )

    def plaintext(self, info: PackInfo) -> bytes:
        """What age gives for a pack, as a sender could change it before encrypting again."""
        return bytes(
            pyrage.decrypt(info.path.read_bytes(), [pyrage.x25519.Identity.from_str(self.office.age_identity)])
        )

    def encrypted(
        self, plaintext: bytes, name: str = "other.branchpack", *, recipients: list[str] | None = None
    ) -> Path:
        """A file of any plaintext for the office (or for ``recipients``)."""
        readers = [pyrage.x25519.Recipient.from_str(each) for each in recipients or [self.office.age_recipient]]
        path = self.folder / name
        path.write_bytes(pyrage.encrypt(plaintext, readers))
        return path

    def signed(self, payload: bytes, *, keys: DeviceKeys | None = None, magic: bytes = MAGIC, **changes: Any) -> Path:
        """A pack with a right signature over any payload, and a header with some members changed or (None) left out."""
        keys = keys or self.branch
        key = minisign_public_key(keys.signing_public)
        full = header() | {
            "format": "branch-evidence-pack",
            "major": 1,
            "minor": 0,
            "critical": [],
            "device": keys.device,
            "device_key": key,
            "recipients": [self.office.age_recipient, keys.age_recipient],
            "payload_len": len(payload),
            "payload_sha256": hashlib.sha256(payload).hexdigest(),
        }
        full = {name: value for name, value in (full | changes).items() if value is not None}
        text = json.dumps(full).encode()
        digest = hashlib.blake2b(payload, digest_size=64).digest()
        block = minisign.sign(keys.signing_seed, digest, text, b"branch-evidence device key " + key.encode())
        return self.encrypted(magic + block + b"\n" + payload)

    def bag(self, contents: PackContents | None = None) -> bytes:
        """The bytes of a good payload."""
        return b"".join(BagWriter(members(contents or self.contents()), []).chunks())


def code_of(path: Path, identity: str) -> str:
    """The code with which a file is refused, or ``ok``."""
    refused: WorldError | None = None
    try:
        open_pack(path, [identity]).close()
    except WorldError as error:
        refused = error
    assert refused is None or (refused.what and refused.safe and refused.do), "every refusal has its three sentences"
    return refused.code if refused else "ok"
