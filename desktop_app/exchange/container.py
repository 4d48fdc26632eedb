"""The outside of a pack: signed, then encrypted with age; read in two passes, so that no parser runs early.

Plaintext of a file (packs.md)::

    BRANCH-EVIDENCE PACK 1
    untrusted comment: branch-evidence device key RW…
    <signature>
    trusted comment: <header, compact JSON>
    <global signature>
    <empty line>
    <payload: a ZIP that is a BagIt bag, to the end>

pyrage hands out plaintext before it notices a damaged chunk. So pass 1 streams everything into
hashes and checks both signatures, the header's hash and the readers it names; only then pass 2 decrypts again, into a
`Spool`, and only then the ZIP is opened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import pyrage

from desktop_app.errors import PackError
from desktop_app.files import SPOOL_MEMORY, AtomicWriter, Spool, problem
from desktop_app.wanted import still_wanted

from . import head
from .bag import Bag, BagWriter
from .cards import DeviceKeys, device_id
from .limits import WRITE_PACK_BYTES
from .outside import Outside, age_length, look
from .payload import Payload
from .refusals import cut_short, damaged, not_a_pack, not_for_us
from .streams import Hashes, HashingFile, PlaintextSink, Pull


@dataclass(frozen=True)
class PackInfo:
    """A pack that was written and read back. ``sha256`` is of the file, ``payload_sha256`` of the ZIP inside."""

    path: Path
    bytes: int
    sha256: str
    payload_sha256: str
    header: dict[str, Any]


class OpenedPack:
    """A pack that passed every check. Use as a context manager: the decrypted payload goes when it is closed."""

    def __init__(self, header: dict[str, Any], device_key: bytes, bag: Bag, spool: Spool, outside: Outside) -> None:
        self.header = header
        self.device_key = device_key
        self.bag = bag
        self.payload = Payload(bag)
        self.outside = outside
        self._spool = spool

    @property
    def device(self) -> str:
        """The id of the device that signed it."""
        return device_id(self.device_key)

    @property
    def pack(self) -> str:
        """The pack's own id, a UUID."""
        return str(self.header["pack"])

    @property
    def payload_sha256(self) -> str:
        """The SHA-256 of the payload, as signed and as found."""
        return str(self.header["payload_sha256"])

    def close(self) -> None:
        """Drop the decrypted payload."""
        self._spool.close()

    def __enter__(self) -> OpenedPack:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_pack(
    out: Path, bag: BagWriter, header: dict[str, Any], *, keys: DeviceKeys, recipients: Sequence[str]
) -> PackInfo:
    """Write ``out`` and read it back with the sender's own key before it gets its name.

    ``header`` gives ``pack``, ``kind``, ``branch``, ``number``, ``previous_sha256``, ``created_utc``, ``offset_min``,
    ``app`` and ``counts``; the rest is filled in here. ``recipients`` are age recipients; the sender's own is added.
    Raises `FileProblem` when the disk refuses, `PackError` E-TOOBIG over 500 MB or E-READBACK.
    """
    readers = sorted({*recipients, keys.age_recipient})
    try:
        payload = Hashes()
        for chunk in bag.chunks():
            still_wanted()
            payload.update(chunk)
            if payload.size > WRITE_PACK_BYTES:
                raise _too_large()
        first_lines, full = head.make(header, payload, keys.signing_seed, keys.signing_public, readers)
        writer = AtomicWriter(out)
        writer.before_rename = lambda part: _read_back(part, keys.age_identity, full)
        with writer as file:
            source, sink = Pull(chain([first_lines], bag.chunks())), HashingFile(file)
            try:
                pyrage.encrypt_io(source, sink, [pyrage.x25519.Recipient.from_str(each) for each in readers])
            except (pyrage.EncryptError, OSError) as failure:
                raise source.error or sink.error or failure from None
            if sink.error is not None:  # what its last write raised, pyrage keeps to itself
                raise sink.error
    finally:
        bag.close()
    return PackInfo(out, sink.size, sink.sha256, payload.sha256, full)


