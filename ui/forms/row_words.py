"""What names a row of a repeat, and what is said of it in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.forms.wording import in_words
from ui.forms.sections import is_answered, walk

if TYPE_CHECKING:
    from desktop_app.forms.definition import Question
    from desktop_app.forms.session import FormSession, Item


def row_id(session: FormSession, row: Item) -> str:
    """What names a repeat row for good: its place in the leaf path of any question in it (record.md: ``_id``)."""
    for item in _leaves(session, row.path):
        if item.node is not None:
            names = item.path.removeprefix(row.path).count("/")
            return item.node.leaf.split("/")[-names - 1 - item.path.removeprefix(row.path).count("[")]
    return row.path


def is_untouched(session: FormSession, path: str) -> bool:
    """Whether nothing in a row has been answered (a form makes its first row itself)."""
    return not any(is_answered(item) for item in walk(session, path))


def _leaves(session: FormSession, path: str) -> list[Item]:
    found: list[Item] = []
    for item in session.children(path):
        if item.kind == "question":
            return [item]
        found += _leaves(session, item.path)
        if found:
            return found
    return found


def row_words(session: FormSession, path: str, most: int = 4) -> str:
    """What a row says, in a line: its first answers in words."""
    said: list[str] = []
    for item in walk(session, path):
        if is_answered(item) and len(said) < most:
            said.append(_short(session, item.question, item.node.value or item.node.typed or ""))  # type: ignore[union-attr]
    return " · ".join(said)


def _short(session: FormSession, question: Question, value: str) -> str:
    words = " ".join(in_words(session.form, question, value).split())
    unit = question.be.get("unit", "")
    words = f"{words} {unit}" if unit else words
    return words if len(words) <= 60 else f"{words[:57].rstrip()}…"
