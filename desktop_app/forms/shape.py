"""A form read and checked, before anyone fills it: what each node is, the rules on it, the actions, the texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .node import Node
from .values import DataType
from .xpath.tree import Expression, Path

Names = tuple[str, ...]
# A text with <output>s: pieces of plain text and expressions in turn.
Pieces = tuple[str | Expression, ...]
RuleKind = Literal["relevant", "required", "readonly", "calculate"]


@dataclass
class Bind:
    """The rules of one node. A rule that is ``true()`` or ``false()`` is static and never worked out again
    (JavaRosa)."""

    names: Names
    type: DataType = "null"
    relevant: bool = True
    required: bool = False
    readonly: bool = False
    rules: dict[RuleKind, Expression] = field(default_factory=dict)
    constraint: Expression | None = None
    constraint_message: str = ""
    required_message: str = ""
    preload: str | None = None
    preload_params: str = ""
    be: dict[str, str] = field(default_factory=dict)


@dataclass
class Itemset:
    """Choices worked out from nodes: a secondary instance or a repeat, filtered."""

    nodes: Expression
    label: str
    label_is_itext: bool
    randomize: bool
    seed: Expression | None
    instance: str | None
    value_path: Expression | None
    label_path: Expression
    # The node a choice is copied from (<copy>, which stands in for, or around, the value); no answer can be given to it.
    copy_path: Expression | None = None


@dataclass
class StaticChoice:
    name: str
    label: Pieces
    text_id: str | None


@dataclass
class Action:
    """A setvalue: on an event the target's value becomes ``value``."""

    events: tuple[str, ...]
    target: Names
    value: Expression
    # Where the target is written with a filter: which of its nodes is meant.
    filtered: Path | None = None


@dataclass
class Control:
    """One control of the body: what kind of question its node is, and its texts."""

    names: Names
    tag: str
    label: Pieces
    label_id: str | None
    hint: Pieces
    hint_id: str | None
    appearance: str
    parameters: dict[str, str]
    choices: list[StaticChoice] = field(default_factory=list)
    itemset: Itemset | None = None
    actions: list[Action] = field(default_factory=list)
    # The node that says how many rows there are.
    count: Names | None = None
    fixed: bool = False
    children: list[Control] = field(default_factory=list)
    # Whether a repeat is inside that is counted or has a rule for its relevance; worked out when first asked.
    stops_inside: bool | None = None

    @property
    def is_question(self) -> bool:
        return self.tag not in ("group", "repeat")


@dataclass
class Shape:
    """What a node is, shared by all rows: its place, its bind, its control, and for a repeat the template of a
    new row."""

    name: str
    names: Names
    parent: Shape | None
    children: dict[str, Shape] = field(default_factory=dict)
    repeat: bool = False
    bind: Bind | None = None
    control: Control | None = None
    type: DataType = "null"
    template: Blueprint | None = None

    @property
    def path(self) -> str:
        return "/" + "/".join(self.names)

    @property
    def leaf(self) -> bool:
        return not self.children

    @property
    def choice_names(self) -> frozenset[str] | None:
        """The names an answer must be among: those of an inline list; None where there is none or it is worked out."""
        if self.control is None or self.control.itemset is not None:
            return None
        return frozenset(choice.name for choice in self.control.choices)


@dataclass
class Blueprint:
    """An element of the form's own instance: the shape and the text it starts with."""

    shape: Shape
    default: str | None
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Blueprint] = field(default_factory=list)


@dataclass
class Rule:
    """A vertex of the dependency graph: one rule of a bind, or one expression that several binds share (sharing.py).

    ``triggers``: what it looks at, as generic paths. ``context``: where it is run, once for every node there is;
    ``origin``:
    the node its paths start from.
    """

    kind: RuleKind
    targets: tuple[Names, ...]
    expression: Expression
    triggers: frozenset[Names]
    context: Names
    origin: Names
    cascades: tuple[int, ...] = ()

    @property
    def shared(self) -> bool:
        return self.context != self.origin


@dataclass
class Model:
    """Everything the engine needs to run a form."""

    root: Shape
    start: Blueprint
    root_attributes: dict[str, str]
    # Prefixes of the submission and its own namespace: none where the instance is in the form's (JavaRosa).
    namespaces: Mapping[str, str]
    namespace: str
    shapes: dict[Names, Shape]
    controls: dict[Names, Control]
    rules: list[Rule]
    # Rule places by generic path looked at.
    triggered: dict[Names, tuple[int, ...]]
    repeat_relevance: dict[Names, Rule]
    model_actions: list[Action]
    event_controls: list[Control]
    instances: dict[str, Node]
    # Which of them hold the record of this form that was saved last (jr://instance/last-saved).
    last_saved: frozenset[str]
    texts: dict[str, dict[str, Pieces]]
    plain_texts: dict[str, dict[str, Pieces]]
    media: dict[str, dict[str, dict[str, str]]]
    outputs: tuple[Expression, ...]
    default_language: str
    version: str
    meta_namespaces: dict[Names, str]
    # Generic path of an attribute (its last name begins with @) to its name as written, with its namespace.
    attribute_names: dict[Names, str]
    body: list[Control]
    groups: dict[Names, Control]
    # Question paths whose shown text or choices look at a generic path.
    watchers: dict[Names, tuple[Names, ...]]
