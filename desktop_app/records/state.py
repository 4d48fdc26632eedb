"""What a record says now: the result of a fold, and what undecided versions look like in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop_app.records.revision import BlobRef, FormRef, Link, Stamp


@dataclass(frozen=True)
class Candidate:
    """One of two versions. ``value`` `None`: nothing there (emptied or removed); ``typed``: raw text beside the value.

    For the whole record (leaf ``""``) the value is the word ``withdraw`` or ``put``.
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
