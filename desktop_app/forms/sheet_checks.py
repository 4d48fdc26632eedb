"""Checks the survey sheet row by row, so that every wrong cell is named at once and not one a run."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .compiler_words import FIRST_ROW, Problem
from .xpath.errors import XPathSyntaxError
from .xpath.functions import FUNCTIONS
from .xpath.parser import parse
from .xpath.special import SPECIAL
from .xpath.tree import Call, walk

_REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*)\}")
_NAME = re.compile(r"[^\W\d][\w.-]*")
# A letter nobody writes in an expression.
_STAND_IN = "ξ"
# pyxform makes curly quotation marks straight.
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_SPECIAL_COUNTS = {
    "if": (3, 3), "coalesce": (2, 2), "once": (1, 1), "position": (0, 1), "randomize": (1, 2), "indexed-repeat": (3, 11),
}  # fmt: skip
_HABITS = (
    ("==", "Write one = to compare."),
    ("&&", "Write the word and instead of &&."),
    (r"\|\|", "Write the word or instead of ||."),
    (r"\b(?:AND|OR|NOT|DIV|MOD)\b", "Write and, or, not, div and mod in small letters."),
    (r"(?<!\$)\$\w|\$\{[^}]*$", "Write the name of a question as ${name}."),
    (r"<>", "Write != for “is not”."),
)
_BEGIN = re.compile(r"begin[ _](group|repeat|loop)")
_END = re.compile(r"end[ _](group|repeat|loop)")
_EXPRESSIONS = {
    "relevant": "relevant",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "constraint": "constraint",
    "bind::constraint": "constraint",
    "calculation": "calculation",
    "calculate": "calculation",
    "bind::calculate": "calculation",
    "required": "required",
    "bind::required": "required",
    "read_only": "read_only",
    "readonly": "read_only",
    "bind::readonly": "read_only",
    "choice_filter": "choice_filter",
    "repeat_count": "repeat_count",
}
_KNOWN = {*FUNCTIONS, *SPECIAL, "current", "instance"}
_LIST_NAMES = {"list_name", "list name"}
_PLAIN = {"yes", "no", "true", "false", "true()", "false()"}
_LIST_TYPES = ("select_one_from_file", "select_multiple_from_file", "select one from file", "select multiple from file")


def row_paths(survey: list[dict[str, Any]]) -> dict[str, int]:
    """Template path of each row to its row number (from 1, header included)."""
    return {path: number for number, _, path in _rows(survey) if path}


def _rows(survey: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, str], str]]:
    open_names: list[str] = []
    for number, raw in enumerate(survey, FIRST_ROW):
        row = {str(key).strip(): str(value).strip() for key, value in raw.items() if value is not None}
        kind = row.get("type", "").lower()
        if _END.match(kind):
            if open_names:
                open_names.pop()
            yield number, row, ""
            continue
        name = row.get("name", "")
        path = "/data/" + "/".join([*open_names, name]) if name else ""
        yield number, row, path
        if _BEGIN.match(kind):
            open_names.append(name or "?")


def check_rows(survey: list[dict[str, Any]], choices: list[dict[str, Any]], files: Collection[str]) -> list[Problem]:
    """What is wrong in single cells: names, types without lists, expressions, references to questions that are
    not there."""
    names = {str(row["name"]).strip() for row in survey if row.get("name")}
    lists = {str(row.get("list_name") or row.get("list name") or "").strip() for row in choices}
    found: list[Problem] = []
    if choices and not any(_LIST_NAMES.intersection(row) for row in choices):
        where: dict[str, str | int | None] = {"sheet": "choices", "row": 1, "column": "list_name"}
        found.append(Problem(where, "The sheet has no column list_name.", "Write it into the first row."))
    seen: dict[str, int] = {}
    for number, row, path in _rows(survey):
        found.extend(_row(number, row, names, lists))
        if path and path in seen:
            found.append(
                _problem(
                    number, "name", f"“{row['name']}” is also the name of row {seen[path]}.", "Give it another name."
                )
            )
        seen.setdefault(path, number)
    return found


def _row(number: int, row: Mapping[str, str], names: Collection[str], lists: Collection[str]) -> Iterator[Problem]:
    kind = row.get("type", "")
    if (
        kind
        and not _END.match(kind.lower())
        and kind.lower() not in ("start", "end", "today", "audit", "deviceid", "username")
    ):
        name = row.get("name", "")
        if not name and not kind.lower().startswith(("note", "begin")):
            yield _problem(number, "name", "The question has no name.", "Give it a short name without spaces.")
        elif name and not _NAME.fullmatch(name):
            yield _problem(
                number, "name", f"“{name}” cannot be a name.", "Use letters, digits, - and _, beginning with a letter."
            )
    words = kind.split()
    chosen = len(words) >= 2 and words[0] in ("select_one", "select_multiple", "rank")
    if chosen and not words[1].startswith("${") and words[1] not in lists:
        yield _problem(
            number, "type", f"There is no list of choices called “{words[1]}”.", "Add it to the choices sheet."
        )
    for column, written in row.items():
        yield from _references(number, column, written, names)
        rule = _EXPRESSIONS.get(column)
        if rule is not None and written.lower() not in _PLAIN:
            yield from _expression(number, column, written)


def _references(number: int, column: str, written: str, names: Collection[str]) -> Iterator[Problem]:
    for reference in _REFERENCE.findall(written):
        if reference.strip() not in names:
            yield _problem(
                number, column, f"There is no question called “{reference.strip()}”.", "Correct the name in ${…}."
            )


def _expression(number: int, column: str, written: str) -> Iterator[Problem]:
    # Each ${name} becomes a name of the same length, so that a message counts characters as they are in the cell.
    names = _REFERENCE.finditer(written)
    read = _REFERENCE.sub(lambda match: _STAND_IN * len(match[0]), written.translate(_STRAIGHT))
    try:
        tree = parse(read)
    except XPathSyntaxError as error:
        message = str(error)
        for match in names:
            message = message.replace(_STAND_IN * len(match[0]), match[0], 1)
        yield _problem(number, column, f"“{written[:120]}” cannot be read. {message}", _remedy(read))
        return
    for part in walk(tree):
        if isinstance(part, Call) and part.name not in _KNOWN:
            close = difflib.get_close_matches(part.name, sorted(_KNOWN), 1, 0.6)
            do = f"Perhaps {close[0]}() is meant." if close else "Correct its name."
            yield _problem(number, column, f"The function {part.name}() is not known.", do)
        elif isinstance(part, Call) and not _takes(part.name, len(part.arguments)):
            count = len(part.arguments)
            what = f"The function {part.name}() cannot take {count} value{'' if count == 1 else 's'}."
            yield _problem(number, column, what, "Correct what stands in its brackets.")


def _takes(name: str, count: int) -> bool:
    function = FUNCTIONS.get(name)
    if function is not None:
        return count >= function.least and (function.most is None or count <= function.most)
    least, most = _SPECIAL_COUNTS.get(name, (0, 99))
    return least <= count <= most and not (name == "indexed-repeat" and count % 2 == 0)


def _remedy(expression: str) -> str:
    """What to do about the mistakes people bring along from elsewhere."""
    for pattern, do in _HABITS:
        if re.search(pattern, expression):
            return do
    return "Correct the expression."


def _problem(number: int, column: str, what: str, do: str) -> Problem:
    return Problem({"sheet": "survey", "row": number, "column": column}, what, do)
