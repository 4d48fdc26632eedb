"""Runs a form's rules over its tree of nodes: what is worked out, where and when.

The order and the reach of every pass are JavaRosa's: after a change the rules that look at it and all that follow
from them,
in the order of the dependency graph, each in the row it concerns; after a row is added or removed also those that
look at the
repeat as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from .actions import Actions
from .instances import set_attribute
from .node import Node
from .places import Place, contextualized, path_of, place_of
from .repeats import Repeats
from .rule_errors import RuleError
from .shape import Blueprint, Model, Names, Rule
from .values import Answer, from_result, parse
from .xpath.context import Atom, Context, Environment, as_boolean, atom
from .xpath.errors import XPathError
from .xpath.evaluate import compiled

MAX_NODES = 40_000


class Runner:
    """The nodes of one record and the rules over them. ``changed`` gathers the nodes a change touched."""

    def __init__(self, model: Model, environment: Environment) -> None:
        self.model = model
        self.environment = environment
        self.evaluations = 0
        self.changed: set[Node] = set()
        self._compiled = [compiled(rule.expression) for rule in model.rules]
        self.grown = 0
        self.actions = Actions(self)
        self.repeats = Repeats(self)
        # The rules run since ``begin``, by their place.
        self.ran: set[int] = set()
        # Whether a row came or went since ``begin``.
        self.rows_changed = False

    # The tree

    def grow(self, blueprint: Blueprint) -> Node:
        """The nodes of a blueprint with their defaults and static rules; not yet in the tree."""
        shape = blueprint.shape
        self.grown += 1
        if self.grown > MAX_NODES:
            raise RuleError(f"The record grows to more than {MAX_NODES:,} nodes.")
        node = Node(shape.name, None, shape)
        if blueprint.default is not None:
            node.value = parse(blueprint.default, shape.type, self.environment.now, shape.choice_names)
        for child in blueprint.children:
            node.append(self.grow(child))
        bind = shape.bind
        if bind is not None:
            if "relevant" not in bind.rules:
                node.set_own_relevance(bind.relevant)
            node.required = bind.required
            if "readonly" not in bind.rules:
                node.set_own_enabled(not bind.readonly)
        for key, text in blueprint.attributes.items():
            name = key.rpartition("}")[2]
            set_attribute(node, name, text, self.model.shapes.get((*shape.names, f"@{name}")))
        return node

    def expand(self, names: Names, place: Place = ()) -> list[Node]:
        """The nodes of a generic path: in the rows of ``place`` as far as the names run together, every row
        after that."""
        nodes = [self.environment.root]
        together = bool(place)
        for depth in range(1, len(names)):
            name = names[depth]
            if name.startswith("@"):
                return [node.attributes[name[1:]] for node in nodes if node.attributes and name[1:] in node.attributes]
            together = together and depth < len(place) and place[depth][0] == name
            if together and place[depth][1] >= 0:
                number = place[depth][1]
                found = [node.named(name) for node in nodes]
                nodes = [same[number] for same in found if 0 <= number < len(same)]
            elif len(nodes) == 1:
                nodes = list(nodes[0].named(name))
            else:
                nodes = [child for node in nodes for child in node.named(name)]
            if not nodes:
                return []
        return nodes

    def begin(self) -> None:
        """A new change: nothing touched, no work done."""
        self.changed.clear()
        self.ran.clear()
        self.rows_changed = False
        self.environment.work = 0
        self.actions.begin()

    # Rules

    def start(self) -> None:
        """Every rule once, in order."""
        self._run(range(len(self.model.rules)), (), frozenset())

    def after_change(self, node: Node) -> None:
        """The rules that look at ``node`` and all that follow from them."""
        self._trigger(node.names(), place_of(node), frozenset(), set())

    def after_new_row(self, row: Node) -> None:
        names, place = row.names(), place_of(row)
        everywhere = self._concerning_all_rows(names)
        done = self._trigger(names, place, everywhere, set())
        within = {
            n
            for n, rule in enumerate(self.model.rules)
            if any(target[: len(names)] == names for target in rule.targets)
        }
        second = self._closure(within)
        self._run(sorted(second), place, frozenset())
        self._children(row, place, done | second)

    def after_removed_row(self, row: Node, place: Place) -> None:
        names = tuple(name for name, _ in place)
        done = self._trigger(names, place, self._concerning_all_rows(names), set())
        self._children(row, place, done)

    def _children(self, row: Node, place: Place, done: set[int]) -> None:
        for child in row.children:
            self._trigger(
                (*(name for name, _ in place), child.name), (*place, (child.name, child.number)), frozenset(), done
            )

    def _trigger(self, names: Names, place: Place, everywhere: frozenset[int], done: set[int]) -> set[int]:
        looking = self.model.triggered.get(names)
        if not looking:
            return set(done)
        closure = self._closure(looking) - done
        self._run(sorted(closure), place, everywhere)
        return closure

    def _closure(self, starting: Iterable[int]) -> set[int]:
        found = set(starting)
        waiting = list(found)
        rules = self.model.rules
        while waiting:
            for following in rules[waiting.pop()].cascades:
                if following not in found:
                    found.add(following)
                    waiting.append(following)
        return found

    def _run(self, places: Iterable[int], place: Place, everywhere: frozenset[int]) -> None:
        self.environment.in_this_pass = {}
        try:
            for number in places:
                self.ran.add(number)
                rule = self.model.rules[number]
                for node in self.expand(rule.context, () if number in everywhere else place):
                    self._apply(rule, number, node)
        finally:
            self.environment.in_this_pass = None

    def _apply(self, rule: Rule, number: int, node: Node) -> None:
        self.evaluations += 1
        try:
            if not rule.shared:
                self._effect(rule, node, atom(self._compiled[number](Context(self.environment, node))))
                return
            origin = contextualized(rule.origin, place_of(node))
            result = atom(self._compiled[number](Context(self.environment, node, place=origin)))
            for target in rule.targets:
                for reached in self.expand(target, origin):
                    self._effect(rule, reached, result)
        except XPathError as error:
            raise RuleError(f"{path_of(node)}: {error}") from None

    def _effect(self, rule: Rule, node: Node, result: Atom) -> None:
        """Puts the result of a rule into one node."""
        if rule.kind == "calculate":
            assert node.shape is not None
            self._store(node, from_result(result, node.shape.type))
            return
        met = as_boolean(result)
        if rule.kind == "relevant":
            self.changed.update(node.set_own_relevance(met))
        elif rule.kind == "required":
            if node.required != met:
                node.required = met
                self.changed.add(node)
        elif node.enabled_own == met:
            node.set_own_enabled(not met)
            self.changed.update(node.descendants())

    def _store(self, node: Node, value: Answer | None) -> None:
        before = node.value
        # 0 and false are equal to Python, but not to an expression.
        if before != value or (before and value and type(before.atom) is not type(value.atom)):
            node.value = value
            self.changed.add(node)

    def _concerning_all_rows(self, names: Names) -> frozenset[int]:
        """The rules inside a repeat that must be worked out in every row when one is added or removed (JavaRosa)."""
        rules = self.model.rules
        roots = self.model.triggered.get(names, ())
        found = {number for number in roots if rules[number].context[: len(names)] == names}
        outside: set[int] = set()
        level = set(roots)
        seen: set[int] = set()
        while level:
            following: set[int] = set()
            for number in sorted(level):
                context = rules[number].context
                if not (len(context) > len(names) and context[: len(names)] == names):
                    outside.add(number)
                elif any(number in rules[parent].cascades for parent in outside | found):
                    found.add(number)
                following.update(rules[number].cascades)
            seen |= level
            level = following - seen
        return frozenset(found)

    # Values

    def put(self, node: Node, value: Answer | None) -> None:
        """Gives a node a value as a person's answer or an action does: rules first, then the actions on its
        question."""
        before = node.value.text if node.value is not None else None
        self._store(node, value)
        self.after_change(node)
        after = value.text if value is not None else None
        control = self.model.controls.get(node.names())
        if before != after and control is not None and control.is_question:
            self.actions.fire(control.actions, "xforms-value-changed", node.parent)
