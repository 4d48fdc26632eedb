"""Files that lie outside the locked records: where they are, for whom they are, why one has no password; deleting them.

A mail program needs its attachment as a plain file; a saved PDF is one too, and so is a spreadsheet, a calendar file or
what somebody was given of what is held about them. The list is kept with the records (encrypted), so that the person can
be reminded and can have them deleted (issue 5, point 6). What went through the clipboard leaves no file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from desktop_app import files
from desktop_app.errors import FileProblem

from .profile import Profile

SETTING = "copies_outside"
MOST = 500
"""Lines kept; beyond it the oldest whose file is gone are dropped."""


@dataclass(frozen=True)
class Copy:
    """A file written outside the records. ``audience`` is "union", "shareable" or "" for a blank form.

    ``why_open`` says, in the person's choice of words, why one for the union only has no password; ``mail`` is true
    when it was made for the mail program. ``utc`` is when it was written. ``more`` are further files written with it (a
    schema, one table each). ``deleted`` is when this program deleted it, ``forgotten`` true when the person said that
    they know of a file that was moved or deleted by hand.
    """

    path: str
    title: str
    audience: str
    utc: str
    mail: bool = False
    locked: bool = False
    why_open: str = ""
    more: Sequence[str] = ()
    deleted: str = ""
    forgotten: bool = False

    @property
    def file(self) -> Path:
        return Path(self.path)

    @property
    def beside(self) -> Path:
        """The unsent message some mail programs are given, which holds the file a second time."""
        return self.file.with_name(self.file.name + ".eml")

    @property
    def all_files(self) -> list[Path]:
        """Every file of it, those that are gone as well."""
        return [self.file, self.beside, *map(Path, self.more)]

    @property
    def there(self) -> bool:
        return any(file.is_file() for file in self.all_files)

    @property
    def is_pdf(self) -> bool:
        return self.file.suffix.lower() == ".pdf"


def note(
    profile: Profile,
    path: Path,
    *,
    title: str,
    audience: str,
    mail: bool = False,
    locked: bool = False,
    why_open: str = "",
    more: Iterable[Path] = (),
) -> Copy:
    """Remember that a file was written to ``path``. A second one in the same place takes the first one's line."""
    also = tuple(str(one.absolute()) for one in more)
    made = Copy(str(path.absolute()), title, audience, profile.utc_now(), mail, locked, why_open, also)
    _keep(profile, [*[one for one in _all(profile) if one.path != made.path], made])
    return made


def outside(profile: Profile) -> list[Copy]:
    """The copies whose files are still there, newest first."""
    return [one for one in reversed(_all(profile)) if one.there]


def missing(profile: Profile) -> list[Copy]:
    """Copies that are no longer where they were written and that this program did not delete: moved or deleted by hand.

    Where such a file went is not known, so that it may still be read somewhere. Newest first.
    """
    return [one for one in reversed(_all(profile)) if not (one.there or one.deleted or one.forgotten)]


def for_mail(profile: Profile) -> int:
    """How many copies made for the mail program still lie there."""
    return sum(one.mail for one in outside(profile))


def delete(profile: Profile, paths: Iterable[str]) -> list[Copy]:
    """Delete these copies, and the unsent messages that hold them; those that could not be deleted are returned.

    Their lines stay: why a PDF for the union only had no password can be asked after the file is gone.
    """
    wanted = set(paths)
    left: list[Copy] = []
    known: list[Copy] = []
    for one in _all(profile):
        if one.path in wanted and one.there:
            try:
                for file in one.all_files:
                    files.remove(file)
                one = replace(one, deleted=profile.utc_now())
            except FileProblem:
                left.append(one)  # open in another program
        known.append(one)
    _keep(profile, known)
    return left


def forget(profile: Profile, paths: Iterable[str]) -> None:
    """The person knows where these missing files went, or that they are gone: they are named no more."""
    wanted = set(paths)
    _keep(profile, [replace(one, forgotten=True) if one.path in wanted else one for one in _all(profile)])


def _all(profile: Profile) -> list[Copy]:
    return [Copy(**line) for line in json.loads(profile.store.setting(SETTING) or "[]")]


def _keep(profile: Profile, copies: list[Copy]) -> None:
    if len(copies) > MOST:
        gone = [one for one in copies if not one.there][: len(copies) - MOST]
        copies = [one for one in copies if one not in gone]
    profile.store.set_setting(SETTING, json.dumps([asdict(one) for one in copies]))


__all__ = ["Copy", "delete", "for_mail", "forget", "missing", "note", "outside"]
