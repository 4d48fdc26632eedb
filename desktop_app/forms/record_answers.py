"""Between the nodes of a form and the answers of a record (record.md: answers, typed, aside, derived).

Entered leaves go into ``answers``; what the form works out goes into ``derived``. An answer whose question the form
no longer
has is kept under ``earlier``.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from .earlier import EARLIER
from .leaves import is_leaf
from .node import Node, RowIdentity
from .places import leaf_of, place_among
from .plain import plain_number
from .row_order import between
from .runner import Runner
from .shape import Shape
from .values import parse
from .xpath.errors import XPathError
from .xpath.tree import calls

RESERVED = ("_id", "_order")


def entered(node: Node) -> bool:
    """True for a leaf whose value a person (or a default, or an action) gave, and which must therefore be stored.

    A calculation with ``once()`` is stored too: working it out again would change it.
    """
    shape = node.shape
    if shape is None or shape.children or "meta" in shape.names[1:2]:
        return False
    bind = shape.bind
    if bind is not None and "calculate" in bind.rules:
        return calls(bind.rules["calculate"], "once")
    return not (bind is not None and bind.preload and shape.control is None)


def collect(node: Node) -> dict[str, Any]:
    """The answers under ``node``: groups as objects, repeats as lists with ``_id`` and ``_order``, empty leaves
    absent."""
    found: dict[str, Any] = {}
    for child in node.children:
        shape = child.shape
        assert shape is not None
        if shape.repeat:
            assert child.row is not None
            found.setdefault(child.name, []).append({"_id": child.row.id, "_order": child.row.order, **collect(child)})
        elif shape.children:
            inside = collect(child)
            if inside:
                found[child.name] = inside
        elif entered(child) and child.value is not None and child.value.text:
            text = child.value.text
            found[child.name] = plain_number(text) if shape.type == "decimal" else text
    return found


def form_row_id(record: str, path: str, number: int) -> str:
    """The id of a row the form itself makes: SHA-256 of record, repeat path and number (from 1), hex (record.md)."""
    return hashlib.sha256(f"{record}\0{path}\0{number}".encode()).hexdigest()


def name_rows(node: Node, record: str, by_person: bool) -> None:
    """Gives every row under and including ``node`` that has none its identity."""
    for here in node.descendants():
        if here.shape is None or not here.shape.repeat or here.row is not None or here.parent is None:
            continue
        same = here.parent.named(here.name)
        before = same[here.number - 1].row if here.number else None
        order = between(before.order if before else None, None)
        if by_person:
            identity = str(uuid.uuid4())
        else:
            identity = form_row_id(record, leaf_of(here.parent) + "/" + here.name, here.number + 1)
        here.row = RowIdentity(identity, order)


class Filler:
    """Puts the answers of a stored record into fresh nodes; what has no place is gathered in ``earlier``."""

    def __init__(self, runner: Runner, record: str) -> None:
        self._runner = runner
        self._record = record
        self.earlier: dict[str, Any] = {}
        # Leaf path to raw text: stored values that are none of their type (an older form, another program).
        self.unreadable: dict[str, str] = {}

    def fill(self, root: Node, answers: Mapping[str, Any]) -> None:
        kept = answers.get(EARLIER)
        self._group(root, {key: value for key, value in answers.items() if key != EARLIER}, [])
        if isinstance(kept, Mapping):
            _merge(self.earlier, kept)

    def _group(self, node: Node, answers: Mapping[str, Any], way: list[str]) -> None:
        assert node.shape is not None
        for name, value in answers.items():
            if name in RESERVED:
                continue
            shape = node.shape.children.get(name)
            if shape is None:
                self._keep([*way, name], value)
            elif shape.repeat:
                self._rows(node, shape, value, [*way, name])
            elif shape.children:
                if isinstance(value, Mapping):
                    for child in node.named(name)[:1]:
                        self._group(child, value, [*way, name])
                else:
                    self._keep([*way, name], value)
            else:
                self._leaf(node, shape, value, [*way, name])

    def _rows(self, parent: Node, shape: Shape, value: Any, way: list[str]) -> None:
        if not isinstance(value, list) or shape.template is None:
            self._keep(way, value)
            return
        rows = [row for row in value if isinstance(row, Mapping)]
        rows.sort(key=lambda row: (str(row.get("_order", "")), str(row.get("_id", ""))))
        while len(parent.named(shape.name)) > len(rows):
            parent.remove(parent.named(shape.name)[-1])
        while len(parent.named(shape.name)) < len(rows):
            grown = self._runner.grow(shape.template)
            if parent.named(shape.name):
                parent.append(grown)
            else:
                parent.insert_first(grown, place_among(parent, shape.names))
        previous: str | None = None
        for node, row in zip(parent.named(shape.name), rows, strict=True):
            order = str(row.get("_order") or between(previous, None))
            node.row = RowIdentity(str(row.get("_id") or uuid.uuid4()), order)
            previous = order
            self._group(node, row, [*way, node.row.id])

    def _leaf(self, parent: Node, shape: Shape, value: Any, way: list[str]) -> None:
        nodes = parent.named(shape.name)
        if not isinstance(value, str) or not nodes:
            self._keep(way, value)
            return
        try:
            answer = parse(value, shape.type, self._runner.environment.now, shape.choice_names)
        except XPathError:
            answer = None
        if value and (answer is None or not answer.text):
            self.unreadable["/".join(way)] = value
            nodes[0].value = None
        else:
            nodes[0].value = answer if value else None

    def _keep(self, way: list[str], value: Any) -> None:
        here = self.earlier
        for step in way[:-1]:
            following = here.setdefault(step, {})
            if not isinstance(following, dict):
                return
            here = following
        here[way[-1]] = value


def empty(root: Node) -> None:
    """A stored record says itself what is in it: defaults go, and rows it does not name."""
    for node in root.descendants():
        if node.shape is not None and not node.shape.children and entered(node):
            node.value = None
    for node in list(root.descendants()):
        parent = node.parent
        if node.shape is not None and node.shape.repeat and parent is not None and node in parent.children:
            parent.remove(node)


def put_aside(root: Node) -> list[str]:
    """Leaf paths of answers hidden by relevance."""
    return [
        leaf_of(node)
        for node in root.descendants()
        if is_leaf(node) and not node.relevant and entered(node) and node.value is not None and node.value.text
    ]


def worked_out(root: Node) -> dict[str, str]:
    """Relevant calculations and preloads by leaf path."""
    return {
        leaf_of(node): node.value.text
        for node in root.descendants()
        if is_leaf(node) and node.relevant and not entered(node) and node.value is not None and node.value.text
    }


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into.setdefault(str(key), value)
