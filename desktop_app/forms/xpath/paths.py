"""Finding the nodes of a path.

A path from the root, followed from inside a repeat, means *this* row for as long as its names are those on the way to
the
context (JavaRosa's contextualisation; the ODK spec's "absolute paths inside a repeat"). Below that, and after a
filter, every
row is meant. Nodes that are not relevant drop out at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from desktop_app.forms.node import Node

from .context import Context, NodeSet, as_text, atom
from .errors import XPathError
from .tree import Chain, Expression, Path, Step

if TYPE_CHECKING:
    from .context import Value

Compiled = Callable[[Context], "Value"]
CompileOne = Callable[[Expression], Compiled]


def compile_path(path: Path, compile_one: CompileOne) -> Callable[[Context], NodeSet]:
    """A function from a context to the nodes of ``path``."""
    steps = [_CompiledStep(step, compile_one) for step in path.steps]
    if path.start in ("root", "instance"):
        return _from_root(path, steps)
    return _from_context(path, steps)


class _CompiledStep:
    __slots__ = ("attribute", "filters", "index", "name")

    def __init__(self, step: Step, compile_one: CompileOne) -> None:
        self.name = step.name
        self.attribute = step.attribute
        self.filters = [compile_one(predicate) for predicate in step.predicates]
        self.index = _equality(step, compile_one)

    def under(self, parents: Sequence[Node], context: Context, name: str, number: int | None) -> list[Node]:
        """The nodes of this step under ``parents``; ``number`` picks one row."""
        found: list[Node] = []
        for parent in parents:
            found.extend(self._one(parent, context, name, number))
        return found

    def _one(self, parent: Node, context: Context, name: str, number: int | None) -> list[Node]:
        if self.attribute:
            attribute = (parent.attributes or {}).get(name)
            return [attribute] if attribute is not None else []
        if name == "*":
            nodes = parent.children
            if any(node.number != place for place, node in enumerate(nodes)):
                raise XPathError("A * that finds nodes of different names is not supported in forms.")
        else:
            nodes = parent.named(name)
        if number is not None:
            return [nodes[number]] if 0 <= number < len(nodes) else []
        if not self.filters:
            return nodes
        remaining = self.filters
        if self.index is not None and parent.shape is None and len(nodes) > 8:
            looked_up = self.index(parent, nodes, context)
            if looked_up is not None:
                nodes, remaining = looked_up, remaining[1:]
        with context.environment.filtering(len(nodes) * len(remaining)):
            for test in remaining:
                # Only a truth value passes: JavaRosa has no [2] for "the second"; position() = 2 says it.
                nodes = [node for place, node in enumerate(nodes) if test(context.at(node, place)) is True]
        return nodes


_Index = Callable[[Node, list[Node], Context], list[Node] | None]


def _equality(step: Step, compile_one: CompileOne) -> _Index | None:
    """For ``[name = something outside]`` over a choice list: a lookup by text instead of a test of every row.

    As JavaRosa's own index, it compares texts, and only where the outer side is a text.
    """
    if not step.predicates:
        return None
    test = step.predicates[0]
    if not isinstance(test, Chain) or len(test.rest) != 1 or test.rest[0][0] != "=":
        return None
    sides = (test.first, test.rest[0][1])
    for inner, outer in (sides, sides[::-1]):
        if not (isinstance(inner, Path) and inner.start == "relative" and inner.up == 0 and len(inner.steps) == 1):
            continue
        key = inner.steps[0]
        if key.predicates or key.attribute or key.name == "*":
            continue
        if (isinstance(outer, Path) and outer.start != "relative") or (
            not isinstance(outer, Path) and _constant(outer)
        ):
            return _index(key.name, compile_one(outer))
    return None


def _constant(expression: Expression) -> bool:
    from .tree import Number, Text

    return isinstance(expression, Number | Text)


def _index(key: str, outer: Compiled) -> _Index:
    def look_up(parent: Node, nodes: list[Node], context: Context) -> list[Node] | None:
        wanted = atom(outer(context))
        if not isinstance(wanted, str):
            return None
        indexes = context.environment.indexes
        place = (id(parent), nodes[0].name, key)
        by_text = indexes.get(place)
        if by_text is None:
            by_text = {}
            for node in nodes:
                fields = node.named(key)
                text = as_text(fields[0].value.atom) if fields and fields[0].value is not None else ""
                by_text.setdefault(text, []).append(node)
            indexes[place] = by_text
        return by_text.get(wanted, [])

    return look_up


def _from_context(path: Path, steps: list[_CompiledStep]) -> Callable[[Context], NodeSet]:
    up = path.up
    current = path.start == "current"
    wild = any(step.name == "*" for step in steps)

    def find(context: Context) -> NodeSet:
        node: Node | None = (context.original or context.node) if current else context.node
        if context.place is not None and not (current and context.original is not None):
            nodes = _at_place(context, len(context.place) - up)
        else:
            lineage = node.lineage() if wild and node is not None else []
            for _ in range(up):
                node = node.parent if node is not None else None
            if node is None:
                raise XPathError("A path goes above the root of the form.")
            nodes = [node]
        for depth, step in enumerate(steps, (len(lineage) - up) if wild and context.place is None else 0):
            name = step.name
            if name == "*" and context.place is None and depth < len(lineage):
                name = lineage[depth].name
            nodes = step.under(nodes, context, name, None)
        return NodeSet([found for found in nodes if found.relevant], context)

    if not steps and up == 0:

        def itself(context: Context) -> NodeSet:
            if context.place is not None:
                return find(context)
            here = (context.original or context.node) if current else context.node
            return NodeSet([here] if here.relevant else [], context)

        return itself
    return find


def _at_place(context: Context, size: int) -> list[Node]:
    """The nodes of the first ``size`` names of the context's place."""
    assert context.place is not None
    if size < 1:
        raise XPathError("A path goes above the root of the form.")
    nodes = [context.environment.root]
    for name, number in context.place[1:size]:
        found = [child for node in nodes for child in node.named(name)]
        nodes = found if number < 0 else [child for child in found if child.number == number]
    return nodes


def _from_root(path: Path, steps: list[_CompiledStep]) -> Callable[[Context], NodeSet]:
    instance = path.instance if path.start == "instance" else None

    def find(context: Context) -> NodeSet:
        environment = context.environment
        if instance is None:
            root = environment.root
        else:
            found_root = environment.instances.get(instance)
            if found_root is None:
                raise XPathError(f"The list “{instance}” is not part of this form.")
            root = found_root
        if not steps:
            raise XPathError("A path must name the root of the form.")
        return NodeSet([node for node in follow(root, steps, context) if node.relevant], context)

    return find


def follow(root: Node, steps: Sequence[_CompiledStep], context: Context) -> list[Node]:
    """The nodes under ``root``; the first step is the root's own name and is not looked at (as in JavaRosa)."""
    way = context.way()
    together = bool(way) and (steps[0].name in ("*", way[0][0]))
    nodes = [root]
    for depth in range(1, len(steps)):
        step = steps[depth]
        name = step.name
        number: int | None = None
        if together and depth < len(way):
            here, here_number = way[depth]
            if name == "*":
                name = here
            if name == here:
                if not step.filters and here_number >= 0:
                    number = here_number
            else:
                together = False
        nodes = step.under(nodes, context, name, number)
    return nodes
