"""Looking at files without adding them: which there are, what they are, and whether they are whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from desktop_app.exchange.cards import CARD_SUFFIX, looks_like_card, read_card
from desktop_app.exchange.container import open_pack, peek
from desktop_app.files import problem
from desktop_app.records.revision import parse
from desktop_app.records.revision import verify as verify_revision
from desktop_app.records.words import six_words
from desktop_app.storage import laptops
from desktop_app.wanted import still_wanted

from .profile import Profile

SUFFIXES = (".branchpack", ".officepack", CARD_SUFFIX)


def verify(profile: Profile | None, file: Path) -> dict[str, Any]:
    """Check a file without adding it. Without records only what age shows; with them everything.

    Raises `PackError` with the reason it would be refused, `FileProblem` when it cannot be read.
    """
    if is_card(file):
        card = read_card(start_of(file, 100_000))
        return {"card": True, "name": card.name, "words": card.words, "device": card.device}
    if profile is None:
        return {"path": str(file), **peek(file).as_json()}
    with open_pack(file, profile.reading_identities) as opened:
        known = laptops.device(profile.store, opened.device)
        keys = {each.id: each.signing_key for each in laptops.devices(profile.store)}
        keys[opened.device] = opened.device_key
        counts = {"revisions": 0, "signatures_checked": 0}
        records = set()
        for line in opened.payload.revisions():
            signed = parse(line)
            counts["revisions"] += 1
            records.add(signed.revision.record)
            if signed.revision.device in keys:
                verify_revision(signed, keys[signed.revision.device])
                counts["signatures_checked"] += 1
        return {
            "path": str(file),
            **opened.outside.as_json(),
            "header": opened.header,
            "signature": "holds",
            "device": {
                "id": opened.device,
                "state": known.state if known else "unknown",
                "words": six_words(opened.device_key),
            },
            "parts": {name: opened.bag.sizes[name] for name in opened.bag.names()},
            "records": len(records),
            **counts,
            "attachments": len(opened.payload.blobs()),
        }


def each_file(files: Iterable[Path]) -> Iterator[Path]:
    """The files themselves, and those of ours in folders, in the order of their names."""
    for path in files:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
        else:
            yield path


def is_card(path: Path) -> bool:
    """True for an office's card, by its name or its first words. Raises `FileProblem`."""
    return path.suffix.lower() == CARD_SUFFIX or looks_like_card(start_of(path, 400))


def start_of(path: Path, size: int) -> bytes:
    """The first bytes of a file. Raises `FileProblem`."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as failure:
        raise problem(failure, path) from failure


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal. Raises `FileProblem`."""
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while chunk := file.read(1024 * 1024):
                still_wanted()
                digest.update(chunk)
            return digest.hexdigest()
    except OSError as failure:
        raise problem(failure, path) from failure
