"""Expressions on their own: reading, numbers as Java writes them, functions at their edges."""

from __future__ import annotations

import contextlib
import math
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.forms.dependencies import triggers
from desktop_app.forms.node import Node
from desktop_app.forms.xpath.context import Context, Environment, as_text
from desktop_app.forms.xpath.errors import XPathError, XPathSyntaxError
from desktop_app.forms.xpath.evaluate import compiled
from desktop_app.forms.xpath.numbers import java_double, parse_decimal
from desktop_app.forms.xpath.parser import parse


def worked(text: str) -> str:
    root = Node("data")
    environment = Environment(root, now=lambda: datetime(2026, 11, 22, 4, 5, 6))
    return as_text(compiled(parse(text))(Context(environment, root)))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3 - 4 div 2", "5"),
        ("7 mod 3 = 1 and not(2 > 3)", "true"),
        ("10 - 3 - 2", "5"),
        ("1 < 2 < 3", "true"),
        ("'a' != \"b\"", "true"),
        ("--2", "2"),
        ("2 * -3", "-6"),
        ("if(1 = 1.0000000000001, 'same', 'other')", "same"),
        ("round(2.5) + round(-2.5)", "1"),
        ("round(1234.5, -2)", "1200"),
        ("string(100000000000)", "1.0E11"),
        ("substr('hello', -3)", "llo"),
        ("selected('a b', ' b ')", "true"),
        ("concat()", ""),
        ("number('1,5') + 0", "1.5"),
        ("number('')", "NaN"),
        ("coalesce('', 'x')", "x"),
        ("format-date('2026-02-03', '%e %b %y %%')", "3 Feb 26 %"),
        ("format-date-time('2026-02-03T04:05:06', '%H:%M:%S')", "04:05:06"),
        ("date('2026-01-31') + 1 - date('2026-02-01')", "0"),
        ("today() = date('2026-11-22')", "true"),
        ("string-length('é😀')", "3"),
        ("translate('abcabc', 'ab', 'X')", "XcXc"),
        ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
        ("base64-decode('aGVsbG8=')", "hello"),
        ("pow(2, 10)", "1024"),
        ("sqrt(-1)", "NaN"),
        ("1 div 0", "Infinity"),
        ("max(-3, -5)", "0"),
        ("min('x', 4)", "4"),
        ("checklist(1, 1, true(), false())", "true"),
        ("boolean-from-string('TRUE')", "true"),
        ("regex('2026', '[0-9]{4}')", "true"),
        ("normalize-space('  a   b ')", "a b"),
        ("int(-0.5)", "0"),
        ("decimal-time('2026-01-01T06:00:00.000')", "0.25"),
    ],
)
def test_worked_out(text: str, result: str) -> None:
    assert worked(text) == result


@pytest.mark.parametrize(
    "text", ["", "1 +", "(1", "1)", "'a", "a b", "//a", "a | b", "$x", "a[", "f(1,)", "a::b", "text()", "1..2", "@*"]
)
def test_cannot_be_read(text: str) -> None:
    with pytest.raises(XPathSyntaxError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "nofunction(1)",
        "concat",
        "if(1)",
        "sum(1)",
        "date('soon')",
        "format-date('2026-01-01', '%Q')",
        "selected(1, 'a')",
    ],
)
def test_cannot_be_worked_out(text: str) -> None:
    if text == "concat":
        assert worked(text) == ""
        return
    with pytest.raises(XPathError):
        worked(text)


def test_names_that_look_like_operators() -> None:
    assert triggers(parse("/data/and + /data/or-else div /data/mod"), ("data", "x")) == {
        ("data", "and"),
        ("data", "or-else"),
        ("data", "mod"),
    }


def test_what_an_expression_looks_at_is_found_without_running_it() -> None:
    tree = parse("sum(../../r[k = current()/../m]/v) + instance('l')/root/item[name = /data/z]/n")
    assert triggers(tree, ("data", "r", "x")) == {
        ("data", "r", "v"),
        ("data", "r", "k"),
        ("data", "r", "m"),
        ("data", "z"),
    }


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5.0, "5.0"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (1e7, "1.0E7"),
        (1234567.5, "1234567.5"),
        (-0.0, "-0.0"),
        (12345678.9, "1.23456789E7"),
        (math.inf, "Infinity"),
        (100.0, "100.0"),
    ],
)
def test_numbers_are_written_as_java_writes_them(number: float, text: str) -> None:
    assert java_double(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_is_the_number_read(number: float) -> None:
    assert parse_decimal(java_double(number)) == number


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(XPathSyntaxError):
        parse(text)
