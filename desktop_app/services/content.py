"""What a record says: its answers and what hangs on them, in the one shape that drafts, pages and revisions share.

``answers`` is nested like the form; a repeat is a list of rows ``{"_id", "_order", ...}``. A *leaf path* names one
answer: ``access_and_consequences/waits/<_id>/wait_weeks`` (design page "Record").
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from desktop_app.errors import NotFound
from desktop_app.forms.definition import FormDefinition
from desktop_app.records.revision import BlobRef, Link
from desktop_app.records.state import RecordState

Answers = dict[str, Any]

# Kept with the record among what its form derives: why it was marked as ready although something was open, and the
# likely names that a person looked at and let stand (JSON: pairs of leaf path and words).
REASON, KEPT_WORDS = "ready_reason", "kept_words"


@dataclass(frozen=True)
class Content:
    """Answers as entered, what was typed but not understood, what was put aside, what the form worked out."""

    answers: Answers = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    derived: Mapping[str, str] = field(default_factory=dict)
    branch_only: bool = False
    blobs: tuple[BlobRef, ...] = ()
    links: tuple[Link, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The JSON a draft row holds."""
        return {
            "answers": self.answers,
            "typed": dict(self.typed),
            "aside": list(self.aside),
            "derived": dict(self.derived),
            "branch_only": self.branch_only,
            "blobs": [asdict(blob) for blob in self.blobs],
            "links": [asdict(link) for link in self.links],
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Content:
        """The inverse of `as_json`."""
        return cls(
            answers=found.get("answers", {}),
            typed=found.get("typed", {}),
            aside=tuple(found.get("aside", ())),
            derived=found.get("derived", {}),
            branch_only=bool(found.get("branch_only", False)),
            blobs=tuple(BlobRef(**blob) for blob in found.get("blobs", ())),
            links=tuple(Link(**link) for link in found.get("links", ())),
        )

    @classmethod
    def of_state(cls, state: RecordState) -> Content:
        """What the record says now, all revisions taken together."""
        return cls(
            answers=copy.deepcopy(dict(state.answers)),
            typed=dict(state.typed),
            aside=tuple(state.aside),
            derived=dict(state.derived),
            branch_only=state.branch_only,
            blobs=tuple(state.blobs),
            links=tuple(state.links),
        )

    def with_answer(self, leaf: str, value: str | None) -> Content:
        """The same content with one answer changed (``None`` takes it out)."""
        answers = copy.deepcopy(self.answers)
        _put(answers, leaf.split("/"), value)
        return replace(self, answers=answers)

    def without_row(self, row_id: str) -> Content:
        """The same content without the repeat row of this ``_id``, wherever it stands. Raises `NotFound`."""
        answers = copy.deepcopy(self.answers)
        if not _drop_row(answers, row_id):
            raise NotFound("That line is no longer there.", safe="Nothing was changed.")
        return replace(
            self,
            answers=answers,
            typed={leaf: raw for leaf, raw in self.typed.items() if f"/{row_id}/" not in leaf},
            aside=tuple(leaf for leaf in self.aside if f"/{row_id}/" not in leaf),
        )


class Leaf(NamedTuple):
    """One answer: its leaf path, its question's path without row numbers (``/data/...``), and its value."""

    path: str
    template: str
    value: str


def leaves(answers: Mapping[str, Any], form: FormDefinition | None, *, by_name: bool = False) -> Iterator[Leaf]:
    """Every answer in ``answers``, rows in their order; templates begin with the root of ``form``, whatever its name.

    ``by_name``: in the order of names, as a revision's bytes have them, and so the same for a draft.
    """
    yield from _leaves(answers, "", form.root.path if form is not None else "", by_name)


def _leaves(part: Mapping[str, Any], leaf: str, template: str, by_name: bool) -> Iterator[Leaf]:
    for name, value in sorted(part.items()) if by_name else part.items():
        if name in ("_id", "_order"):
            continue
        here, there = f"{leaf}{name}", f"{template}/{name}"
        if isinstance(value, str):
            if value:
                yield Leaf(here, there, value)
        elif isinstance(value, list):
            for row in sorted(value, key=_place) if len(value) > 1 else value:
                yield from _leaves(row, f"{here}/{row.get('_id', '')}/", there, by_name)
        elif isinstance(value, Mapping):
            yield from _leaves(value, f"{here}/", there, by_name)
        elif value is not None:
            yield Leaf(here, there, str(value))


def _place(row: Mapping[str, Any]) -> tuple[str, str]:
    return row.get("_order", ""), row.get("_id", "")


def value_at(answers: Mapping[str, Any], leaf: str) -> str:
    """The answer at a leaf path, ``""`` when there is none."""
    part: Any = answers
    for step in leaf.split("/"):
        if isinstance(part, list):
            part = next((row for row in part if row.get("_id") == step), {})
        elif isinstance(part, Mapping):
            part = part.get(step, {})
        else:
            return ""
    return part if isinstance(part, str) else ""


def _put(part: Any, steps: list[str], value: str | None) -> None:
    head, rest = steps[0], steps[1:]
    if isinstance(part, list):
        row = next((r for r in part if r.get("_id") == head), None)
        if row is None:
            raise NotFound("That line is no longer there.", safe="Nothing was changed.")
        _put(row, rest, value)
    elif rest:
        _put(part.setdefault(head, {}), rest, value)
    elif value in (None, ""):
        part.pop(head, None)
    else:
        part[head] = value


def _drop_row(part: Any, row_id: str) -> bool:
    if isinstance(part, list):
        for index, row in enumerate(part):
            if row.get("_id") == row_id:
                del part[index]
                return True
            if _drop_row(row, row_id):
                return True
        return False
    if isinstance(part, dict):
        return any(_drop_row(value, row_id) for value in part.values() if isinstance(value, (dict, list)))
    return False
