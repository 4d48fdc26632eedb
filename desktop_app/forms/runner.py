"""Runs a form's rules over its tree of nodes: what is worked out, where and when.

The order and the reach of every pass are JavaRosa's: after a change the rules that look at it and all that follow
from them,
in the order of the dependency graph, each in the row it concerns; after a row is added or removed also those that
look at the
repeat as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .counting import whole_number
from .instances import set_attribute
from .node import Node
from .places import Place, contextualized, path_of, place_among, place_of
from .shape import Action, Blueprint, Control, Model, Names, Rule
from .values import Answer, cast, from_result, parse
from .xpath.context import Atom, Context, Environment, as_boolean, atom
from .xpath.errors import XPathError
from .xpath.evaluate import compiled, target_nodes

# A chain of actions that set one another is stopped here; JavaRosa would run out of stack.
MAX_ACTION_DEPTH = 50
# Actions that set several questions each multiply; one change may set this many values.
MAX_ACTIONS = 5_000
MAX_NODES = 40_000


class RuleError(XPathError):
    """A rule that could not be worked out: which node, and why."""


class Runner:
    """The nodes of one record and the rules over them. ``changed`` gathers the nodes a change touched."""

    def __init__(self, model: Model, environment: Environment) -> None:
        self.model = model
        self.environment = environment
        self.evaluations = 0
        self.changed: set[Node] = set()
        self._compiled = [compiled(rule.expression) for rule in model.rules]
        self._depth = 0
        self._acts = 0
        self.grown = 0
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
        self._acts = 0
        self.environment.work = 0
        self._depth = 0

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

    # Values, actions, rows

    def put(self, node: Node, value: Answer | None) -> None:
        """Gives a node a value as a person's answer or an action does: rules first, then the actions on its
        question."""
        before = node.value.text if node.value is not None else None
        self._store(node, value)
        self.after_change(node)
        after = value.text if value is not None else None
        control = self.model.controls.get(node.names())
        if before != after and control is not None and control.is_question:
            self.fire(control.actions, "xforms-value-changed", node.parent)

    def fire(self, actions: Iterable[Action], event: str, context: Node | None) -> None:
        for action in actions:
            if event in action.events:
                self._act(action, context)

    def _act(self, action: Action, context: Node | None) -> None:
        self._depth += 1
        self._acts += 1
        if self._depth > MAX_ACTION_DEPTH or self._acts > MAX_ACTIONS:
            self._depth = 0
            raise RuleError("The actions of the form set one another without end.")
        targets = self._targets(action, context)
        if len(targets) > 1:
            raise RuleError(f"/{'/'.join(action.target)}: an action sets a repeated question without saying which row.")
        if targets:
            target = targets[0]
            assert target.shape is not None
            self.evaluations += 1
            try:
                result = atom(compiled(action.value)(Context(self.environment, target)))
                value = from_result(result, target.shape.type)
                value = None if value is None else cast(value, target.shape.type, self.environment.now)
            except XPathError as error:
                raise RuleError(f"{path_of(target)}: {error}") from None
            self.put(target, value)
        self._depth -= 1

    def _targets(self, action: Action, context: Node | None) -> list[Node]:
        if action.filtered is None:
            return self.expand(action.target, place_of(context) if context is not None else ())
        try:
            return target_nodes(action.filtered)(Context(self.environment, context or self.environment.root))
        except XPathError as error:
            raise RuleError(f"/{'/'.join(action.target)}: {error}") from None

    def fire_top(self, event: str) -> None:
        """An event of the whole form: the model's actions, then those nested in controls, once for every row."""
        self.fire(self.model.model_actions, event, None)
        for control in self.model.event_controls:
            names = control.names if control.tag in ("repeat", "group") else control.names[:-1]
            for context in self.expand(names):
                self.fire(control.actions, event, context)

    def new_row(self, parent: Node, names: Names, preload: Callable[[Node], None]) -> Node:
        """A new last row from the template, its events and rules. Raises RuleError."""
        shape = self.model.shapes[names]
        if shape.template is None:
            raise RuleError(f"{shape.path}: the repeat has no row to copy.")
        row = self.grow(shape.template)
        self.rows_changed = True
        same = parent.named(row.name)
        if same:
            parent.append(row)
        else:
            parent.insert_first(row, place_among(parent, shape.names))
        self.changed.update(row.descendants())
        preload(row)
        self.fire(self.model.model_actions, "jr-insert", row)
        self.fire(self.model.model_actions, "odk-new-repeat", row)
        control = self.model.controls.get(names)
        if control is not None:
            self.fire(control.actions, "odk-new-repeat", row)
        self.after_new_row(row)
        return row

    def remove_row(self, row: Node) -> None:
        parent = row.parent
        assert parent is not None
        place = place_of(row)
        self.rows_changed = True
        self.changed.update(parent.named(row.name))
        parent.remove(row)
        self.after_removed_row(row, place)

    def row_allowed(self, parent: Node, names: Names, control: Control) -> bool:
        """Whether the repeat is relevant here, so that a row may be added (JavaRosa's prompt for a new row)."""
        shape = self.model.shapes[names]
        rule = self.model.repeat_relevance.get(names)
        if rule is not None:
            row = Node(shape.name, parent, shape)
            row.number = len(parent.named(shape.name))
            self.evaluations += 1
            try:
                relevant = as_boolean(compiled(rule.expression)(Context(self.environment, row)))
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
        return whole_number(node.value)

    def _only(self, names: Names, place: Place) -> Node | None:
        """The node of a generic path seen from ``place``; None when it, or anything on the way to it, is repeated."""
        node = self.environment.root
        for name, number in contextualized(names, place)[1:]:
            if name.startswith("@"):
                return (node.attributes or {}).get(name[1:])
            same = node.named(name)
            number = number if number >= 0 or len(same) != 1 else 0
            if not 0 <= number < len(same):
                return None
            node = same[number]
        return node
