"""What an expression looks at, worked out from its syntax tree alone; the graph of rules from it; its cycles.

As in JavaRosa: a rule depends on every path it names (its filters' paths too), a relevance passes on to everything
inside its
node, and a form whose rules run in a circle is refused.
"""

from __future__ import annotations

from .shape import Names, Rule, Shape
from .xpath.errors import XPathError
from .xpath.tree import Call, Chain, Expression, Logic, Negative, Path


class CycleError(Exception):
    """The rules of a form depend on each other in a circle; ``paths`` are the nodes in it."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


def triggers(expression: Expression, context: Names) -> frozenset[Names]:
    """The generic paths of the main instance that ``expression`` looks at from ``context``.

    Raises XPathError for a path that goes above the root, wherever it starts from (JavaRosa finds it before any row).
    """
    found: set[Names] = set()
    _collect(expression, context, context, found, True)
    return frozenset(found)


def _collect(expression: Expression, context: Names, original: Names, found: set[Names], main: bool) -> None:
    if isinstance(expression, Path):
        names = _resolved(expression, original if expression.start == "current" else context)
        here = main if expression.start in ("relative", "current") else expression.start == "root"
        if expression.start == "current":
            here = True
        if here:
            found.add(names)
        for depth, step in enumerate(expression.steps):
            inner = names[: len(names) - len(expression.steps) + depth + 1]
            for predicate in step.predicates:
                _collect(predicate, inner, original, found, here)
    elif isinstance(expression, Negative):
        _collect(expression.of, context, original, found, main)
    elif isinstance(expression, Logic):
        for term in expression.terms:
            _collect(term, context, original, found, main)
    elif isinstance(expression, Chain):
        _collect(expression.first, context, original, found, main)
        for _, term in expression.rest:
            _collect(term, context, original, found, main)
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            _collect(argument, context, original, found, main)


def _resolved(path: Path, context: Names) -> Names:
    if path.start in ("relative", "current") and path.up > len(context):
        raise XPathError("A path goes above the root of the form.")
    base: Names = () if path.start in ("root", "instance") else context[: len(context) - path.up]
    names = [*base, *(f"@{step.name}" if step.attribute else step.name for step in path.steps)]
    for depth in range(min(len(names), len(context))):
        if names[depth] == "*":
            names[depth] = context[depth]
        if names[depth] != context[depth]:
            break
    return tuple(names)


def inside(shape: Shape) -> list[Names]:
    """The generic paths of everything inside ``shape``."""
    found: list[Names] = []
    waiting = list(shape.children.values())
    while waiting:
        here = waiting.pop()
        found.append(here.names)
        waiting.extend(here.children.values())
    return found


def link(rules: list[Rule], shapes: dict[Names, Shape]) -> tuple[list[Rule], dict[Names, tuple[int, ...]]]:
    """Orders the rules so that each comes after those it depends on, and says which rules look at which path.

    Raises CycleError.
    """
    looking: dict[Names, list[int]] = {}
    for place, rule in enumerate(rules):
        for names in rule.triggers:
            looking.setdefault(names, []).append(place)
    cascades: list[tuple[int, ...]] = []
    for place, rule in enumerate(rules):
        reached: set[int] = set()
        for target in rule.targets:
            reached.update(looking.get(target, ()))
            shape = shapes.get(target)
            if rule.kind == "relevant" and shape is not None:
                for names in inside(shape):
                    reached.update(looking.get(names, ()))
        if place in reached:
            raise CycleError(["/" + "/".join(target) for target in rule.targets])
        cascades.append(tuple(sorted(reached)))
    ordered = _sorted(rules, cascades)
    new_place = {old: new for new, old in enumerate(ordered)}
    arranged = []
    for old in ordered:
        rule = rules[old]
        rule.cascades = tuple(sorted(new_place[place] for place in cascades[old]))
        arranged.append(rule)
    triggered = {names: tuple(sorted(new_place[place] for place in places)) for names, places in looking.items()}
    return arranged, triggered


def _sorted(rules: list[Rule], cascades: list[tuple[int, ...]]) -> list[int]:
    """Level by level, the roots first, each level in document order."""
    waiting_for = [0] * len(rules)
    for targets in cascades:
        for place in targets:
            waiting_for[place] += 1
    level = [place for place in range(len(rules)) if waiting_for[place] == 0]
    ordered: list[int] = []
    while level:
        ordered.extend(level)
        following: list[int] = []
        for place in level:
            for target in cascades[place]:
                waiting_for[target] -= 1
                if waiting_for[target] == 0:
                    following.append(target)
        level = sorted(following)
    if len(ordered) < len(rules):
        stuck = [rules[place] for place in range(len(rules)) if waiting_for[place] > 0]
        raise CycleError(["/" + "/".join(rule.targets[0]) for rule in stuck])
    return ordered
