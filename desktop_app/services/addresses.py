"""Where a branch wants its replies: it says so in its settings, it travels in its files, and the office may type it.

The office's book of addresses is kept apart from the records, is in no report, and nothing of it goes out again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop_app.errors import UsageProblem
from desktop_app.storage import laptops

from .packing import file_word
from .profile import Profile

_OWN, _BOOK = "reply_address", "branch_addresses"
# It is given to mail programs as a word of a command: none that begins like an option.
_ADDRESS = re.compile(r"(?!-)[^@\s,;:<>\"]+@[^@\s,;:<>\"]+\.[^@\s,;:<>\".]+")
LONGEST = 200


@dataclass(frozen=True)
class ReplyLetter:
    """A reply that was made: which branch it is for, and where to e-mail it ("" where nobody said yet)."""

    path: Path
    branch: str
    to: str


def checked(text: str) -> str:
    """An e-mail address, or "" for none. Raises `UsageProblem`."""
    address = text.strip()
    if address and (len(address) > LONGEST or not _ADDRESS.fullmatch(address)):
        raise UsageProblem(
            f"“{address}” is no e-mail address.", safe="Nothing was changed.", do="Write it as name@example.org."
        )
    return address


def own(profile: Profile) -> str:
    """The address this branch wants replies at."""
    return profile.store.setting(_OWN) or ""


def set_own(profile: Profile, text: str) -> None:
    """Say where replies shall go; "" says nothing. It travels with the next file. Raises `UsageProblem`."""
    profile.store.set_setting(_OWN, checked(text))


def note(profile: Profile, branch: str, address: str) -> None:
    """What a branch said in a file, or somebody at the office typed: the newest counts. Raises `UsageProblem`."""
    book = _book(profile)
    found = checked(address)
    if book.get(branch, "") != found:
        profile.store.set_setting(_BOOK, json.dumps({**book, branch: found}, ensure_ascii=False))


def note_said(profile: Profile, branch: str, address: str) -> None:
    """As `note`, for an address in a file: one that cannot be one is passed over, the file is good all the same."""
    try:
        if address:
            note(profile, branch, address)
    except UsageProblem:
        return


def of_branch(profile: Profile, branch: str) -> str:
    """Where to write to a branch; "" where nobody said."""
    return _book(profile).get(branch, "")


def letters(profile: Profile, replies: Iterable[Path]) -> list[ReplyLetter]:
    """For each reply that was made, whom to e-mail it to."""
    branches = {file_word(device.branch): device.branch for device in laptops.devices(profile.store)}
    found = []
    for path in replies:
        branch = branches.get(path.stem.partition("-to-")[2], "")
        found.append(ReplyLetter(path, branch, of_branch(profile, branch)))
    return found


def _book(profile: Profile) -> dict[str, str]:
    kept = json.loads(profile.store.setting(_BOOK) or "{}")
    return {str(branch): str(address) for branch, address in kept.items()}
