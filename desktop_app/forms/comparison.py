"""What changed between two versions of a form, in words: questions, choices, rules, hints, kinds, sections, lists.

A question is the same question when it stands at the same place, or when it is the only one of its name in both
versions and has the same kind (it was *moved*). record.md: leaves without a question move under ``earlier``; those
are the ones reported here as removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .definition import FormDefinition, Question
from .rule_texts import RULES, rule_texts
from .wording import choice_labels

ChangeKind = Literal[
    "title", "added", "removed", "moved", "reworded", "hint", "type", "choices", "rule", "section", "list"
]
_MOST_NAMED = 6
_KIND_WORDS = {
    "text": "text", "integer": "a whole number", "decimal": "a number", "date": "a date", "time": "a time",
    "datetime": "a date and time", "select_one": "one choice", "select_multiple": "any number of choices",
    "rank": "choices in order", "note": "words to read", "group": "a section", "repeat": "rows",
    "range": "a number on a scale", "trigger": "a tick", "image": "a picture", "audio": "a sound file",
    "video": "a film", "file": "a file", "geopoint": "a place", "geotrace": "a line on the map",
    "geoshape": "an area on the map", "barcode": "a barcode", "boolean": "yes or no", "calculate": "worked out",
}  # fmt: skip
_RULE_WORDS = {
    "relevant": ("is asked only when {}", "is always asked"),
    "required": ("needs an answer when {}", "may be left empty"),
    "readonly": ("cannot be changed when {}", "can be changed"),
    "constraint": ("takes only answers for which {}", "takes any answer"),
    "calculate": ("is worked out as {}", "is not worked out any more"),
    "choice_filter": ("offers the choices for which {}", "offers all its choices"),
}


@dataclass(frozen=True)
class Change:
    """One difference. ``words`` is a whole sentence; ``before`` and ``after`` hold texts that were replaced."""

    kind: ChangeKind
    path: str
    label: str
    words: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two versions of a form, and what differs, in the order of the new one; what went comes last."""

    form: str
    old_version: str
    new_version: str
    changes: tuple[Change, ...]

    def of_kind(self, kind: ChangeKind) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind == kind)

    def summary(self) -> str:
        """ "2 questions added, 1 removed, 3 changed", or that nothing a person sees is different."""
        if not self.changes:
            return "Nothing that people see or that is worked out has changed."
        added, removed = len(self.of_kind("added")), len(self.of_kind("removed"))
        changed = len({change.path for change in self.changes if change.kind not in ("added", "removed")})
        parts = []
        if added:
            parts.append(f"{added} question{'s' if added > 1 else ''} added")
        if removed:
            parts.append(f"{removed} {'' if parts else 'question' + ('s ' if removed > 1 else ' ')}removed")
        if changed:
            parts.append(f"{changed} {'' if parts else 'place' + ('s ' if changed > 1 else ' ')}changed")
        return ", ".join(parts) + "."


def compare(old: FormDefinition, new: FormDefinition) -> Comparison:
    """What a person who knows ``old`` has to know about ``new``."""
    return Comparison(new.id, old.version, new.version, tuple(_changes(old, new)))


def moves(old: FormDefinition, new: FormDefinition) -> dict[str, str]:
    """Template paths of questions that stand elsewhere now: path in ``old`` to path in ``new``.

    Only leaves whose name is the only one of its kind in both versions, and that stand in the same rows as before.
    """
    gone = _lone(old, new)
    come = _lone(new, old)
    found = {}
    for name, question in gone.items():
        other = come.get(name)
        if other is None or other.kind != question.kind or rows_above(old, question) != rows_above(new, other):
            continue
        if inside(old, question.path) != inside(new, other.path):
            found[question.path] = other.path
    return found


def inside(form: FormDefinition, path: str) -> str:
    """A template path below the root, whatever the root is called."""
    return path[len(form.root.path) :]


def rows_above(form: FormDefinition, question: Question) -> tuple[str, ...]:
    """The repeats a question stands in, as paths below the root."""
    steps = inside(form, question.path).strip("/").split("/")[:-1]
    found = []
    for end in range(1, len(steps) + 1):
        path = "/".join(("", *steps[:end]))
        if form.question(form.root.path + path).kind == "repeat":
            found.append(path)
    return tuple(found)


