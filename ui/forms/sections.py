"""A form divided into sections: what stands in the list on the left, and how far each has come.

The division is made from the form alone, so it does not jump about while someone writes; only which sections are shown
follows the answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.forms.definition import FormDefinition, Question
    from desktop_app.forms.session import FormSession, Item

# Beyond this many questions a group is divided (forms.md: at most about 60 live editors).
MOST_IN_ONE = 80
_TYPED = ("text", "integer", "decimal", "date", "time", "datetime", "range")
_BY_HAND = ("geopoint", "geotrace", "geoshape", "barcode")
_CHOSEN = ("select_one", "select_multiple", "rank", "trigger", "boolean", "image", "audio", "video", "file")
ANSWERED_KINDS = frozenset((*_TYPED, *_BY_HAND, *_CHOSEN))


@dataclass(frozen=True)
class Section:
    """One entry of the list: a title, and the paths of the form's parts that stand in it, in order.

    `group` is the path of the group whose relevance shows or hides the section, "" when there is none.
    """

    title: str
    parts: tuple[str, ...]
    group: str = ""

    def holds(self, path: str) -> bool:
        """Whether the question at an instance path stands in this section."""
        plain = without_rows(path)
        return any(plain == part or plain.startswith(f"{part}/") for part in self.parts)


@dataclass(frozen=True)
class Progress:
    """How far a section has come, among the questions that are asked now. ``rows`` counts repeat rows."""

    asked: int
    answered: int
    rows: int

    def words(self) -> str:
        """For the list: "complete", "4 of 6", "2 rows", or nothing for a section not begun."""
        if not self.answered:
            return ""
        if self.rows and self.asked == 1:
            return f"{self.rows} row{'s' if self.rows > 1 else ''}"
        return "complete" if self.answered == self.asked else f"{self.answered} of {self.asked}"


def without_rows(path: str) -> str:
    """An instance path without its row numbers: the question's path in the form."""
    if "[" not in path:
        return path
    return "/".join(step.split("[", 1)[0] for step in path.split("/"))


def divide(form: FormDefinition) -> tuple[Section, ...]:
    """The form's sections: its outer groups, with loose questions between them gathered under the form's title."""
    outer = _shown(form.root)
    while len(outer) == 1 and outer[0].kind == "group" and _count(outer[0]) > MOST_IN_ONE:
        outer = _shown(outer[0])  # a form wrapped in one big group
    return tuple(_divide(outer, form.title or form.id, ""))


def _divide(parts: list[Question], title: str, group: str) -> Iterator[Section]:
    loose: list[Question] = []
    names = 0

    def gathered() -> Iterator[Section]:
        nonlocal names
        for chunk in _chunks(loose):
            names += 1
            yield Section(title if names == 1 else f"{title} ({names})", tuple(q.path for q in chunk), group)
        loose.clear()

    for part in parts:
        if part.kind == "group" and part.label and (not group or _count(part) > MOST_IN_ONE // 4):
            yield from gathered()
            if _count(part) > MOST_IN_ONE:
                yield from _divide(_shown(part), part.label, part.path)
            else:
                yield Section(part.label, (part.path,), part.path)
        elif part.kind == "group" and not part.label and _count(part) > MOST_IN_ONE:
            yield from gathered()
            yield from _divide(_shown(part), title, part.path)
        else:
            loose.append(part)
    yield from gathered()


def _chunks(loose: list[Question]) -> Iterator[list[Question]]:
    chunk: list[Question] = []
    size = 0
    for question in loose:
        weight = _count(question)
        if chunk and size + weight > MOST_IN_ONE:
            yield chunk
            chunk, size = [], 0
        chunk.append(question)
        size += weight
    if chunk:
        yield chunk


def _shown(part: Question) -> list[Question]:
    return [child for child in part.children if is_shown(child)]


def is_shown(question: Question) -> bool:
    """Whether a question, group or repeat has anything to show on the page (calculations have not)."""
    if question.kind in ("group", "repeat"):
        return any(is_shown(child) for child in question.children)
    if is_table_head(question):
        return True
    return question.control and (question.kind in ANSWERED_KINDS or question.kind == "note")


def is_table_head(question: Question) -> bool:
    """Whether a question is only the head of a table (appearances ``label`` and ``table-list``): it takes no answer."""
    return question.kind in ("select_one", "select_multiple") and "label" in question.appearance.split()


def is_table_row(question: Question) -> bool:
    """Whether a question is a row under such a head, which says its choices (appearance ``list-nolabel``)."""
    return question.kind in ("select_one", "select_multiple") and "list-nolabel" in question.appearance.split()


def _count(part: Question) -> int:
    if part.kind in ("group", "repeat"):
        return sum(_count(child) for child in part.children)
    return int(part.kind in ANSWERED_KINDS and not is_table_head(part))


def is_answered(item: Item) -> bool:
    """Whether a question holds an answer, understood or kept as typed."""
    return item.node is not None and bool(item.node.value or item.node.typed)


def walk(session: FormSession, path: str) -> Iterator[Item]:
    """Every question item asked now under a group, repeat or row, rows in order."""
    for item in session.children(path):
        if not item.relevant:
            continue
        if item.kind == "question":
            yield item
        else:
            yield from walk(session, item.path)


def progress(session: FormSession, section: Section) -> Progress:
    """Count a section's questions as they are asked now; a repeat counts as one question."""
    asked = answered = rows = 0
    for item in items_of(session, section):
        part = _progress(session, item)
        asked, answered, rows = asked + part.asked, answered + part.answered, rows + part.rows
    return Progress(asked, answered, rows)


def _progress(session: FormSession, item: Item) -> Progress:
    if not item.relevant:
        return Progress(0, 0, 0)
    if item.kind == "question":
        answered = item.question.kind in ANSWERED_KINDS and not is_table_head(item.question)
        counts = answered and item.node is not None and not item.node.readonly
        return Progress(int(counts), int(counts and is_answered(item)), 0)
    if item.kind == "repeat":
        filled = session.filled(item.path)
        return Progress(1, int(filled > 0), filled)
    parts = [_progress(session, child) for child in session.children(item.path)]
    return Progress(sum(p.asked for p in parts), sum(p.answered for p in parts), sum(p.rows for p in parts))


def items_of(session: FormSession, section: Section) -> list[Item]:
    """The section's parts as the session has them now; the children of a group that is the whole section."""
    if section.parts == (section.group,):
        return session.children(section.group)
    found = []
    for part in section.parts:
        above = part.rsplit("/", 1)[0]
        found += [item for item in session.children(above) if item.path == part]
    return found


def is_asked(session: FormSession, section: Section) -> bool:
    """Whether anything in the section is asked now."""
    if section.group:
        steps = section.group.split("/")
        for end in range(3, len(steps) + 1):
            path = "/".join(steps[:end])
            above = path.rsplit("/", 1)[0]
            if not all(item.relevant for item in session.children(above) if item.path == path):
                return False
    return any(item.relevant and is_shown(item.question) for item in items_of(session, section))
