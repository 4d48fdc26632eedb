"""The rights of a person written about: everything about a word, to give out, correct or delete; a note of what was done.

Source of the rules: DP-12 of the study of data protection.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_app.errors import NotFound, UsageProblem
from desktop_app.forms.definition import FormDefinition
from desktop_app.storage import blobs, drafts, half_written, office_words, revisions

from . import copies
from .content import Content, leaves
from .export_json import write as write_json
from .inside import words_inside
from .profile import Profile
from .recording import open_record

SHORTEST = 2
_LOG = "rights_log"
_AROUND = 50


@dataclass(frozen=True)
class Place:
    """Where the word stands: the question, or "Name of an attachment", and the words around it.

    ``earlier``: only in an earlier version, or in answers put aside; the page of the record does not show it.
    """

    where: str
    words: str
    earlier: bool


@dataclass(frozen=True)
class Found:
    """One record with the word in it."""

    record: str
    reference: str
    title: str
    form: str
    standing: str
    places: tuple[Place, ...]


@dataclass
class Search:
    """``looked`` of ``total`` records so far; ``found`` grows. ``read`` attached files were read inside, ``unread`` were
    of a kind that cannot be (scans, pictures)."""

    looked: int = 0
    total: int = 0
    found: list[Found] = field(default_factory=list)
    read: int = 0
    unread: int = 0


def find(profile: Profile, text: str, *, inside: bool = True) -> Generator[Search, None, Search]:
    """Everything that names a word, a name or a number, in any case and with or without accents.

    Every answer, what was kept as typed, answers put aside, names of attachments, drafts, every earlier version, and the
    office's questions with their answers; parts of words count. Yields as it goes. Raises `UsageProblem` for less than two
    characters. ``inside``: the text inside attached files too, where it can be read.
    """
    sought = plain(text).strip()
    if len(sought) < SHORTEST:
        raise UsageProblem("Type at least two characters.", do="Type the word or name to look for.")
    records = dict.fromkeys([*drafts.list_ids(profile.store), *revisions.records(profile.store)])
    search = Search(total=len(records))
    files_inside: dict[str, str | None] = {}
    for record in records:
        places = tuple(_places(profile, record, sought))
        if inside:
            places += yield from _places_inside(profile, record, sought, files_inside, search)
        if places:
            opened = open_record(profile, record)
            search.found.append(
                Found(record, opened.reference, opened.title, opened.form.id, opened.standing, places)
            )
        search.looked += 1
        if search.looked % 20 == 0:
            yield search
    return search


def _places(profile: Profile, record: str, sought: str) -> Iterator[Place]:
    seen: set[tuple[str, str]] = set()
    contents: list[tuple[FormDefinition | None, Content, bool]] = []
    draft = drafts.load(profile.store, record)
    versions = revisions.of_record(profile.store, record)
    state = revisions.state(profile.store, record)
    if draft is not None:
        contents.append((_form(profile, draft.form.package), Content.from_json(draft.content), False))
    if state is not None:
        contents.append((_form(profile, state.form.package), Content.of_state(state), draft is not None))
    for signed in versions:
        revision = signed.revision
        content = Content(answers=revision.answers, typed=revision.typed, derived=revision.derived, blobs=revision.blobs)
        contents.append((_form(profile, revision.form.package), content, True))
    for form, content, earlier in contents:
        for where, said in _texts(form, content):
            if sought in plain(said) and (where, said) not in seen:
                seen.add((where, said))
                yield Place(where, _around(said, sought), earlier)
    for query in office_words.queries(profile.store, record):
        for where, said in (("Question from the office", query.body), ("Answer to the office", query.answer)):
            if sought in plain(said):
                yield Place(where, _around(said, sought), False)
    for said in half_written.of_record(profile.store, record):
        if sought in plain(said):
            yield Place("Typed in a box, not kept yet", _around(said, sought), False)


def _places_inside(
    profile: Profile, record: str, sought: str, known: dict[str, str | None], search: Search
) -> Generator[Search, None, tuple[Place, ...]]:
    """In the text of attached files, one file a step; a file that hangs on several records is read once."""
    draft = drafts.load(profile.store, record)
    now = Content.from_json(draft.content).blobs if draft is not None else ()
    state = revisions.state(profile.store, record)
    if draft is None and state is not None:
        now = state.blobs
    earlier = [blob for signed in revisions.of_record(profile.store, record) for blob in signed.revision.blobs]
    places = []
    for blob in {blob.sha256: blob for blob in [*earlier, *now]}.values():
        if blob.sha256 not in known:
            if not blobs.has(profile.store, blob.sha256):
                continue  # it stayed with the branch it belongs to
            said = words_inside(b"".join(blobs.read(profile.store, blob.sha256)), blob.name, blob.type)
            known[blob.sha256] = plain(said) if said is not None and sought in plain(said) else "" if said is not None else None
            search.read += said is not None
            search.unread += said is None
            yield search
        found = known[blob.sha256]
        if found:
            gone = all(blob.sha256 != each.sha256 for each in now)
            places.append(Place(f"Inside the attached file “{blob.name}”", _around(found, sought), gone))
    return tuple(places)


def _texts(form: FormDefinition | None, content: Content) -> Iterator[tuple[str, str]]:
    labels = {question.path: question.label for question in form.questions} if form else {}
    for leaf in leaves(content.answers, form):
        yield labels.get(leaf.template, "") or leaf.path, leaf.value
    for path, raw in content.typed.items():
        yield f"Kept as typed: {path.rpartition('/')[2].replace('_', ' ')}", raw
    for blob in content.blobs:
        yield "Name of an attachment", blob.name


def _form(profile: Profile, package: str) -> FormDefinition | None:
    try:
        return profile.forms.package(package)
    except NotFound:
        return None


def plain(text: str) -> str:
    """Case and accents taken off, so that “Zoë” is found by “zoe”."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def _around(said: str, sought: str) -> str:
    """The words around the first place; positions are of the plain text, which is close enough to show."""
    line = " ".join(said.split())
    at = plain(line).find(sought)
    start, end = max(0, at - _AROUND), max(0, at) + len(sought) + _AROUND
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")


def export_found(profile: Profile, record_ids: Iterable[str], out: Path) -> int:
    """Write these records whole, as JSON with its schema beside it: what is given to the person who asked.

    Returns how many. The file is not encrypted. Raises `FileProblem`.
    """
    count = write_json(
        (open_record(profile, record) for record in record_ids),
        out,
        exported=profile.utc_now(),
        branch=profile.me.branch,
    )
    note(profile, "exported", count)
    schema = out.with_name(f"{out.stem}.schema.json")
    copies.note(profile, out, title="Given out on request", audience="union", more=[schema])
    return count


# --- the note of what was done ----------------------------------------------------------------------------------------


def note(profile: Profile, what: str, records: int) -> None:
    """Note that records were ``searched``, ``exported``, ``deleted`` or ``kept``: when and how many, never which words."""
    kept = noted(profile)
    kept.append({"utc": profile.utc_now(), "what": what, "records": records})
    profile.store.set_setting(_LOG, json.dumps(kept[-200:]))


def noted(profile: Profile) -> list[dict[str, Any]]:
    """``{utc, what, records}``, oldest first."""
    found: list[dict[str, Any]] = json.loads(profile.store.setting(_LOG) or "[]")
    return found
