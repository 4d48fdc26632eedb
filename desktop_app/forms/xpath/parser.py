"""Reads an ODK XPath expression into its syntax tree by operator precedence.

Refused, as JavaRosa refuses it: axes other than child, parent, self and attribute, unions, variables, paths that
begin at
an arbitrary expression. A ``..`` after a name counts as a step up at the beginning, which is how JavaRosa reads it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from .errors import XPathSyntaxError
from .lexer import Token, tokens
from .tree import Call, Chain, Expression, Logic, Negative, Number, Path, Step, Text

# Deeper nesting than any form needs; the limit keeps a hostile form from exhausting the stack.
MAX_DEPTH = 60
MAX_LENGTH = 100_000
MAX_STEPS = 500

_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "minus"),
    ("multiply", "div", "mod"),
)
_LEVEL_OF = {kind: level for level, kinds in enumerate(_LEVELS) for kind in kinds}
_SYMBOL = {"minus": "-", "multiply": "*"}
_ALLOWED_AXES = {"child", "parent", "self", "attribute"}


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The tree of ``text``. Raises XPathSyntaxError."""
    if len(text) > MAX_LENGTH:
        raise XPathSyntaxError("The expression is longer than a form may have.")
    reader = _Reader(tokens(text))
    expression = reader.expression()
    reader.expect("end")
    return expression


