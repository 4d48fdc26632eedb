"""Undo and redo in the session itself: the answers that differ are answered as they were, where no rows came or went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop_app.forms.session import FormSession, Snapshot


def set_back(session: FormSession, target: Snapshot) -> bool:
    """Answer the questions that differ as they were; False when rows came or went (the form is opened anew)."""
    now = session.snapshot()
    before, rows_before = flat(target.answers)
    after, rows_after = flat(now.answers)
    if rows_before != rows_after:
        return False
    before, after = {**before, **dict(target.typed)}, {**after, **dict(now.typed)}
    differing = {leaf for leaf in before.keys() | after.keys() if before.get(leaf) != after.get(leaf)}
    for node in session.nodes():
        if node.leaf in differing:
            session.set(node.path, before.get(node.leaf, ""))
    again = session.snapshot()
    return again.answers == target.answers and dict(again.typed) == dict(target.typed)


def flat(answers: dict[str, Any]) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Answers as leaf path to value, and every row as (leaf path, order)."""
    values: dict[str, str] = {}
    rows: list[tuple[str, str]] = []

    def walk(part: dict[str, Any], at: str) -> None:
        for name, value in part.items():
            if isinstance(value, dict):
                walk(value, f"{at}{name}/")
            elif isinstance(value, list):
                for row in value:
                    here = f"{at}{name}/{row.get('_id', '')}"
                    rows.append((here, row.get("_order", "")))
                    walk(row, f"{here}/")
            elif name not in ("_id", "_order"):
                values[f"{at}{name}"] = value

    walk(answers, "")
    return values, tuple(sorted(rows))