def open_pack(source: Path | BinaryIO, identities: Sequence[str]) -> OpenedPack:
    """Open a pack with any of the ``identities`` (``AGE-SECRET-KEY-1…``), after checking all of it.

    Raises `PackError`: E-NOTAGE, E-NOTFORUS, E-DAMAGED, E-TRUNCATED, E-NOTPACK, E-FORGED, E-NEWER, E-HEADER, E-TOOBIG,
    E-ZIP, E-BAG; `FileProblem` when the disk cannot be read. Whether the signing device is known and accepted is the
    caller's question.
    """
    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                return open_pack(file, identities)
        except OSError as failure:
            raise problem(failure, source) from failure
    keys = [pyrage.x25519.Identity.from_str(each) for each in identities]
    return _with_payload(source, keys, *_signed(source, keys))


def peek(source: Path) -> Outside:
    """What age shows to anybody, without a key. Raises `PackError` E-NOTAGE, E-TRUNCATED, E-DAMAGED or E-TOOBIG."""
    try:
        with source.open("rb") as file:
            return look(file)
    except OSError as failure:
        raise problem(failure, source) from failure


def _signed(
    source: BinaryIO, keys: Sequence[pyrage.x25519.Identity]
) -> tuple[Outside, PlaintextSink, dict[str, Any], bytes]:
    """Pass 1: everything decrypted into hashes, both signatures verified, the header read."""
    outside = look(source)
    first = PlaintextSink()
    _decrypt(source, first, keys, outside)
    header, device_key = head.verified(first, {str(key.to_public()) for key in keys})
    return outside, first, header, device_key


def _with_payload(
    source: BinaryIO,
    keys: Sequence[pyrage.x25519.Identity],
    outside: Outside,
    first: PlaintextSink,
    header: dict[str, Any],
    device_key: bytes,
) -> OpenedPack:
    """Pass 2: decrypted again, into the spool, and only now opened."""
    spool = Spool()
    with ExitStack() as otherwise:
        otherwise.callback(spool.close)
        second = PlaintextSink(spool)
        _decrypt(source, second, keys, outside)
        if second.hashes.sha256 != first.hashes.sha256 or second.head != first.head:
            raise damaged("it changed while it was being read")
        bag = Bag(spool.reader(), second.hashes.size)
        otherwise.pop_all()
    return OpenedPack(header, device_key, bag, spool, outside)


def _read_back(path: Path, own_identity: str, header: dict[str, Any]) -> None:
    """Read what is on the disk through the same reader as everybody else's files.

    Pass 1 shows that the disk holds exactly the bytes that were hashed and signed. The bag inside is opened as well
    while it fits into memory; beyond that it would only check our own ZIP writer again, at the price of a second copy.
    """
    try:
        with path.open("rb") as file:
            keys = [pyrage.x25519.Identity.from_str(own_identity)]
            outside, first, found, device_key = _signed(file, keys)
            if header["payload_len"] <= SPOOL_MEMORY:
                _with_payload(file, keys, outside, first, found, device_key).close()
    except PackError as failure:
        raise _not_readable() from failure
    if found != json.loads(json.dumps(header)):
        raise _not_readable()


def _decrypt(
    source: BinaryIO, sink: PlaintextSink, keys: Sequence[pyrage.x25519.Identity], outside: Outside
) -> None:
    source.seek(0)
    try:
        pyrage.decrypt_io(source, sink, list(keys))
    except (pyrage.DecryptError, OSError) as failure:
        if sink.error is not None:
            raise sink.error from None
        raise _classified(failure, sink, outside) from None
    if sink.error is not None:
        raise sink.error
    if not sink.beginning:
        raise not_a_pack()


def _classified(failure: Exception, sink: PlaintextSink, outside: Outside) -> PackError:
    """What pyrage's message means. The text decides between sentences only; every one of them refuses the file."""
    text = str(failure)
    if "No matching keys" in text:
        return not_for_us()
    length = head.announced_length(sink)
    if length is not None and outside.bytes < (expected := outside.header_bytes + age_length(length)):
        return cut_short(outside.bytes, expected)
    if "truncated" in text or "fill whole buffer" in text or "Incomplete" in text:
        return cut_short()
    return damaged()


def _too_large() -> PackError:
    return PackError(
        "The file would be larger than 500 MB.",
        safe="Nothing was made, and your records are as they were.",
        do="Send it in several parts.",
        code="E-TOOBIG",
    )


def _not_readable() -> PackError:
    return PackError(
        "The file was written but could not be read back, so it was thrown away.",
        safe="Your records are as they were.",
        do="Try again, on another drive if this one may be failing.",
        code="E-READBACK",
    )
