"""The syntax tree of an ODK XPath expression: frozen, hashable, free of any form.

ODK XForms spec, "XPath paths": only the child, parent, self and attribute axes exist, so a path is a start, a number of
steps up and a row of names. Chains of one precedence are kept flat; a sum of a thousand terms is not a thousand deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Negative:
    of: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    """``and`` or ``or`` over two or more terms, evaluated left to right and cut short."""

    operator: Literal["and", "or"]
    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Left-associative operators of one precedence: ``first op term op term``; op is one of = != < <= > >= + -
    * div mod."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One name on the way down; ``*`` is any name. Predicates filter what the step finds."""

    name: str
    attribute: bool = False
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """``start`` root: from the form's root; relative: from the context; current: from the original context;
    instance: from the root of the secondary instance ``instance``. ``up`` counts the ``..`` steps."""

    start: Literal["root", "relative", "current", "instance"]
    steps: tuple[Step, ...]
    up: int = 0
    instance: str = ""


Expression = Number | Text | Negative | Logic | Chain | Call | Path


def walk(expression: Expression) -> Iterator[Expression]:
    """Every expression inside ``expression``, itself first, predicates included."""
    waiting: list[Expression] = [expression]
    while waiting:
        here = waiting.pop()
        yield here
        if isinstance(here, Negative):
            waiting.append(here.of)
        elif isinstance(here, Logic):
            waiting.extend(here.terms)
        elif isinstance(here, Chain):
            waiting.append(here.first)
            waiting.extend(term for _, term in here.rest)
        elif isinstance(here, Call):
            waiting.extend(here.arguments)
        elif isinstance(here, Path):
            for step in here.steps:
                waiting.extend(step.predicates)


def calls(expression: Expression, name: str) -> bool:
    """True when ``expression`` calls the function ``name`` anywhere."""
    return any(isinstance(part, Call) and part.name == name for part in walk(expression))