def asked(question: Question) -> bool:
    """A leaf that a person answers or reads, with words of its own."""
    return question.control and not question.children and question.kind != "calculate"


def _lone(form: FormDefinition, other: FormDefinition) -> dict[str, Question]:
    """The asked questions whose path the other version has not, by name; names that occur twice are left out."""
    theirs = {inside(other, question.path) for question in other.questions}
    names = Counter(question.name for question in form.questions if asked(question))
    return {
        question.name: question
        for question in form.questions
        if asked(question) and names[question.name] == 1 and inside(form, question.path) not in theirs
    }


def _changes(old: FormDefinition, new: FormDefinition) -> Iterator[Change]:
    if old.title != new.title:
        yield Change("title", new.root.path, new.title, "The form has a new title.", old.title, new.title)
    moved = {new_path: old_path for old_path, new_path in moves(old, new).items()}
    before = {inside(old, question.path): question for question in old.questions}
    after = {inside(new, question.path): question for question in new.questions}
    old_rules, new_rules = rule_texts(old), rule_texts(new)
    left_behind = {inside(old, path) for path in moved.values()}
    for path, question in after.items():
        was = before.get(path)
        if was is None and question.path in moved:
            was = old.question(moved[question.path])
            yield Change(
                "moved", question.path, _name(question), f"“{_name(question)}” has moved.",
                _where(old, was), _where(new, question),
            )  # fmt: skip
        if was is None or bool(was.children) != bool(question.children):
            yield from _added(new, question)
            continue
        yield from _differences(old, was, new, question)
        yield from _rules(question, old_rules.get(inside(old, was.path), {}), new_rules.get(path, {}))
    yield from _reordered(old, new)
    yield from _lists(old, new)
    for path, question in before.items():
        now = after.get(path)
        if (now is None or bool(now.children) != bool(question.children)) and path not in left_behind:
            yield from _removed(old, question)


def _added(form: FormDefinition, question: Question) -> Iterator[Change]:
    if asked(question):
        kind = _KIND_WORDS.get(question.kind, question.kind)
        words = f"New question{_in(form, question)}: “{_name(question)}” ({kind})."
        yield Change("added", question.path, _name(question), words)
    elif question.children and question.label:
        yield Change("section", question.path, question.label, f"New section: “{question.label}”.")


def _removed(form: FormDefinition, question: Question) -> Iterator[Change]:
    if asked(question):
        kept = "" if question.kind == "note" else " Answers given before are kept, with its words."
        words = f"No longer asked{_in(form, question)}: “{_name(question)}”.{kept}"
        yield Change("removed", question.path, _name(question), words)
    elif question.children and question.label:
        yield Change("section", question.path, question.label, f"The section “{question.label}” has gone.")


def _differences(old: FormDefinition, was: Question, new: FormDefinition, now: Question) -> Iterator[Change]:
    name = _name(now)
    if was.kind != now.kind:
        before, after = (_KIND_WORDS.get(kind, kind) for kind in (was.kind, now.kind))
        words = f"“{name}” takes another kind of answer: {after}, before {before}."
        yield Change("type", now.path, name, words, before, after)
    if was.label != now.label:
        what = "section has a new title" if now.children else "question has new words"
        yield Change("section" if now.children else "reworded", now.path, name, f"The {what}.", was.label, now.label)
    if was.hint != now.hint:
        words = "has no hint any more" if not now.hint else "has a hint now" if not was.hint else "has another hint"
        yield Change("hint", now.path, name, f"“{name}” {words}.", was.hint, now.hint)
    if now.kind in ("select_one", "select_multiple", "rank"):
        yield from _choices(old, was, new, now)


def _choices(old: FormDefinition, was: Question, new: FormDefinition, now: Question) -> Iterator[Change]:
    if was.list_file and now.list_file == was.list_file:
        return  # reported once, as a list
    before, after = choice_labels(old, was), choice_labels(new, now)
    if list(before.items()) == list(after.items()):
        return
    said = _words_of_lists(before, after)
    if not said and list(before) != list(after):
        said = "the choices stand in another order"
    yield Change(
        "choices", now.path, _name(now), f"“{_name(now)}” has other choices: {said}.",
        "; ".join(before.values()), "; ".join(after.values()),
    )  # fmt: skip


