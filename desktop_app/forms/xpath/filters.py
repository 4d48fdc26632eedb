"""What a filter keeps: every node tested in turn, or remembered where JavaRosa remembers.

JavaRosa tests a filter right under the root of an instance through a chain of shortcuts, and they show in the answers:

- while rules are worked out, a filter that calls only functions of text (``_OF_TEXT``) is worked out once and its nodes
  are kept for the whole pass, also for other rows of a repeat (IdempotentExpressionCacheFilterStrategy);
- in a secondary instance, ``name = something outside`` is looked up by text, the side outside being worked out where the
  expression stands and not at the node tested (EqualityExpressionIndexFilterStrategy);
- there, a comparison with something outside is worked out once for each value of it
  (ComparisonExpressionCacheFilterStrategy).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .context import Atom, Context, as_text, atom
from .tree import Call, Chain, Expression, Logic, Negative, Number, Path, Text

if TYPE_CHECKING:
    from desktop_app.forms.node import Node

    from .context import Value

    CompileOne = Callable[[Expression], Callable[[Context], Value]]

_OF_TEXT = {
    "regex", "starts-with", "ends-with", "contains", "substr", "substring-before", "substring-after", "translate",
    "string-length", "normalize-space", "concat", "join", "boolean-from-string", "string",
}  # fmt: skip
_COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}


class Filter:
    """One predicate of a step. Only a truth value passes: JavaRosa has no ``[2]`` for "the second"."""

    __slots__ = ("_expression", "_of_text", "_outside", "_sides", "_test")

    def __init__(self, expression: Expression, compile_one: CompileOne) -> None:
        self._expression = expression
        self._test = compile_one(expression)
        self._of_text = _of_text(expression)
        sides = _sides(expression)
        self._sides: tuple[Path, Callable[[Context], Value], Callable[[Context], Value]] | None = None
        if sides is not None and isinstance(expression, Chain) and expression.rest[0][0] == "=":
            self._sides = (sides[0], compile_one(sides[0]), compile_one(sides[1]))
        self._outside = [compile_one(side) for side in _compared(expression)]

    def kept(self, parent: Node, name: str, nodes: list[Node], context: Context) -> list[Node]:
        """The ``nodes`` (the children of ``parent`` called ``name``) that pass, by a shortcut where there is one."""
        if parent.parent is not None:
            return self.tested(nodes, context)
        remembered = context.environment.in_this_pass if self._of_text else None
        if remembered is None:
            return self._looked_up(parent, name, nodes, context)
        key = (id(parent), name, self._expression)
        if key not in remembered:
            remembered[key] = self._looked_up(parent, name, nodes, context)
        return remembered[key]

    def tested(self, nodes: list[Node], context: Context) -> list[Node]:
        """The nodes that pass, each tested."""
        with context.environment.filtering(len(nodes)):
            return [node for place, node in enumerate(nodes) if self._test(context.at(node, place)) is True]

    def _looked_up(self, parent: Node, name: str, nodes: list[Node], context: Context) -> list[Node]:
        # Only secondary instances: their nodes have no shape, and never change.
        if parent.shape is not None or not self._outside:
            return self.tested(nodes, context)
        if self._sides is not None:
            wanted = atom(self._sides[2](context))
            if isinstance(wanted, str):
                return self._by_text(parent, name, nodes, context).get(wanted, [])
        outside: tuple[Atom, ...] = tuple(atom(side(context)) for side in self._outside)
        key = (id(parent), name, self._expression, tuple((type(value), value) for value in outside))
        compared = context.environment.compared
        if key not in compared:
            compared[key] = self.tested(nodes, context)
        return compared[key]

    def _by_text(self, parent: Node, name: str, nodes: list[Node], context: Context) -> dict[str, list[Node]]:
        assert self._sides is not None
        path, inner, _ = self._sides
        indexes = context.environment.indexes
        place = (id(parent), name, path)
        found = indexes.get(place)
        if found is None:
            found = {}
            with context.environment.filtering(len(nodes)):
                for number, node in enumerate(nodes):
                    found.setdefault(as_text(inner(context.at(node, number))), []).append(node)
            indexes[place] = found
        return found


def _of_text(expression: Expression) -> bool:
    """Whether JavaRosa takes an expression for one that gives the same wherever it is worked out."""
    if isinstance(expression, Number | Text):
        return True
    if isinstance(expression, Negative):
        return _of_text(expression.of)
    if isinstance(expression, Logic):
        return all(_of_text(term) for term in expression.terms)
    if isinstance(expression, Chain):
        return _of_text(expression.first) and all(_of_text(term) for _, term in expression.rest)
    if isinstance(expression, Call):
        return expression.name in _OF_TEXT and all(_of_text(argument) for argument in expression.arguments)
    return expression.start in ("root", "relative") and all(
        _of_text(predicate) for step in expression.steps for predicate in step.predicates
    )


def _compared(expression: Expression) -> list[Expression]:
    """The sides outside of one comparison, or of two joined by ``and`` or ``or``; empty when it is neither."""
    terms = expression.terms if isinstance(expression, Logic) else (expression,)
    found = [_sides(term) for term in terms]
    return [sides[1] for sides in found if sides] if len(terms) <= 2 and all(found) else []


def _sides(expression: Expression) -> tuple[Path, Expression] | None:
    """Of a comparison: the path inside the node tested, and the path from elsewhere or the constant beside it."""
    sides: tuple[Expression, ...] = ()
    if isinstance(expression, Chain) and len(expression.rest) == 1 and expression.rest[0][0] in _COMPARISONS:
        sides = (expression.first, expression.rest[0][1])
    elif isinstance(expression, Call) and len(expression.arguments) == 2 and _of_text(expression):
        sides = expression.arguments
    inner: Path | None = None
    outer: Expression | None = None
    for side in sides:
        if isinstance(side, Path) and side.start == "relative":
            inner = side
        elif isinstance(side, Path | Number | Text):
            outer = side
    return (inner, outer) if inner is not None and outer is not None else None
