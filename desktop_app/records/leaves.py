"""The entered leaves of an answers object by their paths, and back: what versions are compared by."""

from __future__ import annotations

from typing import Any, NamedTuple

ROW_MEMBERS = ("_id", "_order")


class Row(NamedTuple):
    """A step of a leaf path into the repeat row with this ``_id``."""

    id: str


Step = str | Row
Path = tuple[Step, ...]


def leaf_name(path: Path) -> str:
    """A path as the rest of the program writes it: ``waits/<_id>/wait_weeks``."""
    return "/".join(step.id if isinstance(step, Row) else step for step in path)


def flatten(answers: dict[str, Any]) -> dict[Path, str]:
    """The entered leaves of an answers object, each row with a leaf ``_id`` of its own."""
    leaves: dict[Path, str] = {}

    def walk(group: dict[str, Any], at: Path) -> None:
        for name, item in group.items():
            if isinstance(item, dict):
                walk(item, (*at, name))
            elif isinstance(item, list):
                for row in item:
                    here = (*at, name, Row(row["_id"]))
                    leaves[(*here, "_id")] = row["_id"]
                    walk({k: v for k, v in row.items() if k != "_id"}, here)
            elif item != "":
                leaves[(*at, name)] = item

    walk(answers, ())
    return leaves


def unflatten(leaves: dict[Path, str]) -> dict[str, Any]:
    """The answers object of these leaves, rows in order. A leaf whose place is a group goes under ``earlier``."""
    root: dict[str, Any] = {}
    rows: dict[int, dict[str, dict[str, Any]]] = {}
    homeless: dict[str, str] = {}
    for path in sorted(leaves, key=path_key):
        value = leaves[path]
        group: Any = root
        for index, step in enumerate(path[:-1]):
            if isinstance(step, Row):
                made = rows[id(group)]
                if step.id not in made:
                    made[step.id] = {"_id": step.id}
                    group.append(made[step.id])
                group = made[step.id]
                continue
            follows = path[index + 1]
            kind = list if isinstance(follows, Row) else dict
            if step not in group:
                group[step] = kind()
                if kind is list:
                    rows[id(group[step])] = {}
            if not isinstance(group[step], kind):
                group = None
                break
            group = group[step]
        name = path[-1]
        if group is None or not isinstance(name, str) or isinstance(group.get(name), dict | list):
            homeless[leaf_name(path)] = value
        else:
            group[name] = value
    _sort_rows(root)
    if homeless:
        key = "earlier"
        while not isinstance(root.get(key, {}), dict):
            key += "_"
        taken = root.setdefault(key, {})
        taken.update({name: value for name, value in homeless.items() if name not in taken})
    return root


def path_key(path: Path) -> tuple[tuple[bool, str], ...]:
    """For sorting paths, in which steps are of two kinds."""
    return tuple((isinstance(step, Row), step.id if isinstance(step, Row) else step) for step in path)


def _sort_rows(group: dict[str, Any]) -> None:
    for item in group.values():
        if isinstance(item, list):
            item.sort(key=lambda row: (str(row.get("_order", "")), row["_id"]))
            for row in item:
                _sort_rows(row)
        elif isinstance(item, dict):
            _sort_rows(item)


def in_order(group: dict[str, Any]) -> dict[str, Any]:
    """The entered leaves of a group by name, rows by their place; what holds no leaf is left out."""
    made: dict[str, Any] = {}
    for name in sorted(group):
        item = group[name]
        if isinstance(item, str):
            if item:
                made[name] = item
        elif isinstance(item, list):
            if item:
                made[name] = rows = [{"_id": row["_id"], **in_order(row)} for row in item]
                rows.sort(key=lambda row: (str(row.get("_order", "")), row["_id"]))
        elif inside := in_order(item):
            made[name] = inside
    return made


def path_of(name: str, rows: set[Path]) -> Path:
    """The path of a leaf that has raw text only, found by the rows that are there."""
    best: Path = ()
    for row in rows:
        if len(row) > len(best) and name.startswith(leaf_name(row) + "/"):
            best = row
    rest = name[len(leaf_name(best)) + 1 :] if best else name
    return (*best, *rest.split("/"))
