"""The cell of a spreadsheet that an engine's message is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desktop_app.errors import FormError

from .compiler_words import FIRST_ROW, Problem
from .definition import FormDefinition
from .instances import list_name
from .sheet_checks import row_paths
from .xmlread import attribute, read_xml

Rows = Sequence[Mapping[str, Any]]

# A word of a message to the column it speaks of.
_WORDS = (
    ("choice filter", "choice_filter"), ("repeat count", "repeat_count"), ("its count", "repeat_count"),
    ("constraint", "constraint"), ("relevant", "relevant"), ("calculation", "calculation"), ("required", "required"),
    ("readonly", "read_only"), ("<output>", "label"), ("action", "default"), ("choices", "type"),
)  # fmt: skip
_RULES = ("calculation", "default", "relevant", "required", "read_only", "constraint", "choice_filter", "repeat_count")
_OTHER_NAMES = {
    "calculation": ("calculate", "bind::calculate"), "relevant": ("relevance", "bind::relevant"),
    "read_only": ("readonly", "bind::readonly"), "required": ("bind::required",), "constraint": ("bind::constraint",),
}  # fmt: skip
_NODE = re.compile(r"/data(?:/[\w.-]+)*/([\w-][\w.-]*)")
_BEGINNING = re.compile(r"(?:The form cannot be filled: )?(/[^\s:]+): ?")


def located(error: FormError, survey: Rows, choices: Rows) -> Problem:
    """An engine's message as a problem in a cell, as far as it can be told."""
    paths = row_paths([dict(row) for row in survey])
    what, do = error.what, error.do
    begins = _BEGINNING.match(what)
    path = re.sub(r"\[\d+\]", "", begins[1]) if begins else ""
    if begins and what.startswith("The form cannot be filled"):
        what, do = what[begins.end() :], "Correct the rule, or let it wait with if() until there is an answer."
    if path.endswith("/meta/instanceName"):
        return Problem({"sheet": "settings", "row": FIRST_ROW, "column": "instance_name"}, _plain(what, path), do)
    unlabelled = re.search(r"the list “(.*)” has no (label|name) for its choices", what)
    if unlabelled:
        return _incomplete_choice(unlabelled[1], unlabelled[2], choices)
    column = next((column for word, column in _WORDS if word in what), None)
    row = paths.get(path)
    if row is None and path.endswith("_count"):
        row, column = paths.get(path.removesuffix("_count")), "repeat_count"
    if row is None:
        row = next((number for _, number in _mentioned(what, paths)), None)
    if row is None:
        row, column = _quoted(what, survey)
    elif column is None or "in a circle" in what:
        written = survey[row - FIRST_ROW]
        column = next((rule for rule in _RULES if _header(rule, written) in written), column)
    if row is not None and column is not None:
        column = _header(column, survey[row - FIRST_ROW])
    return Problem({"sheet": "survey", "row": row, "column": column}, _plain(what, path), do)


def missing_lists(form: FormDefinition, survey: Rows) -> list[Problem]:
    """The list files a form uses that are not beside it."""
    found = []
    for element in read_xml(form.xml).iter("{*}instance"):
        source = attribute(element, "src") or ""
        name = list_name(source)
        if (
            not source.lower().startswith(("jr://file/", "jr://file-csv/"))
            or element.get("id") not in form.model.instances
        ):
            continue
        if name in form.lists:
            continue
        row, column = _naming(name, survey)
        where: dict[str, str | int | None] = {"sheet": "survey", "row": row, "column": column}
        found.append(Problem(where, f"The list {name} is not beside the form.", "Put the file into the form's folder."))
    return found


def _naming(name: str, survey: Rows) -> tuple[int | None, str | None]:
    """The first cell that names a list file, with or without its ending."""
    stem = name.rpartition(".")[0] or name
    for number, row in enumerate(survey, FIRST_ROW):
        for column, value in row.items():
            if name in str(value) or re.search(rf"pulldata\(\s*['\"]{re.escape(stem)}['\"]", str(value)):
                return number, str(column)
        if str(row.get("type") or "").strip() in ("csv-external", "xml-external") and row.get("name") == stem:
            return number, "type"
    return None, None


def _incomplete_choice(name: str, column: str, choices: Rows) -> Problem:
    rows = [
        (number, row) for number, row in enumerate(choices, FIRST_ROW)
        if str(row.get("list_name") or row.get("list name") or "").strip() == name
    ]  # fmt: skip
    row = next((number for number, row in rows if not _begins(column, row)), rows[0][0] if rows else None)
    return Problem(
        {"sheet": "choices", "row": row, "column": column},
        f"The list “{name}” has a choice without a {column}.",
        f"Fill in the {column}.",
    )


def _begins(column: str, row: Mapping[str, Any]) -> bool:
    return any(str(key).split(":")[0] == column and value for key, value in row.items())


def _header(column: str, row: Mapping[str, Any]) -> str:
    """The name a column has on this sheet."""
    return next((name for name in (column, *_OTHER_NAMES.get(column, ())) if name in row), column)


def _plain(what: str, path: str) -> str:
    """The message without the node it is about, which the cell says; other nodes by their names."""
    rest = what.removeprefix(f"{path}: ") if path else what
    rest = _NODE.sub(r"${\1}", rest).replace("the action “", "the default “", 1)
    return rest[:1].upper() + rest[1:]


def _quoted(message: str, survey: Rows) -> tuple[int | None, str | None]:
    """The one cell that is, or begins with, what a message quotes."""
    for quoted in re.findall(r"['“]([^'”]+)['”]", message):
        cells = [
            (number, str(column))
            for number, row in enumerate(survey, FIRST_ROW)
            for column, value in row.items()
            if str(value).strip() == quoted or str(value).strip().startswith(f"{quoted} ")
        ]
        if len(cells) == 1:
            return cells[0]
    return None, None


def _mentioned(message: str, paths: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The paths in a message with their rows, the longest first."""
    plain = re.sub(r"\[\d+\]", "", message)
    found = [(path, row) for path, row in paths.items() if re.search(re.escape(path) + r"(?![\w/.-])", plain)]
    return iter(sorted(found, key=lambda pair: -len(pair[0])))
