"""The rows of repeats: made from their template, taken away, and how many there may or should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .counting import whole_number
from .node import Node
from .places import Place, contextualized, place_among, place_of
from .rule_errors import RuleError
from .shape import Control, Names
from .xpath.context import Context, as_boolean
from .xpath.errors import XPathError
from .xpath.evaluate import compiled

if TYPE_CHECKING:
    from .runner import Runner


class Repeats:
    """The rows of one record."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def add(self, parent: Node, names: Names, preload: Callable[[Node], None]) -> Node:
        """A new last row from the template, its events and rules. Raises RuleError."""
        shape = self._runner.model.shapes[names]
        if shape.template is None:
            raise RuleError(f"{shape.path}: the repeat has no row to copy.")
        row = self._runner.grow(shape.template)
        self._runner.rows_changed = True
        same = parent.named(row.name)
        if same:
            parent.append(row)
        else:
            parent.insert_first(row, place_among(parent, shape.names))
        self._runner.changed.update(row.descendants())
        preload(row)
        self._runner.actions.fire(self._runner.model.model_actions, "jr-insert", row)
        self._runner.actions.fire(self._runner.model.model_actions, "odk-new-repeat", row)
        control = self._runner.model.controls.get(names)
        if control is not None:
            self._runner.actions.fire(control.actions, "odk-new-repeat", row)
        self._runner.after_new_row(row)
        return row

    def remove(self, row: Node) -> None:
        parent = row.parent
        assert parent is not None
        place = place_of(row)
        self._runner.rows_changed = True
        self._runner.changed.update(parent.named(row.name))
        parent.remove(row)
        self._runner.after_removed_row(row, place)

    def allowed(self, parent: Node, names: Names, control: Control) -> bool:
        """Whether the repeat is relevant here, so that a row may be added (JavaRosa's prompt for a new row)."""
        shape = self._runner.model.shapes[names]
        rule = self._runner.model.repeat_relevance.get(names)
        if rule is not None:
            row = Node(shape.name, parent, shape)
            row.number = len(parent.named(shape.name))
            self._runner.evaluations += 1
            try:
                relevant = as_boolean(compiled(rule.expression)(Context(self._runner.environment, row)))
            except XPathError as error:
                raise RuleError(f"{shape.path}: {error}") from None
            return relevant and parent.relevant
        return parent.relevant and not (shape.bind is not None and not shape.bind.relevant)

    def count_of(self, control: Control, parent: Node) -> int:
        """The rows a counted repeat should have; 0 when its count is no number.

        Raises RuleError for a repeated count.
        """
        assert control.count is not None
        # Relevance is not looked at: a count that is hidden still counts (JavaRosa).
        node = self._only(control.count, place_of(parent))
        if node is None:
            if any(row.relevant for row in parent.named(control.names[-1])):
                raise RuleError(f"/{'/'.join(control.names)}: its count is a repeated question.")
            return 0
        return whole_number(node.value, node.shape.type if node.shape is not None else "null")

    def _only(self, names: Names, place: Place) -> Node | None:
        """The node of a generic path seen from ``place``; None when it, or anything on the way to it, is repeated."""
        node = self._runner.environment.root
        for name, number in contextualized(names, place)[1:]:
            if name.startswith("@"):
                return (node.attributes or {}).get(name[1:])
            same = node.named(name)
            number = number if number >= 0 or len(same) != 1 else 0
            if not 0 <= number < len(same):
                return None
            node = same[number]
        return node
