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

from .context import Context, NodeSet
from .errors import XPathError
from .filters import Filter
from .tree import Expression, Path, Step

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


def compile_target(path: Path, compile_one: CompileOne) -> Callable[[Context], list[Node]]:
    """As ``compile_path`` of a path from the root, but nodes that are not relevant stay: an action sets them too."""
    steps = [_CompiledStep(step, compile_one) for step in path.steps]
    return lambda context: follow(context.environment.root, steps, context)


class _CompiledStep:
    __slots__ = ("attribute", "filters", "name")

    def __init__(self, step: Step, compile_one: CompileOne) -> None:
        self.name = step.name
        self.attribute = step.attribute
        self.filters = [Filter(predicate, compile_one) for predicate in step.predicates]

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
        for place, test in enumerate(self.filters):
            nodes = test.kept(parent, name, nodes, context) if place == 0 else test.tested(nodes, context)
        return nodes


def _from_context(path: Path, steps: list[_CompiledStep]) -> Callable[[Context], NodeSet]:
    up = path.up
    current = path.start == "current"
    wild = any(step.name == "*" for step in steps)

    def find(context: Context) -> NodeSet:
        node = (context.original or context.node) if current else context.node
        going = steps
        if context.place is not None and not (current and context.original is not None):
            nodes = _at_place(context, len(context.place) - up)
        else:
            lineage = node.lineage() if wild else []
            remaining = up
            while remaining and node.parent is not None:
                node, remaining = node.parent, remaining - 1
            if remaining > 1 or (remaining and not steps):
                raise XPathError("A path goes above the root of the form.")
            # One step above the root: what follows first is the root, whatever its name (JavaRosa).
            nodes, going = [node], steps[remaining:]
        for depth, step in enumerate(going, (len(lineage) - up) if wild and context.place is None else 0):
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
