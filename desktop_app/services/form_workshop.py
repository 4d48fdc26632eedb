"""Forms for the office: look at a spreadsheet, compare it with the form in use, publish it; and what a branch is told.

A published form goes to every branch with its next reply (packs.md, ``data/library.json``). Looking at a spreadsheet
needs no records, so that it can run in a process of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from desktop_app.errors import FormError, WorldError
from desktop_app.forms.comparison import Comparison, compare
from desktop_app.forms.compiler_words import Problem
from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.session import FormSession
from desktop_app.storage import listing
from desktop_app.storage.projection import Filters, Row

from .form_library import SHIPPED, lower
from .packing import too_large_to_travel
from .profile import Profile

_NEWS = "form_news"
_NO_ANSWER = ("group", "repeat", "note", "calculate")
MOST_RECORDS = 20


@dataclass(frozen=True)
class FormEntry:
    """A form in use. ``before``: its earlier versions, newest first; ``records``: the newest of another form."""

    form: FormDefinition
    shipped: bool
    questions: int
    count: int
    before: tuple[FormDefinition, ...]
    records: tuple[Row, ...]


@dataclass(frozen=True)
class Looked:
    """What came of looking at a spreadsheet: the form, if it can be filled, and what is wrong, cell by cell."""

    name: str
    form: FormDefinition | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Candidate:
    """A form that might be published, beside the one in use. ``doubts``: sentences; ``refused``: it cannot be."""

    form: FormDefinition
    comparison: Comparison | None
    doubts: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class News:
    """A form the office changed (or added: ``before`` is None) since anybody here looked."""

    form: FormDefinition
    before: FormDefinition | None
    summary: str


def forms_here(profile: Profile) -> list[FormEntry]:
    """The forms in use, the shipped ones first."""
    found = []
    for form_id in profile.forms.ids():
        form = profile.forms.current(form_id)
        filters = Filters(form=form_id)
        shipped = form_id in SHIPPED
        found.append(
            FormEntry(
                form=form,
                shipped=shipped,
                questions=sum(question.kind not in _NO_ANSWER for question in form.questions),
                count=listing.count(profile.store, filters),
                before=tuple(_used_before(profile, form)),
                records=() if shipped else tuple(listing.page(profile.store, filters, MOST_RECORDS).rows),
            )
        )
    return found


def _used_before(profile: Profile, form: FormDefinition) -> list[FormDefinition]:
    return [other for other in profile.forms.used_before(form.id) if other.package != form.package]


def look_at(path: Path) -> Looked:
    """Compile a spreadsheet (or read an XForm) and list everything wrong with it. Raises `NotFound`, `FormError`."""
    from desktop_app.forms.xform import load_form
    from desktop_app.forms.xlsform import compile_xlsform, problems

    found = problems(path)
    form: FormDefinition | None = None
    try:
        form = load_form(path) if path.suffix.lower() == ".xml" else compile_xlsform(path)
    except WorldError:
        if not found:
            raise
    return Looked(path.name, form, tuple(found))


def candidate(profile: Profile, form: FormDefinition) -> Candidate:
    """The form beside the version in use here, and what to think of before it is published."""
    try:
        FormSession(form)
    except FormError as error:
        return Candidate(form, None, refused=error.what)
    if too_large_to_travel(form):
        return Candidate(
            form,
            None,
            refused="It is too large for a reply: the form, and each of its lists, may have 5 MB, and all lists 50 MB.",
        )
    if form.id not in profile.forms.ids():
        return Candidate(form, None)
    now = profile.forms.current(form.id)
    comparison = compare(now, form)
    if now.package == form.package:
        return Candidate(form, comparison, refused="This is the form in use already.")
    if any(other.package == form.package for other in profile.forms.used_before(form.id)):
        return Candidate(
            form,
            comparison,
            refused="This version was in use before. Write a new version on the settings sheet, so that branches take it.",
        )
    if form.version == now.version:
        # A version names one form only, as everywhere in ODK: two forms of one version cannot be told apart afterwards.
        return Candidate(
            form,
            comparison,
            refused=f"Its version is “{form.version}”, as that of the form in use, but it is another form. Write a new "
            "version on the settings sheet."
            if form.version
            else "It has no version, nor has the form in use. Write a version on the settings sheet.",
        )
    if lower(form.version, now.version):
        return Candidate(
            form,
            comparison,
            refused=f"Its version is {form.version}, and {now.version} is in use. Write a higher version on the "
            "settings sheet.",
        )
    doubts = []
    gone = len(comparison.of_kind("removed"))
    if gone:
        many = f"{gone} questions are" if gone > 1 else "One question is"
        doubts.append(f"{many} no longer asked. Answers given before are kept and printed, but no longer counted.")
    return Candidate(form, comparison, tuple(doubts))


def publish(profile: Profile, form: FormDefinition) -> None:
    """Use this form for new records here; every branch gets it with its next reply. Raises `FormError`."""
    found = candidate(profile, form)
    if found.refused:
        raise FormError(found.refused, safe="The form in use stays.", do="Choose the spreadsheet again afterwards.")
    profile.forms.use(form)


def note_news(profile: Profile, form: FormDefinition, before: FormDefinition | None) -> None:
    """Remember that the office changed a form, until somebody here has seen what (in the caller's transaction)."""
    kept: dict[str, str] = json.loads(profile.store.setting(_NEWS) or "{}")
    # Two changes before anybody looked are told as one.
    kept.setdefault(form.id, before.package if before is not None else "")
    profile.store.set_setting(_NEWS, json.dumps(kept))


def news(profile: Profile) -> list[News]:
    """Forms that changed with a reply and that nobody here has looked at since."""
    kept: dict[str, str] = json.loads(profile.store.setting(_NEWS) or "{}")
    found = []
    for form_id, package in kept.items():
        form = profile.forms.current(form_id)
        before = profile.forms.package(package) if package else None
        if before is None:
            found.append(News(form, None, "The office added this form."))
        elif before.package != form.package:
            found.append(News(form, before, compare(before, form).summary()))
    return found


def seen(profile: Profile) -> None:
    """Somebody has read what changed."""
    with profile.store.atomic():
        profile.store.set_setting(_NEWS, "{}")
