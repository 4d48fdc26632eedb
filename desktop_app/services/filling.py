"""Putting answers given as JSON through the form, exactly as if a person had typed them one by one.

Used by ``record add``, ``record edit``, the demonstration and meetings; the window types into a `FormSession` itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desktop_app.errors import FormError, UsageProblem
from desktop_app.forms.answers import understood
from desktop_app.forms.session import FormSession
from desktop_app.forms.views import Node

_ROW_MEMBERS = ("_id", "_order")


def fill(session: FormSession, answers: Mapping[str, Any]) -> None:
    """Type ``answers`` (shaped like the form) into ``session``.

    A leaf may be text, a number, a list of choice names or ``None`` (clear it). A repeat is a list of rows; a row whose
    ``_id`` is known is changed, any other is added. What a question refuses is kept as typed, as in the window.
    The order of the JSON does not matter: questions are answered in the form's order, and rows of a repeat that another
    answer brings up come last. Raises `UsageProblem` for a name the form does not have, or rows it does not ask for.
    """
    later: list[tuple[str, Any]] = []
    _fill_group(session, session.form.root.path, answers, later)
    for path, rows in later:
        try:
            _fill_rows(session, path, rows, [])
        except FormError as problem:
            raise UsageProblem(
                f"{path} is not asked, as the other answers stand.",
                safe="Nothing was recorded.",
                do="Give the answer that brings it up (in an evidence record: about/topics), or leave it out.",
                code="E-NOTASKED",
            ) from problem


def _fill_group(session: FormSession, path: str, answers: Mapping[str, Any], later: list[tuple[str, Any]]) -> None:
    items = {item.question.name: item for item in session.children(path)}
    order = {name: number for number, name in enumerate(items)}
    for name, value in sorted(answers.items(), key=lambda answer: order.get(answer[0], -1)):
        if name in _ROW_MEMBERS:
            continue
        item = items.get(name)
        if item is None:
            raise UsageProblem(
                f"The form has no question “{name}” in {path}.",
                safe="Nothing was recorded.",
                do=f"The names there are: {', '.join(items) or 'none'}.",
                code="E-NOQUESTION",
            )
        if item.kind == "group":
            _fill_group(session, item.path, _mapping(item.path, value), later)
        elif item.kind == "repeat" and not item.relevant:
            later.append((item.path, value))
        elif item.kind == "repeat":
            _fill_rows(session, item.path, value, later)
        else:
            _fill_leaf(session, item.path, value)


def _fill_rows(session: FormSession, path: str, rows: Any, later: list[tuple[str, Any]]) -> None:
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise UsageProblem(f"{path} repeats: give a list of rows.", safe="Nothing was recorded.", code="E-NOQUESTION")
    known: dict[str | None, str] = {}
    empty: list[str] = []
    count = -1
    for row in rows:
        there = session.children(path)
        # At first, and when an answer brought rows up: to look at all of them for each row takes minutes.
        if len(there) != count:
            known = _ids(session, path)
            empty = [item.path for item in there]
        wanted = row.get("_id")
        if wanted in known and wanted is not None:
            target = known[wanted]
        else:
            while empty and not _is_untouched(session, empty[0]):
                del empty[0]
            target = empty.pop(0) if empty else session.add(path)
        count = max(len(there), _number(target))
        _fill_group(session, target, _mapping(target, row), later)


def _fill_leaf(session: FormSession, path: str, value: Any) -> None:
    text = as_text(path, value)
    if not text:
        session.clear(path)
        return
    question = session.node(path).question
    canonical = understood(question.kind, text, money=question.be.get("role") == "money").value
    session.set(path, canonical if canonical is not None else text)


def as_text(path: str, value: Any) -> str:
    """A JSON leaf as the text an answer is. Raises `UsageProblem` for an object."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, str)):
        return str(value)
    if isinstance(value, Sequence):
        return " ".join(as_text(path, part) for part in value)
    raise UsageProblem(f"{path} takes one answer, not a group.", safe="Nothing was recorded.", code="E-NOQUESTION")


def _mapping(path: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageProblem(
            f"{path} holds questions: give an object.", safe="Nothing was recorded.", code="E-NOQUESTION"
        )
    return value


def _ids(session: FormSession, path: str) -> dict[str | None, str]:
    """The path of each row of a repeat by its id."""
    found: dict[str | None, str] = {}
    for node in session.nodes():
        if node.path.startswith(f"{path}["):
            row_path = f"{path}{node.path.removeprefix(path).partition(']')[0]}]"
            steps, names = node.leaf.split("/"), node.path.removeprefix(row_path).count("/")
            found.setdefault(steps[-names - 1] if len(steps) > names else None, row_path)
    return found


def _number(row_path: str) -> int:
    return int(row_path.rpartition("[")[2].rstrip("]"))


def _is_untouched(session: FormSession, path: str) -> bool:
    """A row the form made itself and nobody has filled: the first given row goes there."""
    inside = list(_nodes_in(session, path))
    return bool(inside) and not any(node.value or node.typed for node in inside)


def _nodes_in(session: FormSession, path: str) -> Iterator[Node]:
    for item in session.children(path):
        if item.node is not None:
            yield item.node
        else:
            yield from _nodes_in(session, item.path)
