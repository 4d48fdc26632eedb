"""What a record says now: the result of a fold, and what undecided versions look like in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from desktop_app.records.revision import BlobRef, FormRef, Link, Stamp

_FILE = "file:"


class FilePlace(NamedTuple):
    """Where a file hangs: the leaf of the question it answers, or ``""``, and its name."""

    question: str
    name: str

    @property
    def leaf(self) -> str:
        """How two versions of what hangs there are named among those of answers."""
        return f"{_FILE}{self.question}:{self.name}"


def file_place(leaf: str) -> FilePlace | None:
    """The inverse of `FilePlace.leaf`; `None` for an answer's leaf."""
    question, colon, name = leaf.removeprefix(_FILE).partition(":")
    return FilePlace(question, name) if leaf.startswith(_FILE) and colon else None


@dataclass(frozen=True)
class Candidate:
    """One of two versions. ``value`` `None`: nothing there (emptied or removed); ``typed``: raw text beside the value.

    For the whole record (leaf ``""``) the value is the word ``withdraw`` or ``put``; for a file (`FilePlace`) the SHA-256
    of what hangs there, several with spaces between.
    """

    value: str | None
    rev: str
    device: str
    branch: str
    t: Stamp
    typed: str | None = None


@dataclass(frozen=True)
class TwoVersions:
    """A leaf with more than one version; candidates in the order of their clocks, the one shown last."""

    leaf: str
    candidates: tuple[Candidate, ...]


def file_undecided(blob: BlobRef, two_versions: Iterable[TwoVersions]) -> bool:
    """Whether there are two versions of what hangs where this file does."""
    places = (FilePlace(blob.question, blob.name).leaf, blob.question or None)
    return any(two.leaf in places for two in two_versions)


@dataclass(frozen=True)
class RecordState:
    """What a record says now. Where there are two versions, ``answers`` shows the latest by clock, for display only."""

    record: str
    form: FormRef
    branch: str
    heads: tuple[str, ...]
    answers: dict[str, Any]
    typed: dict[str, str]
    aside: tuple[str, ...]
    derived: dict[str, str]
    blobs: tuple[BlobRef, ...]
    links: tuple[Link, ...]
    branch_only: bool
    state: str
    withdrawn: bool
    two_versions: tuple[TwoVersions, ...]
    created: Stamp
    changed: Stamp
    device: str = ""
    role: str = ""
