"""Where an expression is worked out, what it may come from, and the conversions between its kinds of value."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from desktop_app.forms.node import Node

from .dates import Moment, date_text, days_since_epoch, from_aware
from .errors import XPathError
from .numbers import xpath_number, xpath_number_text

if TYPE_CHECKING:
    from desktop_app.forms.values import Answer

Atom = str | float | bool | Moment
# What one change may cost before the form is called hostile: nodes looked at by filters, and characters of one text.
MAX_WORK = 200_000
MAX_TEXT = 1_000_000
# A filter inside a filter multiplies: it is counted dearer, so that a hostile form ends well within a second.
NESTED_COST = 5


@dataclass
class Environment:
    """What does not change from expression to expression while one form is filled."""

    root: Node
    instances: Mapping[str, Node] = field(default_factory=dict)
    now: Callable[[], datetime] = datetime.now
    rng: random.Random = field(default_factory=random.Random)
    itext: Callable[[str], str] = str
    choice_name: Callable[[str, str, Node], str] = lambda value, path, node: value
    form_version: str = ""
    # Filled by filters over secondary instances (filters.py): nodes by text, and what a comparison found.
    indexes: dict[object, dict[str, list[Node]]] = field(default_factory=dict)
    compared: dict[object, list[Node]] = field(default_factory=dict)
    # What filters found since the rules were last begun to be worked out; None when no rule is being worked out.
    in_this_pass: dict[object, list[Node]] | None = None
    work: int = 0
    filters_deep: int = 0

    @contextmanager
    def filtering(self, tests: int) -> Iterator[None]:
        """Around the tests of a filter. Raises XPathError when there have been far too many."""
        self.spend(tests * NESTED_COST if self.filters_deep else tests)
        self.filters_deep += 1
        try:
            yield
        finally:
            self.filters_deep -= 1

    def spend(self, amount: int) -> None:
        """Counts work done for one change. Raises XPathError when a form asks for far too much."""
        self.work += amount
        if self.work > MAX_WORK:
            raise XPathError("The rules of the form need too much work.")

    def moment(self) -> Moment:
        here = self.now()
        return from_aware(here if here.tzinfo else here.astimezone())


@dataclass(slots=True)
class Context:
    """The node an expression is about.

    ``place`` stands for it where an expression is shared by several nodes (sharing.py): names and row numbers from
    the root,
    -1 meaning every row.
    """

    environment: Environment
    node: Node
    original: Node | None = None
    position: int = -1
    candidate: Answer | None = None
    place: tuple[tuple[str, int], ...] | None = None

    def at(self, node: Node, position: int) -> Context:
        """Inside a filter: the node tested; current() stays what it was outside."""
        return Context(self.environment, node, self.original or self.node, position, self.candidate)

    def way(self) -> tuple[tuple[str, int], ...]:
        """Names and row numbers from the root to here."""
        return self.place if self.place is not None else tuple((node.name, node.number) for node in self.node.lineage())


class NodeSet:
    """Nodes an expression found, relevant ones only, in order."""

    __slots__ = ("context", "nodes")

    def __init__(self, nodes: list[Node], context: Context) -> None:
        self.nodes = nodes
        self.context = context

    def atom_of(self, node: Node) -> Atom:
        """The value of one node as expressions see it; empty when not relevant; the candidate under its own
        constraint."""
        context = self.context
        if context.candidate is not None and node is context.node:
            return context.candidate.atom
        if node.value is None or not node.relevant:
            return ""
        return node.value.atom

    def atoms(self) -> list[Atom]:
        return [self.atom_of(node) for node in self.nodes]

    def single(self) -> Atom:
        """The one value. Raises XPathError when there are several (JavaRosa: a repeated field)."""
        if not self.nodes:
            return ""
        if len(self.nodes) > 1:
            raise XPathError(
                f"“{self.nodes[0].name}” is repeated, and one value is needed; "
                "indexed-repeat() can say which row is meant."
            )
        return self.atom_of(self.nodes[0])


Value = Atom | NodeSet


def atom(value: Value) -> Atom:
    return value.single() if isinstance(value, NodeSet) else value


def as_boolean(value: Value) -> bool:
    single = atom(value)
    if isinstance(single, bool):
        return single
    if isinstance(single, float):
        return abs(single) > 1.0e-12 and not math.isnan(single)
    if isinstance(single, str):
        return bool(single)
    return True


def as_number(value: Value) -> float:
    single = atom(value)
    if isinstance(single, bool):
        return 1.0 if single else 0.0
    if isinstance(single, float):
        return single
    if isinstance(single, str):
        return xpath_number(single)
    return float(days_since_epoch(single))


def limited(text: str) -> str:
    """``text``, unless a form makes it longer than any answer. Raises XPathError."""
    if len(text) > MAX_TEXT:
        raise XPathError("The form makes a text of more than a million characters.")
    return text


def as_text(value: Value) -> str:
    single = atom(value)
    if isinstance(single, bool):
        return "true" if single else "false"
    if isinstance(single, float):
        return xpath_number_text(single)
    if isinstance(single, str):
        return single
    return date_text(single)
