"""Functions over numbers and truth values (ODK XForms spec, "XPath functions": number, boolean)."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

from .context import Context, NodeSet, Value, as_boolean, as_number, as_text, atom
from .dates import Moment, fractional_days
from .errors import XPathError
from .function import Function, node_set
from .numbers import LONG_MAX, LONG_MIN, java_double, to_int, to_long


def as_double(value: Value) -> float:
    """As a number, a date with its fraction of a day (JavaRosa's mathematical functions)."""
    if isinstance(value, Moment):
        return fractional_days(value)
    return as_number(value)


def integer(value: Value) -> float:
    number = as_number(value)
    if math.isnan(number) or math.isinf(number) or number >= LONG_MAX or number <= LONG_MIN:
        return number
    return math.copysign(float(math.trunc(number)), number)


def round_to(context: Context, values: list[Value]) -> Value:
    number = as_number(values[0])
    places = to_int(as_number(values[1])) if len(values) > 1 else 0
    if math.isnan(number) or math.isinf(number):
        return number
    if not -30 <= places <= 30:
        return math.nan
    if places >= 0:
        method = ROUND_HALF_DOWN if number < 0 else ROUND_HALF_UP
        exact = Decimal(java_double(number))
        if exact.adjusted() + places > 25:
            return number
        return float(exact.quantize(Decimal(1).scaleb(-places), rounding=method))
    scaled = float(Decimal(java_double(number)).scaleb(places))
    return float(Decimal(float(to_long(scaled + 0.5))).scaleb(-places))


def _mathematical(of: Callable[[float], float]) -> Function:
    def run(context: Context, values: list[Value]) -> Value:
        try:
            return of(as_double(values[0]))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return Function(run, 1, 1)


def _logarithm(of: Callable[[float], float]) -> Callable[[float], float]:
    return lambda number: -math.inf if number == 0 else of(number)


def power(base: float, exponent: float) -> float:
    """``Math.pow``: NaN and infinities instead of errors."""
    if math.isnan(exponent) or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    try:
        return math.pow(base, exponent) if exponent != 0 else 1.0
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def _numbers(values: list[Value]) -> list[float]:
    items = values[0].atoms() if len(values) == 1 and isinstance(values[0], NodeSet) else values
    found = [as_number(item) for item in items]
    return [number for number in found if not math.isnan(number)]


def maximum(context: Context, values: list[Value]) -> Value:
    # JavaRosa starts from the smallest positive number, so the largest of negative numbers comes out as (almost) zero.
    found = _numbers(values)
    return max(5e-324, *found) if found else math.nan


def minimum(context: Context, values: list[Value]) -> Value:
    found = _numbers(values)
    return min(found) if found else math.nan


def total(context: Context, values: list[Value]) -> Value:
    numbers = [as_number(item) for item in node_set(values[0], "sum").atoms()]
    result = 0.0
    for number in numbers:
        if not math.isnan(number):
            result += number
    return result


def count(context: Context, values: list[Value]) -> Value:
    return float(len(node_set(values[0], "count").nodes))


def count_non_empty(context: Context, values: list[Value]) -> Value:
    nodes = node_set(values[0], "count-non-empty").nodes
    return float(sum(1 for node in nodes if node.children or node.value is not None))


def checklist(context: Context, values: list[Value]) -> Value:
    least, most = to_int(as_number(values[0])), to_int(as_number(values[1]))
    factors = values[2].atoms() if len(values) == 3 and isinstance(values[2], NodeSet) else values[2:]
    ticked = sum(1 for factor in factors if as_boolean(factor))
    return (least < 0 or ticked >= least) and (most < 0 or ticked <= most)


def weighted_checklist(context: Context, values: list[Value]) -> Value:
    if len(values) % 2:
        raise XPathError("weighted-checklist() needs a weight for every factor.")
    least, most = as_number(values[0]), as_number(values[1])
    factors: list[Value]
    weights: list[Value]
    if len(values) == 4 and isinstance(values[2], NodeSet) and isinstance(values[3], NodeSet):
        factors, weights = [*values[2].atoms()], [*values[3].atoms()]
        if len(factors) != len(weights):
            raise XPathError("weighted-checklist() needs as many weights as factors.")
    else:
        factors, weights = values[2::2], values[3::2]
    result = 0.0
    for factor, weight in zip(factors, weights, strict=True):
        ticked, heavy = as_boolean(factor), as_number(weight)
        if ticked:
            result += heavy
    return least <= result <= most


def _from_text(context: Context, values: list[Value]) -> Value:
    text = as_text(values[0])
    return text.lower() == "true" or text == "1"


NUMBER_FUNCTIONS = {
    "true": Function(lambda context, values: True, 0, 0),
    "false": Function(lambda context, values: False, 0, 0),
    "boolean": Function(lambda context, values: as_boolean(values[0]), 1, 1),
    "boolean-from-string": Function(_from_text, 1, 1),
    "not": Function(lambda context, values: not as_boolean(values[0]), 1, 1),
    "number": Function(lambda context, values: as_number(values[0]), 1, 1),
    "int": Function(lambda context, values: integer(values[0]), 1, 1),
    "round": Function(round_to, 1, 2),
    "abs": _mathematical(abs),
    "acos": _mathematical(math.acos),
    "asin": _mathematical(math.asin),
    "atan": _mathematical(math.atan),
    "cos": _mathematical(math.cos),
    "sin": _mathematical(math.sin),
    "tan": _mathematical(math.tan),
    "exp": _mathematical(math.exp),
    "exp10": _mathematical(lambda number: power(10.0, number)),
    "log": _mathematical(_logarithm(math.log)),
    "log10": _mathematical(_logarithm(math.log10)),
    "sqrt": _mathematical(math.sqrt),
    "atan2": Function(lambda context, values: math.atan2(as_double(values[0]), as_double(values[1])), 2, 2),
    "pow": Function(lambda context, values: power(as_double(values[0]), as_double(values[1])), 2, 2),
    "pi": Function(lambda context, values: math.pi, 0, 0),
    "random": Function(lambda context, values: context.environment.rng.random(), 0, 0),
    "max": Function(maximum, 0, None),
    "min": Function(minimum, 0, None),
    "sum": Function(total, 1, 1),
    "count": Function(count, 1, 1),
    "count-non-empty": Function(count_non_empty, 1, 1),
    "checklist": Function(checklist, 2, None),
    "weighted-checklist": Function(weighted_checklist, 2, None),
    "depend": Function(lambda context, values: atom(values[0]), 1, None),
}
