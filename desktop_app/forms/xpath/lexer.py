"""Cuts an expression into tokens.

As in JavaRosa a word after an operand is an operator (``and or div mod``) and after an operator a name; a ``*`` or
``-`` likewise.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import XPathSyntaxError

_SIMPLE = {"=", "+", "|", "[", "]", "(", ")", "@", ",", "<", ">", "/", "."}
_DOUBLE = {"!=", "<=", ">=", "//", "..", "::"}
_DIGIT_SET = frozenset("0123456789")
_OPERATOR_WORDS = ("and", "or", "div", "mod")
_ENDS_OPERAND = {"path", "name", "number", "text", "wildcard", "variable", "]", ")", ".", ".."}
# Almost every token of a form is one of these; what they leave (words in other alphabets, prefixes, operators in words) is
# cut by hand. A plain path, without filter, prefix or * in it, is one token: a form names the same few over and over.
_WORD = r"[A-Za-z_][A-Za-z0-9_.-]*+"
_ENDS_WORD = r"(?![:\x80-\U0010ffff])"
_COMMON = (
    r"(?P<number>[0-9]++(?:\.[0-9]*)?|\.[0-9]++)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<symbol>[!<>]=|//|\.\.|::|[=+|\[\]()@,<>/.])"
)
_OPERAND = re.compile(
    rf"[ \n\t\f\r]*+(?:(?P<path>(?:/{_WORD})++(?![ \n\t\f\r]*[/:(\[\x80-\U0010ffff]))|(?P<name>{_WORD}{_ENDS_WORD})|{_COMMON})"
)
_AFTER_OPERAND = re.compile(rf"[ \n\t\f\r]*+(?:{_COMMON})")


class Token(NamedTuple):
    """``kind`` is the symbol itself, or one of path, name, number, text, wildcard, variable, and, or, div, mod,
    multiply, minus, negate, end."""

    kind: str
    text: str
    position: int


def _is_letter(character: str) -> bool:
    return character == "_" or character.isalpha()


def _name_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and (_is_letter(text[end]) or (end > start and (text[end].isdecimal() or text[end] in ".-"))):
        end += 1
    return end


def _qualified_end(text: str, start: int) -> int:
    end = _name_end(text, start)
    if end > start and text[end : end + 1] == ":" and text[end + 1 : end + 2] != ":":
        further = _name_end(text, end + 1)
        if further > end + 1:
            return further
    return end


def _number_end(text: str, start: int) -> int:
    end, seen_point = start, False
    while end < len(text) and (text[end] in _DIGIT_SET or (text[end] == "." and not seen_point)):
        seen_point = seen_point or text[end] == "."
        end += 1
    return end


def tokens(text: str) -> list[Token]:
    """The tokens of ``text``, closed by one of kind ``end``. Raises XPathSyntaxError."""
    found: list[Token] = []
    at = 0
    after_operand = False
    while at < len(text):
        match = (_AFTER_OPERAND if after_operand else _OPERAND).match(text, at)
        if match is not None:
            kind, at = match.lastgroup or "", match.end()
            cut = match[kind]
            if kind == "symbol":
                kind = cut
            found.append(Token(kind, cut, at - len(cut)))
            after_operand = kind in _ENDS_OPERAND
            continue
        character = text[at]
        if character in " \n\t\f\r":
            at += 1
            continue
        kind, end = _next(text, at, after_operand)
        found.append(Token(kind, text[at:end], at))
        after_operand = kind in _ENDS_OPERAND
        at = end
    found.append(Token("end", "", len(text)))
    return found


def _next(text: str, at: int, after_operand: bool) -> tuple[str, int]:
    character, pair = text[at], text[at : at + 2]
    if pair in _DOUBLE:
        return pair, at + 2
    if character in _DIGIT_SET or (character == "." and text[at + 1 : at + 2] in _DIGIT_SET):
        return "number", _number_end(text, at)
    if character in _SIMPLE:
        return character, at + 1
    if character == "-":
        return ("minus" if after_operand else "negate"), at + 1
    if character == "*":
        return ("multiply" if after_operand else "wildcard"), at + 1
    if character in "'\"":
        end = text.find(character, at + 1)
        if end < 0:
            raise XPathSyntaxError(f"A quotation mark opened at character {at + 1} is not closed.")
        return "text", end + 1
    if after_operand:
        for word in _OPERATOR_WORDS:
            if text.startswith(word, at):
                return word, at + len(word)
    elif _is_letter(character):
        end = _qualified_end(text, at)
        if text[end : end + 2] == ":*":
            return "wildcard", end + 2
        return "name", end
    elif character == "$" and _qualified_end(text, at + 1) > at + 1:
        return "variable", _qualified_end(text, at + 1)
    near = text[max(0, at - 15) : at + 15].strip()
    raise XPathSyntaxError(f"The expression cannot be understood at character {at + 1}, near “{near}”.")
