"""What became of a file that was looked at or added: counts, and the three sentences for what waits or was refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from desktop_app.errors import WorldError
from desktop_app.records.words import six_words
from desktop_app.storage.laptops import Device

from .sifting import OTHER_BRANCH, STOPPED, UNKNOWN_DEVICE, Taken


class Step(NamedTuple):
    """How far an adding is: which file of how many (from 0), and which change of how many in it."""

    file: int
    files: int
    change: int = 0
    changes: int = 0


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file.

    ``outcome``: ``added``, ``already`` (nothing new in it), ``waiting``, ``refused``, ``reply`` (from the office) or
    ``card``. ``code`` and ``what`` say why it waits or was refused. ``new``, ``changed``, ``same`` and ``two_versions``
    count records, ``waiting`` counts changes that wait. ``deleted``: records that an order in the file removed for good;
    ``left_out``: records in it that were deleted for good before and stay so. ``pack`` is empty when the file could not
    be opened. ``name``
    is the file's name as it came, where ``path`` is our own copy.
    """

    path: str
    outcome: str
    code: str = ""
    new: int = 0
    changed: int = 0
    same: int = 0
    two_versions: int = 0
    waiting: int = 0
    deleted: int = 0
    left_out: int = 0
    what: str = ""
    safe: str = ""
    do: str = ""
    branch: str = ""
    number: int | None = None
    pack: str = ""
    device: str = ""
    words: str = ""
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        """The shape of cli.md, and the sentences of what was refused."""
        shape: dict[str, Any] = {
            "path": self.path,
            "outcome": self.outcome,
            "code": self.code or None,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "two_versions": self.two_versions,
            "waiting": self.waiting,
        }
        more = {"what": self.what, "safe": self.safe, "do": self.do, "words": self.words}
        counts = {"deleted": self.deleted, "left_out": self.left_out}
        return shape | {name: value for name, value in {**counts, **more}.items() if value}


@dataclass(frozen=True)
class Import:
    """One adding of files; ``id`` is what `undo` takes, None when nothing was added (or for a preview)."""

    id: int | None
    files: list[FileOutcome]
    replies: list[Path] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The answer of ``receive``: ``{import, files, replies}``."""
        return {
            "import": self.id,
            "files": [each.as_json() for each in self.files],
            "replies": [str(each) for each in self.replies],
        }


def counted(about: FileOutcome, taken: Taken) -> FileOutcome:
    """The outcome of a file that was added or looked at, in counts."""
    outcome = "added" if taken.anything else "waiting" if taken.waiting else "already"
    found = replace(
        about, outcome=outcome, code=taken.reason, new=taken.new, changed=taken.changed, same=len(taken.same),
        two_versions=taken.two_versions, waiting=len(taken.waiting), deleted=len(taken.deleted),
        left_out=len(taken.left_out),
    )  # fmt: skip
    return said(found, some_wait(taken)) if taken.waiting else found


def refused(path: Path, why: WorldError) -> FileOutcome:
    """A file that was not added, and why."""
    return FileOutcome(str(path), "refused", code=why.code, what=why.what, safe=why.safe, do=why.do)


def said(outcome: FileOutcome, sentences: tuple[str, str, str]) -> FileOutcome:
    """The outcome with what happened, what is safe, what to do."""
    what, safe, do = sentences
    return replace(outcome, what=what, safe=safe, do=do)


def unknown(device: Device) -> tuple[str, str, str]:
    """For a file from a laptop nobody has spoken to."""
    return (
        f"This file comes from a laptop of {device.branch} that you have not spoken to yet.",
        "The file is kept, and added as soon as you accept the laptop.",
        f"Telephone the branch and compare six words: {six_words(device.signing_key)}.",
    )


def some_wait(taken: Taken) -> tuple[str, str, str]:
    """For a file of which a part waits."""
    what = {
        UNKNOWN_DEVICE: "Some of it was written on a laptop that you have not spoken to yet.",
        OTHER_BRANCH: "Some of it changes another branch's record.",
        STOPPED: "Some of it was written on a laptop that is no longer accepted.",
    }[taken.reason]
    return what, "The file is kept; that part waits.", "Telephone the branch."
