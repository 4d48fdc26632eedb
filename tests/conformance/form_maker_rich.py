"""Makes richer forms at random than form_maker.py: what real forms are made of, nested and mixed.

Repeats in repeats with counts, choice filters over lists and over rows, shuffled choices, setvalue on every event,
indexed-repeat, dates and times, once, pulldata, ranges, ranks, constraints with required, two languages with outputs.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from form_maker import NAMESPACES, Made

TYPES = (
    "string", "string", "int", "int", "decimal", "date", "time", "dateTime", "select1", "select", "select1", "rank",
    "range", "boolean", "geopoint", "long", "barcode", "binary",
)  # fmt: skip
VALUES = (
    "", "1", "2", "3", "-3", "2.5", "abc", "a", "b", "c", "a b", "b a c", "2024-02-29", "2026-11-22", "1999-12-31", "0",
    "10:30", "10:30:15.250", "23:59:59.000+01:00", "2026-11-22T10:15:00.000Z", "2024-02-29T23:30:00.000+02:00", "1 2",
    "x y z", "1e3", " 7 ", "100000", "51.5 -0.1 0 0", "North", "south", "3.0", "-0", "12345678901", "true", "a  b", "é",
)  # fmt: skip
LIST = (("a", "North", "1"), ("b", "south", "2"), ("c", "North", "3"), ("1", "East", "10"), ("2", "2", "-1"))


@dataclass
class Leaf:
    name: str
    path: str
    type: str
    rules: dict[str, str] = field(default_factory=dict)
    default: str = ""
    control: bool = True
    choices: str = ""
    actions: list[str] = field(default_factory=list)
    label: str = ""


@dataclass
class Group:
    name: str
    path: str
    repeat: bool = False
    count: str = ""
    fixed: bool = False
    template: bool = False
    rows: int = 1
    rules: dict[str, str] = field(default_factory=dict)
    children: list[Leaf | Group] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)


class Maker:
    """One form and its steps from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.root = Group("data", "/data")
        self._names = iter(f"n{number}" for number in range(1000))
        self._grow(self.root, 0)
        self.leaves = leaves(self.root)
        if not self.leaves:
            self.root.children.append(Leaf("n999", "/data/n999", "string"))
            self.leaves = leaves(self.root)
        self.repeats = [group for group in groups(self.root) if group.repeat]
        self.model_actions: list[str] = []
        self._here = ""
        for group in groups(self.root)[1:]:
            self._group_rules(group)
        for place, leaf in enumerate(self.leaves):
            before = self.leaves if self.one_in(40) else self.leaves[:place]
            if before:
                self._leaf_rules(leaf, before)
            elif leaf.type in ("select1", "select", "rank"):
                leaf.choices = self._choices([leaf])
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            self._model_action()

    def one_in(self, many: int) -> bool:
        return self.chance.randrange(many) == 0

    def pick(self, *choices: str) -> str:
        return self.chance.choice(choices)

    # The tree

    def _grow(self, group: Group, depth: int) -> None:
        for _ in range(self.chance.randint(1, 5 if depth == 0 else 3)):
            name = next(self._names)
            path = f"{group.path}/{name}"
            if depth > 2 or self.chance.randrange(10) < 6:
                group.children.append(Leaf(name, path, self.chance.choice(TYPES)))
                continue
            repeat = self.chance.randrange(10) < 6
            inner = Group(name, path, repeat, template=self.one_in(2), rows=self.chance.choice((0, 1, 1, 1, 2, 3)))
            inner.fixed = repeat and self.one_in(8)
            self._grow(inner, depth + 1)
            group.children.append(inner)

    # Rules

    def _group_rules(self, group: Group) -> None:
        self._here = group.path
        before = [leaf for leaf in self.leaves if not leaf.path.startswith(group.path + "/")]
        if before and self.one_in(4):
            group.rules["relevant"] = self.condition(before)
        if self.one_in(20):
            group.rules["readonly"] = self.condition(before or self.leaves)
        numbers = [leaf for leaf in before if leaf.type in ("int", "long", "decimal", "string")]
        if group.repeat and numbers and self.one_in(3):
            group.count = self.chance.choice(numbers).path
        inside = [leaf for leaf in self.leaves if leaf.path.startswith(group.path + "/")]
        if group.repeat and inside and self.one_in(3):
            target = self._target(inside, inside[0].path)
            event = self.pick("odk-new-repeat", "odk-new-repeat", "odk-instance-first-load odk-new-repeat")
            self._here = target.path
            group.actions.append(self._setvalue(event, target, self.leaves))

    def _leaf_rules(self, leaf: Leaf, before: list[Leaf]) -> None:
        self._here = leaf.path
        kind = self.chance.randrange(24)
        if kind < 4:
            leaf.rules["relevant"] = self.condition(before)
        if kind in (3, 4, 5, 6):
            leaf.rules["required"] = self.pick("true()", "true()", "false()", self.condition(before))
        if kind in (5, 6, 7):
            leaf.rules["constraint"] = self.constraint(before)
        if kind == 8:
            leaf.rules["readonly"] = self.pick("true()", self.condition(before))
        if 9 <= kind <= 15:
            leaf.rules["calculate"] = self.calculation(before)
            leaf.control = self.one_in(2)
        if kind in (16, 17):
            leaf.default = self.chance.choice(VALUES)
        if leaf.type in ("select1", "select", "rank"):
            leaf.choices = self._choices(before)
        if leaf.type not in ("select1", "select", "rank", "boolean") and kind in (18, 19):
            target = self._target(self.leaves, leaf.path)
            if target is not leaf:
                event = self.pick(
                    "xforms-value-changed", "xforms-value-changed", "xforms-value-changed odk-instance-first-load"
                )
                leaf.actions.append(self._setvalue(event, target, self.leaves))
        if self.one_in(6):
            leaf.label = f"Label <output value={quoteattr(self.reference(before))}/> end"

    def _setvalue(self, event: str, target: Leaf, before: list[Leaf]) -> str:
        kept, self._here = self._here, target.path
        value = self.pick(
            "'1'", "2", "''", "'a'", self.reference(before), self.calculation(before), "position(..)", "today() = ''"
        )
        self._here = kept
        if self.one_in(5):
            return f'<setvalue event="{event}" ref="{target.path}">7</setvalue>'
        return f'<setvalue event="{event}" ref="{target.path}" value={quoteattr(value)}/>'

    def _model_action(self) -> None:
        target = self._target(self.leaves, "/data/")
        event = self.pick("odk-instance-first-load", "odk-instance-load", "xforms-ready")
        self._here = target.path
        self.model_actions.append(self._setvalue(event, target, self.leaves))

    def _near(self, found: list[Leaf], here: str) -> list[Leaf]:
        """Mostly those in no other repeat than ``here`` is: the others are one value only by luck."""
        around = tuple(repeat.path + "/" for repeat in self.repeats if not here.startswith(repeat.path + "/"))
        near = [leaf for leaf in found if not leaf.path.startswith(around)]
        return near if near and not self.one_in(12) else found

    def _target(self, found: list[Leaf], here: str) -> Leaf:
        return self.chance.choice(self._near(found, here))

    # Expressions

    def reference(self, before: list[Leaf]) -> str:
        target = self.chance.choice(self._near(before, self._here)).path
        if self.chance.randrange(5) < 2:
            return target
        mine, theirs = self._here.split("/")[1:], target.split("/")[1:]
        same = 0
        while same < min(len(mine), len(theirs)) and mine[same] == theirs[same]:
            same += 1
        path = "/".join([".."] * (len(mine) - same) + theirs[same:]) or "."
        return f"current()/{path}" if self.one_in(6) and path != "." else path

    def node_set(self, before: list[Leaf]) -> str:
        if not self.repeats:
            return self.chance.choice(before).path
        repeat = self.chance.choice(self.repeats)
        inside = [leaf for leaf in self.leaves if leaf.path.startswith(repeat.path + "/")]
        if not inside or self.one_in(6):
            return repeat.path
        leaf, key = self.chance.choice(inside), self.chance.choice(inside)
        near = key.path[len(repeat.path) + 1 :]
        test = self.pick(
            "", "", "", "[position() = 1]", f"[{near} > 1]", f"[{near} = 'a']", f"[position() < 3 and {near} != '']",
            f"[{near} = {self.reference(before)}]", f"[position() = {self.reference(before)}]",
            f"[selected({near}, 'a')]", "[position() != position(current()/..)]", f"[{near} = '1'][position() = 1]",
        )  # fmt: skip
        return f"{repeat.path}{test}{leaf.path[len(repeat.path) :]}"

    def indexed(self, before: list[Leaf]) -> str:
        """indexed-repeat() with the repeats that hold the field, outermost first."""
        if not self.repeats:
            return "1"
        repeat = self.chance.choice(self.repeats)
        inside = [leaf for leaf in self.leaves if leaf.path.startswith(repeat.path + "/")]
        if not inside:
            return "1"
        leaf = self.chance.choice(inside)
        around = [group for group in self.repeats if leaf.path.startswith(group.path + "/")]
        pairs = ", ".join(
            f"{group.path}, {self.pick('1', '2', 'position(..)', 'position(..) - 1', self.reference(before))}"
            for group in around[:3]
        )
        return f"indexed-repeat({leaf.path}, {pairs})"

    def constraint(self, before: list[Leaf]) -> str:
        other = self.reference(before)
        return self.pick(
            ". != 'abc'", ". > 1", "string-length(.) < 4", ". = 1 or . = 2", "regex(., '[a-c ]+')", ". >= 0 and . < 10",
            f". != {other}", f". > {other}", "selected(., 'a')", "count-selected(.) < 2", ". <= today()",
            "not(selected(., 'a') and selected(., 'b'))", ". = '' or . > -1", self.condition(before),
        )  # fmt: skip

    def condition(self, before: list[Leaf]) -> str:
        a, b = self.reference(before), self.reference(before)
        return self.pick(
            f"{a} = 'a'", f"{a} != ''", f"{a} > 1", f"selected({a}, 'b')", f"not({a} = {b})", f"{a} = {b}", a,
            f"string-length({a}) < 3 and {b} != 'x'", f"{a} = 1 or {b} = 2", f"count({self.node_set(before)}) > 1",
            f"{a} < {b}", "position(..) mod 2 = 1", f"{a} >= date('2024-01-01')", f"count-selected({a}) > 1",
            f"boolean-from-string({a})", f"regex({a}, '[0-9]+')", f"coalesce({a}, {b}) != ''", "1 = 1", "false()",
            f"{self.indexed(before)} != ''", f"sum({self.node_set(before)}) > 2", f"contains({a}, 'b')",
            f"instance('l')/root/item[name = {a}]/region = 'North'", f"checklist(1, 2, {a} = 'a', {b} > 1)",
        )  # fmt: skip

    def calculation(self, before: list[Leaf]) -> str:
        a, b = self.reference(before), self.reference(before)
        nodes = self.node_set(before)
        return self.pick(
            f"concat({a}, '-', {b})", f"{a} + {b}", f"{a} * 2", f"{a} div 3", f"if({a} > 1, {b}, 'no')",
            f"coalesce({a}, {b})", f"sum({nodes})", f"count({nodes})", f"join(',', {nodes})", f"max({nodes})",
            f"min({nodes})", "position(..)", f"string({a})", f"number({a})", f"round({a}, 1)", f"int({a})",
            f"count-selected({a})", f"selected-at({a}, 0)", f"format-date({a}, '%Y-%m-%d %b %a')", f"once({a})",
            "once(position(..))", f"substr({a}, 0, 2)", f"{a} = {b}", f"string-length({a})",
            f"count-non-empty({nodes})", f"date({a})", f"boolean({a})", f"translate({a}, 'ab', 'BA')", f"-{a}",
            f"{a} mod 2", f"normalize-space({a})", f"decimal-date-time({a})", a, self.indexed(before),
            f"instance('l')/root/item[name = {a}]/region", f"count(instance('l')/root/item[region = {a}])",
            f"sum(instance('l')/root/item[x > {a}]/x)", f"join(' ', randomize({nodes}, 42))",
            f"jr:choice-name({a}, '{self.chance.choice(before).path}')",
            f"if(selected({a}, 'a'), {b}, {a})", f"decimal-time({a})", f"format-date-time({a}, '%H:%M %e/%n/%y')",
            f"date-time({a})", f"date({a}) + 1", f"int(({b} - {a}) div 365.25)", f"starts-with({a}, {b})",
            f"ends-with({a}, 'a')", f"substring-before({a}, '-')", f"substring-after({a}, ' ')", f"pow({a}, 2)",
            f"sqrt({a})", f"abs({a})", f"log10({a})", f"digest({a}, 'SHA-256', 'hex')", f"regex({a}, '^[a-z]*$')",
            f"weighted-checklist(1, 3, {a} = 'a', 2, {b} = 'b', 1)", f"position({self.chance.choice(before).path})",
            f"sum({nodes}) div count({nodes})", f"({a} + 1) * ({b} - 1)", f"{a} > 1 and {b} < 3 or {a} = ''",
            f"string({a} > 1)", "jr:itext('hello')", "true()", "'text'", "0.1 + 0.2", "1 div 0",
        )  # fmt: skip

    def _choices(self, before: list[Leaf]) -> str:
        a = self.reference(before)
        written = "".join(
            f"<item><label>{label}</label><value>{name}</value></item>"
            for name, label, _ in LIST[: self.chance.randint(2, 5)]
        )
        source = self.pick(
            "", "", "", "instance('l')/root/item", f"instance('l')/root/item[region = {a}]",
            f"instance('l')/root/item[x > {a}]", f"instance('l')/root/item[name != {a} and x > 0]",
            "randomize(instance('l')/root/item)", "randomize(instance('l')/root/item, 7)",
            f"randomize(instance('l')/root/item[x > 1], string-length({a}))", f"instance('l')/root/item[selected({a}, name)]",
        )  # fmt: skip
        if not source:
            return written
        return f'<itemset nodeset={quoteattr(source)}><value ref="name"/><label ref="region"/></itemset>'

    # Steps

    def steps(self) -> list[dict[str, str]]:
        made: list[dict[str, str]] = []
        for _ in range(self.chance.randint(3, 12)):
            kind = self.chance.randrange(10)
            if self.repeats and kind < 3:
                made.append({"add": self._numbered(self.chance.choice(self.repeats).path, False)})
            elif self.repeats and kind == 3:
                made.append({"remove": self._numbered(self.chance.choice(self.repeats).path, True)})
            else:
                leaf = self.chance.choice(self.leaves)
                value = self.chance.choice(VALUES)
                made.append({"set": self._numbered(leaf.path, True), "value": value})
        return made

    def _numbered(self, path: str, last: bool) -> str:
        repeats = {group.path for group in self.repeats}
        pieces, so_far = [], ""
        steps = path.split("/")[1:]
        for depth, step in enumerate(steps):
            so_far += "/" + step
            number = so_far in repeats and (last or depth < len(steps) - 1)
            pieces.append(f"{step}[{self.chance.choice((1, 1, 1, 2, 2, 3))}]" if number else step)
        return "/" + "/".join(pieces)

    # Writing

    def xml(self) -> str:
        binds = "".join(_bind(item) for item in everything(self.root))
        instance = "".join(self._instance(child, True) for child in self.root.children)
        items = "".join(f"<item><name>{n}</name><region>{r}</region><x>{x}</x></item>" for n, r, x in LIST)
        texts = "".join(
            f'<translation lang="{language}"{default}><text id="hello"><value>{word}</value></text></translation>'
            for language, default, word in (("English", ' default="true()"', "Hello"), ("Cymraeg", "", "Helo"))
        )
        body = "".join(_control(child) for child in self.root.children)
        return (
            f"<h:html {NAMESPACES}><h:head><h:title>Made</h:title><model><itext>{texts}</itext>"
            f'<instance><data id="made" version="1">{instance}</data></instance>'
            f'<instance id="l"><root>{items}</root></instance>{binds}{"".join(self.model_actions)}</model></h:head>'
            f"<h:body>{body}</h:body></h:html>"
        )

    def _instance(self, item: Leaf | Group, templates: bool) -> str:
        """``templates``: a template may only stand inside templates, so an ordinary row has none."""
        if isinstance(item, Leaf):
            return f"<{item.name}>{item.default}</{item.name}>"
        rows = item.rows if item.repeat else 1
        if not (item.repeat and item.template and templates):
            rows = max(rows, 1)
        row = "".join(self._instance(child, templates and not item.repeat) for child in item.children)
        plain = f"<{item.name}>{row}</{item.name}>" * rows
        if not (item.repeat and item.template and templates):
            return plain
        inside = "".join(self._instance(child, True) for child in item.children)
        return f'<{item.name} jr:template="">{inside}</{item.name}>{plain}'