@lru_cache(maxsize=4096)
def _plain_path(text: str) -> Path:
    names = text[1:].split("/")
    if len(names) > MAX_STEPS:
        raise XPathSyntaxError("The path has more steps than a form may have.")
    return Path("root", tuple(Step(name) for name in names))


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        # One more end than there is, to stand on when all is read.
        self._tokens = [*found, found[-1]]
        self._at = 0
        self._kind = found[0].kind
        self._depth = 0

    def _peek(self, ahead: int = 1) -> str:
        index = min(self._at + ahead, len(self._tokens) - 1)
        return self._tokens[index].kind

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        self._kind = self._tokens[self._at].kind
        return token

    def expect(self, kind: str) -> Token:
        if self._kind != kind:
            raise self._unexpected()
        return self._take()

    def _unexpected(self) -> XPathSyntaxError:
        token = self._tokens[self._at]
        if token.kind == "end":
            return XPathSyntaxError("The expression ends too early; a bracket or a value is missing.")
        return XPathSyntaxError(f"“{token.text}” is not expected at character {token.position + 1}.")

    def expression(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise XPathSyntaxError("The expression is nested too deeply.")
        result = self._binary(0)
        self._depth -= 1
        return result

    def _binary(self, lowest: int) -> Expression:
        """Precedence climbing; operators of one level are gathered flat."""
        left = self._unary()
        level = _LEVEL_OF.get(self._kind, -1)
        while level >= lowest:
            rest: list[tuple[str, Expression]] = []
            while _LEVEL_OF.get(self._kind, -1) == level:
                operator = self._take().kind
                rest.append((_SYMBOL.get(operator, operator), self._binary(level + 1)))
            if level == 0:
                left = Logic("or", (left, *(term for _, term in rest)))
            elif level == 1:
                left = Logic("and", (left, *(term for _, term in rest)))
            else:
                left = Chain(left, tuple(rest))
            level = _LEVEL_OF.get(self._kind, -1)
        if self._kind == "|":
            raise XPathSyntaxError("A union of paths (|) is not supported in forms.")
        return left

    def _unary(self) -> Expression:
        negations = 0
        while self._kind == "negate":
            self._take()
            negations += 1
        result = self._operand()
        if negations > MAX_DEPTH:
            raise XPathSyntaxError("The expression is nested too deeply.")
        for _ in range(negations):
            result = Negative(result)
        return result

    def _operand(self) -> Expression:
        kind = self._kind
        if kind == "path":
            return _plain_path(self._take().text)
        if kind == "number":
            return Number(float(self._take().text))
        if kind == "text":
            return Text(self._take().text[1:-1])
        if kind == "(":
            self._take()
            inner = self.expression()
            self.expect(")")
            if self._kind in ("/", "//", "["):
                raise XPathSyntaxError("A path or a filter after a bracketed expression is not supported in forms.")
            return inner
        if kind == "variable":
            raise XPathSyntaxError("Variables ($name) are not supported in forms.")
        if (
            kind == "name"
            and self._peek() == "("
            and self._tokens[self._at].text not in ("node", "text", "comment", "processing-instruction")
        ):
            return self._call()
        if kind in ("/", "//", ".", "..", "@", "name", "wildcard"):
            return self._path()
        raise self._unexpected()

    def _call(self) -> Expression:
        name = self._take().text
        self.expect("(")
        arguments: list[Expression] = []
        if self._kind != ")":
            arguments.append(self.expression())
            while self._kind == ",":
                self._take()
                arguments.append(self.expression())
        self.expect(")")
        if self._kind == "[":
            raise XPathSyntaxError("A filter after a function is not supported in forms.")
        if self._kind in ("/", "//"):
            return self._path_from(name, tuple(arguments))
        return Call(name, tuple(arguments))

    def _path_from(self, name: str, arguments: tuple[Expression, ...]) -> Path:
        if name == "current" and not arguments:
            self._separator()
            return self._steps("current", "")
        if name == "instance":
            if len(arguments) != 1 or not isinstance(arguments[0], Text):
                raise XPathSyntaxError("instance() needs one name in quotation marks.")
            self._separator()
            return self._steps("instance", arguments[0].value)
        raise XPathSyntaxError(f"A path may not follow {name}().")

    def _separator(self) -> None:
        if self._kind == "//":
            raise XPathSyntaxError("// is not supported in forms; write the whole path.")
        self.expect("/")

    def _path(self) -> Expression:
        if self._kind in ("/", "//"):
            self._separator()
            if self._kind not in ("name", "wildcard", "@", ".", ".."):
                return Path("root", ())
            return self._steps("root", "")
        return self._steps("relative", "")

    def _steps(self, start: Literal["root", "relative", "current", "instance"], instance: str) -> Path:
        up = 0
        steps: list[Step] = []
        parents_allowed = start in ("relative", "current")
        while True:
            step = self._step()
            if step == "..":
                if not parents_allowed:
                    raise XPathSyntaxError("A path cannot go above its root.")
                up += 0 if start in ("root", "instance") else 1
            elif isinstance(step, Step):
                parents_allowed = not step.attribute
                steps.append(step)
                if len(steps) > MAX_STEPS:
                    raise XPathSyntaxError("The path has more steps than a form may have.")
            if self._kind not in ("/", "//"):
                return Path(start, tuple(steps), up, instance)
            self._separator()

    def _step(self) -> Step | Literal[".", ".."]:
        if self._kind == ".":
            self._take()
            self._no_filter()
            return "."
        if self._kind == "..":
            self._take()
            self._no_filter()
            return ".."
        attribute, axis = False, "child"
        if self._kind == "@":
            self._take()
            attribute = True
        elif self._kind == "name" and self._peek() == "::":
            axis = self._take().text
            self._take()
            if axis not in _ALLOWED_AXES:
                raise XPathSyntaxError(f"The axis {axis}:: is not supported in forms.")
            attribute = axis == "attribute"
        if self._kind == "name" and self._peek() == "(":
            return self._node_test(axis)
        if axis in ("parent", "self"):
            raise XPathSyntaxError(f"{axis}:: may only be followed by node().")
        token = self._take() if self._kind in ("name", "wildcard") else self.expect("name")
        name = "*" if token.kind == "wildcard" else token.text.rpartition(":")[2]
        if attribute and name == "*":
            raise XPathSyntaxError("@* is not supported in forms.")
        return Step(name, attribute, self._predicates())

    def _node_test(self, axis: str) -> Literal[".", ".."]:
        name = self._take().text
        self.expect("(")
        self.expect(")")
        if name == "node" and axis in ("self", "parent"):
            self._no_filter()
            return "." if axis == "self" else ".."
        raise XPathSyntaxError(f"{name}() is not supported as a step of a path.")

    def _no_filter(self) -> None:
        if self._kind == "[":
            raise XPathSyntaxError("A filter needs a name before it.")

    def _predicates(self) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while self._kind == "[":
            self._take()
            found.append(self.expression())
            self.expect("]")
        return tuple(found)
