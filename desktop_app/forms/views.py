"""What a session hands out: outcomes, nodes, items of the page, problems, snapshots. Plain values; nothing here is live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from .definition import Question

Status = Literal["ok", "constraint", "required", "error"]


@dataclass(frozen=True)
class Outcome:
    """``changed``: instance paths whose value, relevance, choices or shown text changed."""

    status: Status
    message: str = ""
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Node:
    """A leaf as it stands. ``typed`` is the raw text kept beside the value; ``message`` why it was refused."""

    path: str
    question: Question
    relevant: bool
    required: bool
    readonly: bool
    value: str
    typed: str | None
    message: str
    label: str
    hint: str
    leaf: str


@dataclass(frozen=True)
class Item:
    """One child on the page: a question (with its node), a group, a repeat (with its ``count`` of rows) or a row."""

    path: str
    question: Question
    kind: Literal["question", "group", "repeat", "row"]
    node: Node | None
    count: int
    relevant: bool
    label: str = ""


class Row(NamedTuple):
    """A row of a repeat: where it stands, what names it for good (record.md), and what its own questions hold by their
    names, as typed where that was not understood."""

    path: str
    id: str
    held: dict[str, str]


@dataclass(frozen=True)
class FormProblem:
    path: str
    kind: Literal["required", "constraint", "type"]
    message: str


@dataclass(frozen=True)
class Snapshot:
    """A record's content at one moment, safe to hand to another thread."""

    answers: dict[str, Any]
    typed: dict[str, str]
    aside: list[str]
    derived: dict[str, str]
