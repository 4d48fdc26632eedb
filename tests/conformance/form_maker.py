"""Makes forms at random, with groups, repeats, selects, relevance, constraints, calculations, actions; and steps.

Forms the rules of which run in a circle, or that cannot begin, are made too: both engines must refuse the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

NAMESPACES = 'xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"'
TYPES = ("string", "int", "decimal", "date", "select1", "select", "boolean", "time", "dateTime", "geopoint", "long")
VALUES = (
    "",
    "1",
    "2",
    "-3",
    "2.5",
    "abc",
    "a",
    "b",
    "a b",
    "2024-02-29",
    "2026-11-22",
    "0",
    "10:30",
    "1 2",
    "x y z",
    "1e3",
    " 7 ",
    "100000",
)


@dataclass
class Leaf:
    name: str
    path: str
    type: str
    rules: dict[str, str] = field(default_factory=dict)
    default: str = ""
    control: bool = True
    action: tuple[str, str, str] | None = None


@dataclass
class Group:
    name: str
    path: str
    repeat: bool = False
    count: str = ""
    template: bool = False
    rules: dict[str, str] = field(default_factory=dict)
    children: list[Leaf | Group] = field(default_factory=list)


@dataclass
class Made:
    xml: str
    steps: list[dict[str, str]]


def leaves(group: Group) -> list[Leaf]:
    found: list[Leaf] = []
    for child in group.children:
        found.extend([child] if isinstance(child, Leaf) else leaves(child))
    return found


def groups(group: Group) -> list[Group]:
    found = [group]
    for child in group.children:
        if isinstance(child, Group):
            found.extend(groups(child))
    return found


@st.composite
def forms(draw: st.DrawFn) -> Made:
    names = iter(f"n{number}" for number in range(100))
    root = Group("data", "/data")
    _grow(draw, root, names, 0)
    every = leaves(root)
    if not every:
        every = [Leaf("n99", "/data/n99", "string")]
        root.children.append(every[0])
    for holder in groups(root)[1:]:
        if draw(st.integers(0, 3)) == 0:
            before = [leaf for leaf in every if leaf.path < holder.path and not leaf.path.startswith(holder.path + "/")]
            holder.rules["relevant"] = _condition(draw, before or every, root, holder.path)
        if holder.repeat and draw(st.integers(0, 4)) == 0:
            counts = [leaf for leaf in every if leaf.type == "int" and not leaf.path.startswith(holder.path + "/")]
            if counts:
                holder.count = draw(st.sampled_from(counts)).path
    for place, leaf in enumerate(every):
        # Mostly only what comes before, so that few forms run in a circle.
        _rules(draw, leaf, every if draw(st.integers(0, 19)) == 0 else every[:place] or every[-1:], root)
    steps = draw(st.lists(_step(root, every), min_size=2, max_size=9))
    return Made(_xml(root), steps)


def _grow(draw: st.DrawFn, group: Group, names: object, depth: int) -> None:
    for _ in range(draw(st.integers(1, 4 if depth == 0 else 3))):
        name = next(names)  # type: ignore[call-overload]
        path = f"{group.path}/{name}"
        kind = draw(st.integers(0, 9))
        if kind < 7 or depth > 2:
            group.children.append(Leaf(name, path, draw(st.sampled_from(TYPES))))
            continue
        inner = Group(name, path, repeat=kind > 7, template=draw(st.booleans()))
        _grow(draw, inner, names, depth + 1)
        group.children.append(inner)


def _rules(draw: st.DrawFn, leaf: Leaf, every: list[Leaf], root: Group) -> None:
    chance = draw(st.integers(0, 15))
    if chance in (0, 1, 2):
        leaf.rules["relevant"] = _condition(draw, every, root, leaf.path)
    if chance in (2, 3):
        leaf.rules["required"] = draw(st.sampled_from(["true()", "false()", _condition(draw, every, root, leaf.path)]))
    if chance in (4,):
        leaf.rules["readonly"] = draw(st.sampled_from(["true()", _condition(draw, every, root, leaf.path)]))
    if chance in (5, 6):
        leaf.rules["constraint"] = draw(
            st.sampled_from(
                [
                    ". != 'abc'",
                    ". > 1",
                    "string-length(.) < 4",
                    ". = 1 or . = 2",
                    _condition(draw, every, root, leaf.path),
                ]
            )
        )
    if chance in (7, 8, 9, 10):
        leaf.rules["calculate"] = _calculation(draw, every, root, leaf.path)
        leaf.control = draw(st.booleans())
    if chance == 11:
        leaf.default = draw(st.sampled_from(VALUES))
    if chance == 12 and leaf.type != "boolean":
        target = draw(st.sampled_from(every))
        if target is not leaf and target.path.count("/") <= leaf.path.count("/"):
            leaf.action = ("xforms-value-changed", target.path, draw(st.sampled_from(["'1'", leaf.path, "2", "''"])))


def _reference(draw: st.DrawFn, every: list[Leaf], here: str) -> str:
    target = draw(st.sampled_from(every)).path
    if draw(st.integers(0, 3)):
        return target
    mine, theirs = here.split("/")[1:], target.split("/")[1:]
    same = 0
    while same < min(len(mine), len(theirs)) and mine[same] == theirs[same]:
        same += 1
    return "/".join([".."] * (len(mine) - same) + theirs[same:]) or "."


def _repeats(root: Group) -> list[Group]:
    return [group for group in groups(root) if group.repeat]


def _node_set(draw: st.DrawFn, every: list[Leaf], root: Group) -> str:
    repeats = _repeats(root)
    if not repeats:
        return draw(st.sampled_from(every)).path
    repeat = draw(st.sampled_from(repeats))
    inside = [leaf for leaf in leaves(repeat) if leaf.path.startswith(repeat.path + "/")]
    if not inside or draw(st.integers(0, 4)) == 0:
        return repeat.path
    leaf = draw(st.sampled_from(inside))
    filters = draw(
        st.sampled_from(["", "", "[position() = 1]", f"[{inside[0].name} > 1]", f"[{inside[0].name} = 'a']"])
    )
    return f"{repeat.path}{filters}{leaf.path[len(repeat.path) :]}"


def _condition(draw: st.DrawFn, every: list[Leaf], root: Group, here: str) -> str:
    a, b = _reference(draw, every, here), _reference(draw, every, here)
    return draw(
        st.sampled_from(
            [
                f"{a} = 'a'",
                f"{a} != ''",
                f"{a} > 1",
                f"selected({a}, 'b')",
                f"not({a} = {b})",
                f"{a} = {b}",
                f"{a}",
                f"string-length({a}) < 3 and {b} != 'x'",
                f"{a} = 1 or {b} = 2",
                f"count({_node_set(draw, every, root)}) > 1",
                "true()",
                "false()",
                f"{a} < {b}",
                "1 = 1",
            ]
        )
    )


def _calculation(draw: st.DrawFn, every: list[Leaf], root: Group, here: str) -> str:
    a, b = _reference(draw, every, here), _reference(draw, every, here)
    nodes = _node_set(draw, every, root)
    return draw(
        st.sampled_from(
            [
                f"concat({a}, '-', {b})",
                f"{a} + {b}",
                f"{a} * 2",
                f"{a} div 3",
                f"if({a} > 1, {b}, 'no')",
                f"coalesce({a}, {b})",
                f"sum({nodes})",
                f"count({nodes})",
                f"join(',', {nodes})",
                f"max({nodes})",
                f"min({nodes})",
                "position(..)",
                f"string({a})",
                f"number({a})",
                f"round({a}, 1)",
                f"int({a})",
                f"count-selected({a})",
                f"selected-at({a}, 0)",
                f"format-date({a}, '%Y-%m-%d')",
                f"once({a})",
                f"substr({a}, 0, 2)",
                f"{a} = {b}",
                f"string-length({a})",
                f"count-non-empty({nodes})",
                f"date({a})",
                f"boolean({a})",
                f"concat({nodes})",
                f"translate({a}, 'ab', 'BA')",
                f"-{a}",
                f"{a} mod 2",
                f"normalize-space({a})",
                f"decimal-date-time({a})",
                f"{a}",
            ]
        )
    )


def _step(root: Group, every: list[Leaf]) -> st.SearchStrategy[dict[str, str]]:
    repeats = {group.path for group in _repeats(root)}

    @st.composite
    def numbered(draw: st.DrawFn, path: str, last: bool) -> str:
        pieces, so_far = [], ""
        steps = path.split("/")[1:]
        for depth, step in enumerate(steps):
            so_far += "/" + step
            number = so_far in repeats and (last or depth < len(steps) - 1)
            pieces.append(f"{step}[{draw(st.sampled_from([1, 1, 1, 2, 2, 3]))}]" if number else step)
        return "/" + "/".join(pieces)

    @st.composite
    def one(draw: st.DrawFn) -> dict[str, str]:
        kind = draw(st.integers(0, 9))
        if repeats and kind in (0, 1, 2):
            return {"add": draw(numbered(draw(st.sampled_from(sorted(repeats))), False))}
        if repeats and kind == 3:
            return {"remove": draw(numbered(draw(st.sampled_from(sorted(repeats))), True))}
        return {"set": draw(numbered(draw(st.sampled_from(every)).path, True)), "value": draw(st.sampled_from(VALUES))}

    return one()


def _xml(root: Group) -> str:
    binds = "".join(_bind(item.path, item.rules, item.type if isinstance(item, Leaf) else "") for item in _all(root))
    instance = "".join(_instance(child) for child in root.children)
    body = "".join(_control(child) for child in root.children)
    return (
        f"<h:html {NAMESPACES}><h:head><h:title>Made</h:title><model>"
        f'<instance><data id="made" version="1">{instance}</data></instance>{binds}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    )


def _all(group: Group) -> list[Leaf | Group]:
    found: list[Leaf | Group] = []
    for child in group.children:
        found.append(child)
        if isinstance(child, Group):
            found.extend(_all(child))
    return found


def _bind(path: str, rules: dict[str, str], kind: str) -> str:
    written = {"select1": "string", "select": "string"}.get(kind, kind)
    attributes = "".join(f" {name}={quoteattr(rule)}" for name, rule in rules.items())
    return f'<bind nodeset="{path}"{f" type={quoteattr(written)}" if written else ""}{attributes}/>'


def _instance(item: Leaf | Group, templates: bool = True) -> str:
    """``templates``: a template may only stand inside templates, so an ordinary row has none."""
    if isinstance(item, Leaf):
        return f"<{item.name}>{item.default}</{item.name}>"
    row = "".join(_instance(child, templates and not item.repeat) for child in item.children)
    plain = f"<{item.name}>{row}</{item.name}>"
    if not (item.repeat and item.template and templates):
        return plain
    inside = "".join(_instance(child) for child in item.children)
    return f'<{item.name} jr:template="">{inside}</{item.name}>{plain}'


def _control(item: Leaf | Group) -> str:
    if isinstance(item, Group):
        inside = "".join(_control(child) for child in item.children)
        if item.repeat:
            count = f' jr:count="{item.count}"' if item.count else ""
            inside = f'<repeat nodeset="{item.path}"{count}>{inside}</repeat>'
        return f'<group ref="{item.path}"><label>g</label>{inside}</group>'
    if not item.control:
        return ""
    action = ""
    if item.action:
        event, target, value = item.action
        action = f'<setvalue event="{event}" ref="{target}" value={quoteattr(value)}/>'
    if item.type in ("select1", "select"):
        choices = "".join(f"<item><label>{name}</label><value>{name}</value></item>" for name in ("a", "b", "1", "2"))
        return f'<{item.type} ref="{item.path}"><label>q</label>{choices}{action}</{item.type}>'
    return f'<input ref="{item.path}"><label>q</label>{action}</input>'
