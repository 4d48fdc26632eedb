"""A report as a text file: for the body of an e-mail, or a letter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from desktop_app import files
from desktop_app.reports.letter import WRITERS, render_letter
from desktop_app.reports.model import Decision, Made
from desktop_app.reports.registry import check_name, report
from desktop_app.storage.projection import Filters

from . import copies, reporting, sharing
from .profile import Profile

KINDS = frozenset(WRITERS)


def make(
    profile: Profile,
    kind: str,
    ids: Iterable[str],
    filters: Filters,
    audience: str,
    out: Path,
    decisions: Iterable[Decision] = (),
    *,
    leave_out_the_rest: bool = False,
) -> Made:
    """As `reporting.make`, but a text instead of a PDF; ``pages`` is 0. Raises the same, and `UsageProblem`."""
    given = sharing.decided(reporting.prepare(profile, kind, ids, filters, audience), decisions)
    if leave_out_the_rest:
        given = sharing.leave_out_the_rest(given)
    sharing.refuse_undecided(given)
    check_name(given, out.stem)
    files.write_atomic(out, render_letter(given).encode(), private=True)
    reporting.note_use(profile, given)
    copies.note(profile, out, title=report(kind).title, audience=given.audience)
    return Made(out, 0, [])
