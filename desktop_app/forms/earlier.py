"""Taking the answers of a record on to a newer version of its form (record.md, "A new form version").

An answer whose question is still there stays; one whose question was moved goes with it; one whose question has gone
moves under ``earlier``, at the leaf path it had, with the words it was asked in:

    {"earlier": {"about": {"old_question": {"label": "…", "value": "yes", "words": "Yes"}}}}

``words`` is there only when it says more than the value does. A question that comes back finds its answer again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .comparison import inside, moves, rows_above
from .definition import FormDefinition, Question
from .wording import in_words

EARLIER = "earlier"
_OF_ROW = ("_id", "_order")


@dataclass(frozen=True)
class Earlier:
    """One answer to a question the form no longer asks. ``leaf``: the leaf path it had; ``value``: as stored."""

    leaf: str
    label: str
    value: str
    words: str


@dataclass(frozen=True)
class Moved:
    """The answers of a record as a newer form holds them, and what was typed beside them."""

    answers: dict[str, Any]
    typed: dict[str, str]


def taken_on(answers: Mapping[str, Any], typed: Mapping[str, str], old: FormDefinition, new: FormDefinition) -> Moved:
    """``answers`` and ``typed`` of a record filled with ``old``, as ``new`` holds them. Nothing is lost."""
    return _Moving(old, new).run(answers, typed)


def earlier_answers(answers: Mapping[str, Any]) -> list[Earlier]:
    """The answers to questions of an earlier form, in stored order."""
    kept = answers.get(EARLIER)
    return list(_found(kept, ())) if isinstance(kept, Mapping) else []


def _found(part: Mapping[str, Any], way: tuple[str, ...]) -> Iterator[Earlier]:
    value = part.get("value")
    if way and isinstance(value, str):
        yield Earlier("/".join(way), str(part.get("label") or way[-1]), value, str(part.get("words") or value))
        return
    for name, inner in part.items():
        if name in _OF_ROW:
            continue
        here = (*way, str(name))
        if isinstance(inner, Mapping):
            yield from _found(inner, here)
        elif isinstance(inner, list):
            for number, row in enumerate(inner, 1):
                if isinstance(row, Mapping):
                    yield from _found(row, (*here, str(row.get("_id") or number)))
        elif inner not in (None, ""):
            # Kept by a program that wrote no label down.
            yield Earlier("/".join(here), str(name), str(inner), str(inner))


class _Moving:
    def __init__(self, old: FormDefinition, new: FormDefinition) -> None:
        self._old = old
        self._new = new
        self._there = {inside(new, question.path): question for question in new.questions}
        self._before = {inside(old, question.path): question for question in old.questions}
        self._moved = {inside(old, path): inside(new, target) for path, target in moves(old, new).items()}
        self._earlier: dict[str, Any] = {}
        self._elsewhere: list[tuple[tuple[str, ...], str]] = []

    def run(self, answers: Mapping[str, Any], typed: Mapping[str, str]) -> Moved:
        kept = self._part({key: value for key, value in answers.items() if key != EARLIER}, "", ())
        for steps, value in self._elsewhere:
            _put(kept, steps, value)
        beside = self._typed(typed, answers)
        before = answers.get(EARLIER)
        if isinstance(before, Mapping):
            for old in _found(before, ()):
                template = "/" + old.leaf
                if self._is_leaf(template) and not self._rows(self._new, template) and not _at(kept, old.leaf):
                    _put(kept, tuple(old.leaf.split("/")), old.value)
                else:
                    self._keep(tuple(old.leaf.split("/")), old.label, old.value, old.words)
        if self._earlier:
            kept[EARLIER] = self._earlier
        return Moved(kept, beside)

    def _part(self, part: Mapping[str, Any], template: str, way: tuple[str, ...]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for name, value in part.items():
            here, there = f"{template}/{name}", (*way, name)
            if name in _OF_ROW:
                kept[name] = value
            elif isinstance(value, Mapping):
                inner = self._part(value, here, there)
                if inner:
                    kept[name] = inner
            elif isinstance(value, list):
                rows = [self._part(row, here, (*there, str(row.get("_id", "")))) for row in value]
                question = self._there.get(here)
                if question is not None and question.kind == "repeat":
                    kept[name] = rows
            elif self._stays(here):
                kept[name] = value
            elif here in self._moved:
                self._elsewhere.append((self._steps(there, here), str(value)))
            elif value not in (None, ""):
                self._set_aside(there, here, str(value))
        return kept

    def _stays(self, template: str) -> bool:
        return self._is_leaf(template) and self._rows(self._old, template) == self._rows(self._new, template)

    def _is_leaf(self, template: str) -> bool:
        question = self._there.get(template)
        return question is not None and not question.children and question.kind not in ("group", "repeat")

    def _rows(self, form: FormDefinition, template: str) -> tuple[str, ...]:
        question = (self._there if form is self._new else self._before).get(template)
        return rows_above(form, question) if question is not None else ()

    def _steps(self, way: tuple[str, ...], template: str) -> tuple[str, ...]:
        """Where a moved answer goes: the new names, with the row ids of the old place."""
        ids = [step for step, name in _with_rows(way, template) if name is None]
        steps: list[str] = []
        path = ""
        for name in self._moved[template].strip("/").split("/"):
            path += f"/{name}"
            steps.append(name)
            question = self._there.get(path)
            if question is not None and question.kind == "repeat" and ids:
                steps.append(ids.pop(0))
        return tuple(steps)

    def _set_aside(self, way: tuple[str, ...], template: str, value: str) -> None:
        question: Question | None = self._before.get(template)
        label = " ".join(question.label.split()) if question is not None else ""
        words = in_words(self._old, question, value) if question is not None else value
        self._keep(way, label or way[-1], value, words)

    def _keep(self, way: tuple[str, ...], label: str, value: str, words: str) -> None:
        entry = {"label": label, "value": value}
        if words and words != value:
            entry["words"] = words
        here = self._earlier
        for step in way[:-1]:
            here = here.setdefault(step, {})
        here[way[-1]] = entry

    def _typed(self, typed: Mapping[str, str], answers: Mapping[str, Any]) -> dict[str, str]:
        """What was typed goes where the answer beside it goes."""
        kept = {}
        for leaf, raw in typed.items():
            template, way = _template(leaf, answers), tuple(leaf.split("/"))
            if self._stays(template):
                kept[leaf] = raw
            elif template in self._moved:
                kept["/".join(self._steps(way, template))] = raw
            else:
                self._set_aside(way, template, raw)
        return kept


def _with_rows(way: tuple[str, ...], template: str) -> Iterator[tuple[str, str | None]]:
    """Every step of a leaf path with its name in the template, or None for the id of a row."""
    names = template.strip("/").split("/")
    at = 0
    for step in way:
        if at < len(names) and step == names[at]:
            yield step, names[at]
            at += 1
        else:
            yield step, None


def _template(leaf: str, answers: Mapping[str, Any]) -> str:
    """The path of a leaf below the root, without its row ids."""
    part: Any = answers
    found = ""
    for step in leaf.split("/"):
        if isinstance(part, list):
            part = next((row for row in part if row.get("_id") == step), {})
            continue
        found += f"/{step}"
        part = part.get(step, {}) if isinstance(part, Mapping) else {}
    return found


def _put(part: dict[str, Any], steps: tuple[str, ...], value: str) -> None:
    """Puts one answer at its steps; an answer that is already there stays."""
    here: Any = part
    for step in steps[:-1]:
        if isinstance(here, list):
            here = next((row for row in here if row.get("_id") == step), None)
            if here is None:
                return
        else:
            here = here.setdefault(step, {})
    if isinstance(here, dict):
        here.setdefault(steps[-1], value)


def _at(part: Mapping[str, Any], leaf: str) -> Any:
    here: Any = part
    for step in leaf.split("/"):
        here = here.get(step) if isinstance(here, Mapping) else None
    return here
