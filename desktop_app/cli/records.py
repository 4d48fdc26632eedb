"""`record` and `search`: adding, changing, showing, listing and settling records."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.answer import Answer, table
from desktop_app.cli.common import common_options, local_file, read_json, records
from desktop_app.cli.filters import filter_options
from desktop_app.errors import UsageProblem

if TYPE_CHECKING:
    from desktop_app.services.recording import Added
    from desktop_app.storage.projection import Filters, Page


@click.group()
@common_options
def record() -> None:
    """Add, change, show, list and settle records."""


def _answers(text: str) -> dict[str, Any]:
    found = read_json(text, "answers")
    if not isinstance(found, dict):
        raise UsageProblem("The answers are not an object.", do='Write them as {"about": {"area": "one_authority"}}.')
    return found


def _added(added: Added) -> Answer:
    data = {
        "id": added.id,
        "rev": added.rev,
        "gaps": [asdict(gap) for gap in added.gaps],
        "doubts": [asdict(doubt) for doubt in added.doubts],
        "privacy": [
            {"path": found.path, "label": found.label, "kind": found.finding.kind, "text": found.finding.text}
            for found in added.privacy
        ],
    }
    lines = [f"{added.id}  {'ready to send' if added.rev else 'draft'}"]
    lines += [f"Not said yet: {gap.label}" for gap in added.gaps]
    lines += [f"Kept as typed: {doubt.label}: {doubt.raw}" for doubt in added.doubts]
    lines += [f"Look again, likely about a person: {f.label}: {f.finding.text}" for f in added.privacy]
    return Answer(data, "\n".join(lines))


@record.command()
@click.argument("form", metavar="FORM")
@click.argument("answers", metavar="ANSWERS")
@click.option("--attach", "attachments", multiple=True, metavar="FILE", help="A file to keep with it; repeatable.")
@click.option("--state", type=click.Choice(["draft", "ready"]), default="draft", show_default=True)
@common_options
def add(form: str, answers: str, attachments: tuple[str, ...], state: str) -> Answer:
    """Add a record. ANSWERS is JSON shaped like the form; repeats are lists, `_id` and `_order` may be left out."""
    from desktop_app.services.recording import add_record

    wanted = _answers(answers)
    files = [local_file(name, "an attachment") for name in attachments]
    with records() as profile:
        return _added(add_record(profile, form, wanted, files, state))


@record.command()
@click.argument("record_id", metavar="ID")
@click.argument("answers", metavar="ANSWERS")
@click.option("--state", type=click.Choice(["draft", "ready"]), default="draft", show_default=True)
@common_options
def edit(record_id: str, answers: str, state: str) -> Answer:
    """Change some answers; null takes one out; rows of a repeat are found by `_id`."""
    from desktop_app.services.recording import edit_record

    wanted = _answers(answers)
    with records() as profile:
        return _added(edit_record(profile, record_id, wanted, state))


def _versions(two_versions: Any) -> list[dict[str, Any]]:
    return [
        {
            "leaf": pair.leaf,
            "candidates": [
                {"value": c.value, "rev": c.rev, "device": c.device, "branch": c.branch, "utc": c.t.utc}
                for c in pair.candidates
            ],
        }
        for pair in two_versions
    ]


@record.command()
@click.argument("record_id", metavar="ID")
@common_options
def show(record_id: str) -> Answer:
    """One record, whole: the draft if there is one, else what its versions say together."""
    from desktop_app.services.content import leaves
    from desktop_app.services.recording import open_record

    with records() as profile:
        opened = open_record(profile, record_id)
    content = opened.content
    data = {
        "id": opened.id,
        "form": opened.form.id,
        "title": opened.title,
        "reference": opened.reference,
        "answers": content.answers,
        "typed": dict(content.typed),
        "aside": list(content.aside),
        "derived": dict(content.derived),
        "standing": opened.standing,
        "branch": opened.branch,
        "branch_only": content.branch_only,
        "draft": opened.has_draft,
        "two_versions": _versions(opened.two_versions),
        "attachments": [
            {"sha256": b.sha256, "len": b.len, "name": b.name, "type": b.type, "shows_person": b.shows_person}
            for b in content.blobs
        ],
        "links": [asdict(link) for link in content.links],
    }
    lines = [f"{opened.reference}  {opened.title}", opened.standing, ""]
    labels = {question.path: question.label for question in opened.form.questions}
    lines += [f"{labels.get(leaf.template, leaf.path)}: {leaf.value}" for leaf in leaves(content.answers, opened.form)]
    lines += [f"{leaf} (kept as typed): {raw}" for leaf, raw in content.typed.items()]
    lines += [f"Attached: {blob.name} ({blob.len} bytes)" for blob in content.blobs]
    return Answer(data, "\n".join(lines))


@record.command("history")
@click.argument("record_id", metavar="ID")
@common_options
def show_history(record_id: str) -> Answer:
    """Every version of a record, newest first, with what it changed."""
    from desktop_app.services.history import history
    from desktop_app.services.recording import open_record

    with records() as profile:
        open_record(profile, record_id)
        entries = history(profile, record_id)
    data = [
        {
            "rev": entry.rev,
            "who": entry.who,
            "when": entry.when.isoformat(),
            "what": entry.what,
            "reason": entry.reason,
            "changes": [asdict(change) for change in entry.changes],
        }
        for entry in entries
    ]
    lines = []
    for entry in entries:
        why = f": {entry.reason}" if entry.reason else ""
        lines.append(f"{entry.when:%d %B %Y, %H:%M}  {entry.who}  {entry.what}{why}")
        lines += [f"    {c.label}: {c.before or 'nothing'} -> {c.after or 'nothing'}" for c in entry.changes]
    return Answer({"id": record_id, "history": data}, "\n".join(lines) or "Never marked as ready.")


@record.command("take-back")
@click.argument("record_id", metavar="ID")
@common_options
def take_back(record_id: str) -> Answer:
    """Say that a record no longer stands. It stays readable, and the next file tells the office."""
    from desktop_app.services import recording

    with records() as profile:
        rev = recording.take_back(profile, record_id)
    return Answer({"id": record_id, "rev": rev}, "Taken back.")


@record.command()
@common_options
def versions() -> Answer:
    """The records with two versions of an answer, and what each says."""
    from desktop_app.records.standing import Standing
    from desktop_app.services.recording import list_records, open_record
    from desktop_app.storage.projection import Filters

    found = []
    with records() as profile:
        after: str | None = None
        while True:
            page = list_records(profile, Filters(standing=Standing.TWO_VERSIONS.value), 200, after)
            for row in page.rows:
                opened = open_record(profile, row.id)
                if opened.two_versions:
                    found.append((opened, _versions(opened.two_versions)))
            after = page.next
            if after is None:
                break
    data = [
        {"id": opened.id, "form": opened.form.id, "title": opened.title, "two_versions": pairs}
        for opened, pairs in found
    ]
    lines = []
    for opened, pairs in found:
        lines.append(f"{opened.id}  {opened.title}")
        for pair in pairs:
            said = " | ".join(f"{c['branch']}: {c['value'] or 'nothing'}" for c in pair["candidates"])
            lines.append(f"    {pair['leaf'] or 'the record itself'}: {said}")
    return Answer({"records": data}, "\n".join(lines) or "No record has two versions.")


@record.command()
@click.argument("record_id", metavar="ID")
@click.argument("choices", metavar="CHOICES")
@common_options
def choose(record_id: str, choices: str) -> Answer:
    """Settle answers that have two versions. CHOICES is JSON: {"about/area": "one_authority"}; null for none."""
    from desktop_app.services import recording

    wanted = read_json(choices, "choices")
    if not isinstance(wanted, dict):
        raise UsageProblem("The choices are not an object.", do='Write them as {"about/area": "one_authority"}.')
    with records() as profile:
        rev = recording.choose(profile, record_id, wanted)
    return Answer({"id": record_id, "rev": rev}, "Chosen.")


# --- lists ----------------------------------------------------------------------------------------------------------


def _listed(page: Page) -> Answer:
    rows = [
        {
            "id": row.id,
            "form": row.form,
            "title": row.title,
            "authorities": list(row.authorities),
            "when": row.when,
            "standing": row.standing_words,
            "branch": row.branch,
            "two_versions": row.two_versions,
        }
        for row in page.rows
    ]
    text = table(
        [[r.id, r.form, r.when, ", ".join(r.authorities), r.standing_words, r.title[:60]] for r in page.rows], "No records."
    )
    if page.next is not None:
        text += f"\n\nThere are more: add --after {page.next}"
    return Answer({"records": rows, "next": page.next}, text)


def _page_options(function: Any) -> Any:
    function = click.option("--after", metavar="CURSOR", help="Go on where the last page ended.")(function)
    limit = click.IntRange(1, 1000)
    return click.option("--limit", type=limit, default=100, show_default=True, metavar="N")(function)


@record.command("list")
@filter_options
@_page_options
@common_options
def list_all(filters: Filters, limit: int, after: str | None) -> Answer:
    """Records, newest first."""
    from desktop_app.services.filtering import known
    from desktop_app.services.recording import list_records

    with records() as profile:
        return _listed(list_records(profile, known(profile, filters), limit, after))


@click.command()
@click.argument("words", nargs=-1, required=True)
@filter_options
@_page_options
@common_options
def search(words: tuple[str, ...], filters: Filters, limit: int, after: str | None) -> Answer:
    """Records that hold all these words, newest first; the beginning of a word is enough."""
    from desktop_app.services.filtering import known
    from desktop_app.services.recording import search as find

    with records() as profile:
        return _listed(find(profile, " ".join(words), known(profile, filters), limit, after))

