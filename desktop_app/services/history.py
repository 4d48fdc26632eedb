"""Every version of a record: who made it, when, and what it changed, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.earlier import EARLIER, earlier_answers
from desktop_app.forms.wording import in_words
from desktop_app.records.revision import Signed
from desktop_app.storage import laptops, revisions

from .content import REASON, leaves
from .profile import Profile


@dataclass(frozen=True)
class Change:
    """One answer, before and after, in words; ``""`` where there was or is none."""

    leaf: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryEntry:
    """One version. ``what`` is what happened to the record, such as "Marked as ready".

    ``reason``: why it was marked as ready although something was open, in the person's words; mostly empty.
    """

    rev: str
    who: str
    when: datetime
    what: str
    changes: tuple[Change, ...]
    reason: str = ""


_WHAT = {"put": "Marked as ready", "withdraw": "Taken back", "resolve": "Two versions settled"}


def history(profile: Profile, record: str) -> list[HistoryEntry]:
    """The versions of a record, newest first by the clocks of the devices that made them (display only)."""
    signed = {s.id: s for s in revisions.of_record(profile.store, record)}
    devices = {device.id: device for device in laptops.devices(profile.store)}
    entries = []
    for version in signed.values():
        device = devices.get(version.revision.device)
        who = (device.name or device.branch) if device else version.revision.branch
        if version.revision.role:
            who = f"{who}, {version.revision.role.replace('_', ' ')}"
        parents = [signed[p] for p in version.revision.parents if p in signed]
        form = profile.forms.package(version.revision.form.package)
        when = datetime.fromisoformat(version.revision.t.utc.replace("Z", "+00:00"))
        entries.append(
            HistoryEntry(
                version.id,
                who,
                when,
                _WHAT.get(version.revision.op, ""),
                _changes(form, parents, version),
                version.revision.derived.get(REASON, "") if version.revision.op == "put" else "",
            )
        )
    return sorted(entries, key=lambda e: (e.when, signed[e.rev].revision.t.counter, e.rev), reverse=True)


def _changes(form: FormDefinition, parents: list[Signed], version: Signed) -> tuple[Change, ...]:
    questions = {question.path: question for question in form.questions}
    before: dict[str, str] = {}
    for parent in parents:
        before.update({leaf.path: leaf.value for leaf in leaves(parent.revision.answers, form)})
    after = {leaf.path: leaf for leaf in leaves(version.revision.answers, form)}
    # An answer that only moved under "earlier", with a new version of the form, was changed by nobody.
    kept = {f"{EARLIER}/{found.leaf}/value" for found in earlier_answers(version.revision.answers)}
    moved = {path for path in before if f"{EARLIER}/{path}/value" in kept}
    templates = {leaf.path: leaf.template for parent in parents for leaf in leaves(parent.revision.answers, form)}
    templates |= {path: leaf.template for path, leaf in after.items()}
    found = []
    for path, template in templates.items():
        old, new = before.get(path, ""), after[path].value if path in after else ""
        if old == new or path in moved or path.startswith(f"{EARLIER}/"):
            continue
        question = questions.get(template)
        label = question.label if question else path
        found.append(
            Change(
                path,
                label,
                in_words(form, question, old) if question else old,
                in_words(form, question, new) if question else new,
            )
        )
    return tuple(found)