def everything(group: Group) -> list[Leaf | Group]:
    found: list[Leaf | Group] = []
    for child in group.children:
        found.append(child)
        if isinstance(child, Group):
            found.extend(everything(child))
    return found


def leaves(group: Group) -> list[Leaf]:
    return [item for item in everything(group) if isinstance(item, Leaf)]


def groups(group: Group) -> list[Group]:
    return [group, *(item for item in everything(group) if isinstance(item, Group))]


def _bind(item: Leaf | Group) -> str:
    kind = item.type if isinstance(item, Leaf) else ""
    written = {"select1": "string", "select": "string", "rank": "odk:rank", "range": "int"}.get(kind, kind)
    attributes = "".join(f" {name}={quoteattr(rule)}" for name, rule in item.rules.items())
    return f'<bind nodeset="{item.path}"{f" type={quoteattr(written)}" if written else ""}{attributes}/>'


def _control(item: Leaf | Group) -> str:
    if isinstance(item, Group):
        inside = "".join(item.actions) + "".join(_control(child) for child in item.children)
        if item.repeat:
            count = f' jr:count="{item.count}"' if item.count else ""
            fixed = ' jr:noAddRemove="true()"' if item.fixed else ""
            inside = f'<repeat nodeset="{item.path}"{count}{fixed}>{inside}</repeat>'
        return f'<group ref="{item.path}"><label>g</label>{inside}</group>'
    if not item.control:
        return ""
    label, actions = f"<label>{item.label or 'q'}</label>", "".join(item.actions)
    if item.type in ("select1", "select", "rank"):
        return f'<{item.type} ref="{item.path}">{label}{item.choices}{actions}</{item.type}>'
    if item.type == "range":
        return f'<range ref="{item.path}" start="1" end="5" step="1">{label}{actions}</range>'
    if item.type == "binary":
        return f'<upload ref="{item.path}" mediatype="image/*">{label}{actions}</upload>'
    return f'<input ref="{item.path}">{label}{actions}</input>'


def rich_form(seed: int) -> Made:
    maker = Maker(seed)
    steps = maker.steps()
    return Made(maker.xml(), steps)
