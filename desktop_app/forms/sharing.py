"""Expressions written more than once, in and outside of a repeat, are one rule (JavaRosa).

JavaRosa keeps equal expressions that look at the same nodes as one, and runs it at the place they have in common.
That shows
where a path from the root is written inside a repeat and outside of it: run outside, it means every row. Copies that
lie in the
same rows give the same results run one by one, and stay apart here.
"""

from __future__ import annotations

from .shape import Names, Rule, Shape
from .xpath.tree import Call, Expression, walk

# A call of one of these never equals another (JavaRosa).
_NEVER_EQUAL = {"uuid", "random", "once", "now", "today"}


def shared(rules: list[Rule], shapes: dict[Names, Shape]) -> list[Rule]:
    """The rules with the copies that must run as one brought together."""
    groups: dict[tuple[str, Expression, frozenset[Names]], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.kind, rule.expression, rule.triggers), []).append(rule)
    merged: dict[int, Rule] = {}
    gone: set[int] = set()
    for members in groups.values():
        if len(members) < 2 or not _comparable(members[0].expression):
            continue
        common = _common([member.targets[0] for member in members])
        if all(_innermost_repeat(member.targets[0], shapes) <= len(common) for member in members):
            continue
        first = members[0]
        targets = tuple(dict.fromkeys(member.targets[0] for member in members))
        merged[id(first)] = Rule(first.kind, targets, first.expression, first.triggers, common, first.origin)
        gone.update(id(member) for member in members[1:])
    return [merged.get(id(rule), rule) for rule in rules if id(rule) not in gone]


def _comparable(expression: Expression) -> bool:
    return not any(isinstance(part, Call) and part.name in _NEVER_EQUAL for part in walk(expression))


def _common(paths: list[Names]) -> Names:
    shortest = min(len(path) for path in paths)
    size = 0
    while size < shortest and len({path[size] for path in paths}) == 1:
        size += 1
    return paths[0][:size]


def _innermost_repeat(names: Names, shapes: dict[Names, Shape]) -> int:
    """How many names lead to the innermost repeat that holds (or is) the node; 0 for none."""
    return max((size for size in range(1, len(names) + 1) if shapes[names[:size]].repeat), default=0)
