"""Where things lie: the shipped resources and a person's profile folder. No file is written here."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

PROFILE_VARIABLE = "BRANCH_EVIDENCE_PROFILE"


def resource(*parts: str) -> Path:
    """The path of a shipped file under ``resources/``, in the source tree, the wheel and the bundle alike."""
    base = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))
    return base.joinpath("resources", *parts)


def default_profile_dir() -> Path:
    """The per-user data folder that is not synced (``LocalAppData`` on Windows), or the environment's choice."""
    chosen = os.environ.get(PROFILE_VARIABLE)
    return Path(chosen) if chosen else usual_profile_dir()


def usual_profile_dir() -> Path:
    """The per-user data folder that is not synced, whatever the environment says."""
    from platformdirs import user_data_path

    return user_data_path("Branch Evidence", appauthor=False, roaming=False)


def followed(folder: Path) -> Path:
    """Where the records of a folder are now: there, or where its line says that they were moved to."""
    old = ProfilePaths(folder)
    try:
        said = Path(old.moved_to.read_text(encoding="utf-8").strip())
        # Wiping overwrites the keys before it removes them: it may have stopped in between.
        stays = old.exists() and old.keys.read_bytes().startswith(b"{")
    except (OSError, ValueError):
        return folder
    return said if said.is_absolute() and ProfilePaths(said).exists() and not stays else folder


@dataclass(frozen=True)
class ProfilePaths:
    """The files of one profile. Without a key only ``keys.json``, the erasure list, where records were moved to and which
    laptop they are on can be read; none holds answers."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "records.db"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    @property
    def keys_copy(self) -> Path:
        return self.folder / "keys-copy.json"

    @property
    def erasures(self) -> Path:
        return self.folder / "erasures.jsonl"

    @property
    def lock(self) -> Path:
        return self.folder / "in-use.lock"

    @property
    def quarantine(self) -> Path:
        return self.folder / "quarantine"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def crashes(self) -> Path:
        return self.folder / "crashes"

    @property
    def opened(self) -> Path:
        """Attachments opened in another program; wiped at close and start."""
        return self.folder / "opened"

    @property
    def unsaved(self) -> Path:
        """What was typed last and found no room in the database when the records were locked; sealed."""
        return self.folder / "unsaved.sealed"

    @property
    def moved_to(self) -> Path:
        """Where the records went that lay here."""
        return self.folder / "moved-to"

    @property
    def laptop(self) -> Path:
        """Which laptop these records are on; no backup carries it."""
        return self.folder / "this-laptop.json"

    @property
    def reserve(self) -> Path:
        """Zeros, given up on a full disk so that `unsaved` has room."""
        return self.folder / "reserve"

    def exists(self) -> bool:
        """True when records were set up here, or may have been where one may not look: opening them says what is wrong.

        The second copy of the keys is enough: the first may have been taken away by a virus scanner or by mistake.
        """
        return _is_there(self.keys) or _is_there(self.keys_copy)


def _is_there(path: Path) -> bool:
    try:
        os.stat(path)
    except PermissionError:
        return True
    except (OSError, ValueError):  # not there, or a name no disk takes
        return False
    return True
