"""Functions that decide themselves which of their arguments are worked out, or look at paths instead of values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

from .context import Context, NodeSet, Value, as_boolean, as_number, as_text, atom
from .errors import XPathError
from .function import node_set
from .numbers import to_int, to_long
from .shuffle import shuffled
from .tree import Call, Expression, Path, Step

Compiled = Callable[[Context], Value]
CompileOne = Callable[[Expression], Compiled]


def _wrong_count(name: str, count: int) -> Compiled:
    def fail(context: Context) -> Value:
        raise XPathError(f"The function {name}() cannot take {count} values.")

    return fail


def _if(call: Call, compile_one: CompileOne) -> Compiled:
    if len(call.arguments) != 3:
        return _wrong_count("if", len(call.arguments))
    test, then, otherwise = (compile_one(argument) for argument in call.arguments)
    return lambda context: then(context) if as_boolean(test(context)) else otherwise(context)


def _coalesce(call: Call, compile_one: CompileOne) -> Compiled:
    if len(call.arguments) != 2:
        return _wrong_count("coalesce", len(call.arguments))
    first, second = (compile_one(argument) for argument in call.arguments)

    def run(context: Context) -> Value:
        value = first(context)
        single = atom(value)
        empty = single == "" if isinstance(single, str) else isinstance(single, float) and math.isnan(single)
        return second(context) if empty else value

    return run


def _once(call: Call, compile_one: CompileOne) -> Compiled:
    if len(call.arguments) != 1:
        return _wrong_count("once", len(call.arguments))
    argument, itself = compile_one(call.arguments[0]), compile_one(Path("relative", ()))

    def run(context: Context) -> Value:
        value = argument(context)
        here = itself(context)
        return value if as_text(here) == "" else atom(here)

    return run


def _position(call: Call, compile_one: CompileOne) -> Compiled:
    if len(call.arguments) > 1:
        return _wrong_count("position", len(call.arguments))
    if call.arguments:
        argument = compile_one(call.arguments[0])

        def run(context: Context) -> Value:
            nodes = node_set(argument(context), "position").nodes
            return float(nodes[0].number + 1) if nodes else 0.0

        return run
    return lambda context: float(1 + (context.position if context.position >= 0 else context.way()[-1][1]))


def _randomize(call: Call, compile_one: CompileOne) -> Compiled:
    if not 1 <= len(call.arguments) <= 2:
        return _wrong_count("randomize", len(call.arguments))
    arguments = [compile_one(argument) for argument in call.arguments]

    def run(context: Context) -> Value:
        nodes = node_set(arguments[0](context), "randomize").nodes
        seed = seed_of(arguments[1](context)) if len(arguments) > 1 else None
        return NodeSet(shuffled(nodes, seed, context.environment.rng), context)

    return run


def seed_of(value: Value) -> int:
    """The seed of randomize(): a number, or for other text the first eight bytes of its SHA-256 (JavaRosa)."""
    number = as_number(value)
    if not math.isnan(number):
        return to_long(number)
    text = atom(value)
    if not isinstance(text, str):
        raise XPathError("randomize() needs a number or text as its seed.")
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True) if text else 0


def _indexed_repeat(call: Call, compile_one: CompileOne) -> Compiled:
    """``indexed-repeat(field, repeat, index, …)``: the field in the row each index names (ODK XForms spec)."""
    count = len(call.arguments)
    paths = [call.arguments[0], *call.arguments[1::2]] if count else []
    if count not in (3, 5, 7, 9, 11) or not all(isinstance(path, Path) for path in paths):
        return _wrong_count("indexed-repeat", count)
    target = call.arguments[0]
    repeats = [argument for argument in call.arguments[1::2] if isinstance(argument, Path)]
    indexes = [compile_one(argument) for argument in call.arguments[2::2]]
    assert isinstance(target, Path)

    def run(context: Context) -> Value:
        wanted, numbers = _absolute(target, context)
        for repeat, index in zip(repeats, indexes, strict=True):
            names, _ = _absolute(repeat, context)
            if len(names) >= len(wanted) or names != wanted[: len(names)]:
                raise XPathError("indexed-repeat(): each repeat named must hold the field that is wanted.")
            number = to_int(as_number(index(context)))
            numbers[len(names) - 1] = max(number, 1) - 1
        return _fixed(wanted, tuple(numbers), context)

    return run


def _absolute(path: Path, context: Context) -> tuple[list[str], list[int]]:
    """The names of ``path`` from the root and, as far as it runs along the way to the context, the row numbers
    (else -1)."""
    way = context.way()
    base = () if path.start == "root" else way[: len(way) - path.up]
    names = [name for name, _ in base] + [step.name for step in path.steps]
    numbers = [number for _, number in base] + [-1] * len(path.steps)
    if path.start == "root":
        for depth, (name, number) in enumerate(way[: len(names)]):
            if names[depth] != name:
                break
            numbers[depth] = number
    return names, numbers


def _fixed(names: list[str], numbers: tuple[int, ...], context: Context) -> NodeSet:
    nodes = [context.environment.root]
    for name, number in zip(names[1:], numbers[1:], strict=True):
        found = [child for node in nodes for child in node.named(name)]
        nodes = found if number < 0 else [child for child in found if child.number == number]
    return NodeSet([node for node in nodes if node.relevant], context)


SPECIAL: dict[str, Callable[[Call, CompileOne], Compiled]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "position": _position,
    "randomize": _randomize,
    "indexed-repeat": _indexed_repeat,
}

__all__ = ["SPECIAL", "Step", "seed_of"]