def _words_of_lists(before: dict[str, str], after: dict[str, str]) -> str:
    come = [label for name, label in after.items() if name not in before]
    gone = [label for name, label in before.items() if name not in after]
    other = [f"“{before[name]}” is now “{label}”" for name, label in after.items() if before.get(name, label) != label]
    parts = []
    if come:
        parts.append(f"new {_some(come)}")
    if gone:
        parts.append(f"gone {_some(gone)}")
    if other:
        parts.append("; ".join(other[:_MOST_NAMED]) + (f"; and {len(other) - _MOST_NAMED} more" * (len(other) > 6)))
    return "; ".join(parts)


def _some(labels: list[str]) -> str:
    shown = ", ".join(f"“{label}”" for label in labels[:_MOST_NAMED])
    return f"{shown} and {len(labels) - _MOST_NAMED} more" if len(labels) > _MOST_NAMED else shown


def _rules(question: Question, before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for rule in RULES:
        was, now = before.get(rule, ""), after.get(rule, "")
        if was != now:
            with_rule, without = _RULE_WORDS[rule]
            said = with_rule.format(now) if now else without
            said = "needs an answer" if rule == "required" and now == "true()" else said
            said = "cannot be changed" if rule == "readonly" and now == "true()" else said
            yield Change("rule", question.path, _name(question), f"“{_name(question)}” {said}.", was, now)


def _reordered(old: FormDefinition, new: FormDefinition) -> Iterator[Change]:
    """Questions that stand at another place among the same neighbours: as few as explain the new order."""
    for parent in (new.root, *new.questions):
        path = inside(new, parent.path)
        was = old.root if parent is new.root else _at(old, path)
        if was is None or not parent.children:
            continue
        order = {child.name: place for place, child in enumerate(was.children)}
        both = [child for child in parent.children if child.name in order and (asked(child) or child.children)]
        stays = _longest_rising([order[child.name] for child in both])
        for place, child in enumerate(both):
            if place not in stays:
                after = f"after “{_name(both[place - 1])}”" if place else "first"
                yield Change("moved", child.path, _name(child), f"“{_name(child)}” now stands {after}.")


def _longest_rising(numbers: list[int]) -> frozenset[int]:
    """The places of a longest rising run; what is left out is what was moved."""
    best: list[tuple[int, int]] = []  # by place: length of the run that ends here, the place before it
    for place, number in enumerate(numbers):
        length, previous = 1, -1
        for earlier in range(place):
            if numbers[earlier] < number and best[earlier][0] + 1 > length:
                length, previous = best[earlier][0] + 1, earlier
        best.append((length, previous))
    at = max(range(len(best)), key=lambda place: best[place][0], default=-1)
    found = set()
    while at >= 0:
        found.add(at)
        at = best[at][1]
    return frozenset(found)


def _lists(old: FormDefinition, new: FormDefinition) -> Iterator[Change]:
    for name in sorted({*old.lists, *new.lists}):
        was, now = old.lists.get(name), new.lists.get(name)
        if was == now:
            continue
        if was is None or now is None:
            yield Change("list", name, name, f"The list {name} {'is new' if was is None else 'is not used any more'}.")
            continue
        before, after = was.decode("utf-8", "replace").splitlines(), now.decode("utf-8", "replace").splitlines()
        come, gone = len(set(after) - set(before)), len(set(before) - set(after))
        words = f"The list {name} has changed: {come} lines new or altered, {gone} gone or altered."
        yield Change("list", name, name, words)


def _at(form: FormDefinition, path: str) -> Question | None:
    try:
        return form.question(form.root.path + path)
    except KeyError:
        return None


def _name(question: Question) -> str:
    return " ".join(question.label.split()) or question.name


def _where(form: FormDefinition, question: Question) -> str:
    """The titles of the sections around a question, outermost first."""
    steps = inside(form, question.path).strip("/").split("/")[:-1]
    titles = [form.question(form.root.path + "/" + "/".join(steps[: n + 1])).label for n in range(len(steps))]
    return " › ".join(title for title in titles if title) or form.title


def _in(form: FormDefinition, question: Question) -> str:
    where = _where(form, question)
    return f" in “{where}”" if where != form.title else ""
