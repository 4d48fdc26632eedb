"""Turns a syntax tree into a function of a context: compiled once, run at every change."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from .context import Context, Value, as_boolean, as_number, as_text, atom
from .errors import XPathError
from .functions import FUNCTIONS, Function
from .paths import compile_path, compile_target
from .special import SPECIAL
from .tree import Call, Chain, Expression, Logic, Negative, Number, Path, Text

if TYPE_CHECKING:
    from desktop_app.forms.node import Node

Compiled = Callable[[Context], Value]


@lru_cache(maxsize=20_000)
def compiled(expression: Expression) -> Compiled:
    """The function of ``expression``. Raises nothing: what cannot be worked out raises XPathError when it is run."""
    if isinstance(expression, Number):
        return _constant(expression.value)
    if isinstance(expression, Text):
        return _constant(expression.value)
    if isinstance(expression, Path):
        return compile_path(expression, compiled)
    if isinstance(expression, Negative):
        of = compiled(expression.of)
        return lambda context: -as_number(of(context))
    if isinstance(expression, Logic):
        return _logic(expression)
    if isinstance(expression, Chain):
        return _chain(expression)
    return _call(expression)


@lru_cache(maxsize=1_000)
def target_nodes(path: Path) -> Callable[[Context], list[Node]]:
    """The function that finds the nodes an action's path means, whether they are relevant or not."""
    return compile_target(path, compiled)


def _constant(value: float | str) -> Compiled:
    return lambda context: value


def _logic(expression: Logic) -> Compiled:
    terms = [compiled(term) for term in expression.terms]
    if expression.operator == "and":
        return lambda context: all(as_boolean(term(context)) for term in terms)
    return lambda context: any(as_boolean(term(context)) for term in terms)


def _chain(expression: Chain) -> Compiled:
    first = compiled(expression.first)
    rest = [(_OPERATORS[operator], compiled(term)) for operator, term in expression.rest]
    if len(rest) == 1:
        operator, second = rest[0]
        return lambda context: operator(first(context), second(context))

    def run(context: Context) -> Value:
        result = first(context)
        for operate, term in rest:
            result = operate(result, term(context))
        return result

    return run


def equal(left: Value, right: Value) -> bool:
    """As JavaRosa: as truth values if either is one, as numbers if either is one, else as texts."""
    a, b = atom(left), atom(right)
    if isinstance(a, bool) or isinstance(b, bool):
        return as_boolean(a) == as_boolean(b)
    if isinstance(a, float) or isinstance(b, float):
        return abs(as_number(a) - as_number(b)) < 1e-12
    return as_text(a) == as_text(b)


def _divide(left: Value, right: Value) -> float:
    a, b = as_number(left), as_number(right)
    if b != 0:
        try:
            return a / b
        except OverflowError:
            return math.inf
    if a == 0 or math.isnan(a) or math.isnan(b):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _remainder(left: Value, right: Value) -> float:
    a, b = as_number(left), as_number(right)
    if b == 0 or math.isinf(a) or math.isnan(a) or math.isnan(b):
        return math.nan
    return a if math.isinf(b) else math.fmod(a, b)


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": lambda a, b: as_number(a) < as_number(b),
    "<=": lambda a, b: as_number(a) <= as_number(b),
    ">": lambda a, b: as_number(a) > as_number(b),
    ">=": lambda a, b: as_number(a) >= as_number(b),
    "+": lambda a, b: as_number(a) + as_number(b),
    "-": lambda a, b: as_number(a) - as_number(b),
    "*": lambda a, b: as_number(a) * as_number(b),
    "div": _divide,
    "mod": _remainder,
}


def _call(expression: Call) -> Compiled:
    special = SPECIAL.get(expression.name)
    if special is not None:
        return special(expression, compiled)
    function = FUNCTIONS.get(expression.name)
    if function is None:
        return _failing(f"The function {expression.name}() is not known.")
    return _ordinary(expression.name, function, [compiled(argument) for argument in expression.arguments])


def _failing(message: str) -> Compiled:
    def fail(context: Context) -> Value:
        raise XPathError(message)

    return fail


def _ordinary(name: str, function: Function, arguments: list[Compiled]) -> Compiled:
    count = len(arguments)
    if count < function.least or (function.most is not None and count > function.most):
        return _failing(f"The function {name}() cannot take {count} values.")
    run = function.run
    if count == 0:
        return lambda context: run(context, [])
    if count == 1:
        only = arguments[0]
        return lambda context: run(context, [only(context)])
    return lambda context: run(context, [argument(context) for argument in arguments])
