"""PDFs that lie outside the locked records: where they are, for whom they are, why one has no password; deleting them.

A mail program needs its attachment as a plain file, and a saved PDF is one too. The list of them is kept with the
records (encrypted), so that the person can be reminded and can have them deleted (issue 5, point 6).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from desktop_app import files
from desktop_app.errors import FileProblem

from .profile import Profile

SETTING = "copies_outside"
MOST = 500
"""Lines kept; beyond it the oldest whose file is gone are dropped."""


@dataclass(frozen=True)
class Copy:
    """A PDF written outside the records. ``audience`` is "union", "shareable" or "" for a blank form.

    ``why_open`` says, in the person's choice of words, why one for the union only has no password; ``mail`` is true
    when it was made for the mail program. ``utc`` is when it was written.
    """

    path: str
    title: str
    audience: str
    utc: str
    mail: bool = False
    locked: bool = False
    why_open: str = ""

    @property
    def file(self) -> Path:
        return Path(self.path)

    @property
    def beside(self) -> Path:
        """The unsent message some mail programs are given, which holds the PDF a second time."""
        return self.file.with_name(self.file.name + ".eml")

    @property
    def there(self) -> bool:
        return self.file.is_file() or self.beside.is_file()


def note(
    profile: Profile,
    path: Path,
    *,
    title: str,
    audience: str,
    mail: bool = False,
    locked: bool = False,
    why_open: str = "",
) -> Copy:
    """Remember that a PDF was written to ``path``. A second one in the same place takes the first one's line."""
    made = Copy(str(path.absolute()), title, audience, profile.utc_now(), mail, locked, why_open)
    _keep(profile, [*[one for one in _all(profile) if one.path != made.path], made])
    return made


def outside(profile: Profile) -> list[Copy]:
    """The copies whose files are still there, newest first. Files moved elsewhere by hand are not known."""
    return [one for one in reversed(_all(profile)) if one.there]


def for_mail(profile: Profile) -> int:
    """How many copies made for the mail program still lie there."""
    return sum(one.mail for one in outside(profile))


def delete(profile: Profile, paths: Iterable[str]) -> list[Copy]:
    """Delete these copies, and the unsent messages that hold them; those that could not be deleted are returned.

    Their lines stay: why a PDF for the union only had no password can be asked after the file is gone.
    """
    wanted = set(paths)
    left: list[Copy] = []
    for one in outside(profile):
        if one.path in wanted:
            try:
                files.remove(one.file)
                files.remove(one.beside)
            except FileProblem:
                left.append(one)  # open in another program
    return left


def _all(profile: Profile) -> list[Copy]:
    return [Copy(**line) for line in json.loads(profile.store.setting(SETTING) or "[]")]


def _keep(profile: Profile, copies: list[Copy]) -> None:
    if len(copies) > MOST:
        gone = [one for one in copies if not one.there][: len(copies) - MOST]
        copies = [one for one in copies if one not in gone]
    profile.store.set_setting(SETTING, json.dumps([asdict(one) for one in copies]))


__all__ = ["Copy", "delete", "for_mail", "note", "outside"]
