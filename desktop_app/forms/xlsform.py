"""XLSForms: compiled by pyxform, read by our engine, and checked cell by cell.

A form is compiled once, at the office; branches receive the XForm (forms.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.errors import FormError, NotFound

from .definition import FormDefinition
from .sheet_checks import FIRST_ROW, check_rows, row_paths
from .xform import lists_beside, load_xform

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_SHEET_BYTES = 5_000_000
SUFFIXES = (".xlsx", ".xls", ".md", ".csv")
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEET = re.compile(r"'(survey|choices|settings|entities|external_choices)' sheet", re.IGNORECASE)
_COLUMN = re.compile(r"the '([^']+)' (?:value|column)", re.IGNORECASE)
_WORD_COLUMN = (
    ("choice filter", "choice_filter"), ("repeat count", "repeat_count"), ("constraint", "constraint"), ("relevant",
    "relevant"),
    ("calculation", "calculation"), ("required", "required"), ("readonly", "read_only"), ("<output>", "label"),
    ("choices", "type"),
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a form. ``where``: ``sheet`` and ``column`` (text) and ``row`` (from 1, the header is
    1), or nothing."""

    where: dict[str, str | int | None]
    what: str
    do: str


def compile_xlsform(path: Path) -> FormDefinition:
    """Compiles an XLSForm (.xlsx, .xls, .md, .csv). Raises NotFound; FormError with the first thing wrong."""
    form = load_xform(compile_to_xml(path), lists_beside(path))
    if not form.model.controls:
        raise FormError("The form asks nothing.", do="Write at least one question on the sheet “survey”.")
    return form


def compile_to_xml(path: Path) -> bytes:
    """The XForm of an XLSForm, indented, the same bytes for the same form. Raises NotFound, FormError."""
    _readable(path)
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    try:
        result = convert(str(path), warnings=warnings, validate=False, pretty_print=True, form_name="data")
    except PyXFormError as error:
        problem = _from_pyxform(str(error))
        raise FormError(f"{_place(problem)}{problem.what}", do=problem.do) from None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        # pyxform lets these through for sheets it did not foresee; they are the sheet's fault, not a crash of ours.
        raise FormError(
            f"The spreadsheet cannot be compiled ({type(error).__name__}).", do="Compare it with a form that works."
        ) from None
    return str(result.xform).encode()


def _readable(path: Path) -> None:
    if not path.is_file():
        raise NotFound(f"There is no form at {path.name}.", do="Check the name of the file.")
    if path.suffix.lower() not in SUFFIXES:
        raise FormError(
            f"{path.name} is not a spreadsheet of questions.", do="Choose an .xlsx, .xls, .md or .csv file."
        )
    if path.stat().st_size > MAX_SHEET_BYTES:
        raise FormError(
            "The spreadsheet is larger than 5 MB.", do="Move long lists of choices to CSV files, or split it."
        )


def problems(path: Path) -> list[Problem]:
    """Everything found wrong in a form, cell by cell; empty when branches can fill it.

    Raises NotFound, FormError (no form at all).
    """
    from .role_checks import role_problems

    if path.suffix.lower() == ".xml":
        return _xform_problems(path)
    _readable(path)
    survey, choices = _sheets(path)
    found = check_rows(survey, choices, set(lists_beside(path)))
    form: FormDefinition | None = None
    try:
        form = compile_xlsform(path)
    except FormError as error:
        problem = _located(error, survey)
        if not any(other.where.get("row") == problem.where.get("row") for other in found):
            found.append(problem)
    if form is not None:
        found.extend(_unfillable(form, survey))
        found.extend(role_problems(form, row_paths(survey)))
    return found


def _xform_problems(path: Path) -> list[Problem]:
    from .role_checks import role_problems
    from .xform import load_form

    try:
        form = load_form(path)
    except NotFound:
        raise
    except FormError as error:
        return [Problem({}, error.what, error.do)]
    return [*_unfillable(form, []), *role_problems(form, {})]


def _unfillable(form: FormDefinition, survey: list[dict[str, Any]]) -> list[Problem]:
    """A form that compiles but cannot begin: a rule that fails on an empty record, a list that is not there."""
    from .session import FormSession

    found = []
    try:
        FormSession(form)
    except FormError as error:
        found.append(_located(error, survey))
    paths = row_paths(survey)
    for question in form.questions:
        if question.list_file and question.list_file not in form.lists:
            row = paths.get(question.path)
            found.append(
                Problem(
                    {"sheet": "survey", "row": row, "column": "type"},
                    f"The list {question.list_file} is not beside the form.",
                    "Put the file into the form's folder.",
                )
            )
    return found


def _sheets(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the survey and choices sheets as written. Raises FormError when the file is no spreadsheet."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform

    try:
        book = get_xlsform(str(path))
    except (PyXFormError, KeyError, ValueError, OSError) as error:
        raise FormError(
            f"{path.name} cannot be read as a spreadsheet of questions. {error}", do="Save it again as .xlsx."
        ) from None
    return [dict(row) for row in book.survey or []], [dict(row) for row in book.choices or []]


def _from_pyxform(message: str) -> Problem:
    row = _ROW.search(message)
    sheet, column = _SHEET.search(message), _COLUMN.search(message)
    what = _ROW.sub("", message).strip()
    where: dict[str, str | int | None] = {
        "sheet": sheet[1].lower() if sheet else "survey",
        "row": int(row[1]) if row else None,
        "column": column[1] if column else None,
    }
    return Problem(where, what, "Correct this in the spreadsheet and check again.")


def _place(problem: Problem) -> str:
    row = problem.where.get("row")
    return f"Sheet {problem.where.get('sheet')}, row {row}: " if row else ""


def _located(error: FormError, survey: list[dict[str, Any]]) -> Problem:
    """The cell an engine's or compiler's message is about."""
    match = re.match(r"Sheet (\w+), row (\d+): (.*)", error.what, re.DOTALL)
    if match:
        column = _COLUMN.search(match[3])
        return Problem(
            {"sheet": match[1], "row": int(match[2]), "column": column[1] if column else None}, match[3], error.do
        )
    row = next((number for path, number in _mentioned(error.what, row_paths(survey))), None)
    column_name = next((column for word, column in _WORD_COLUMN if word in error.what), None)
    if row is None:
        row, column_name = _quoted_cell(error.what, survey)
    elif "in a circle" in error.what:
        column_name = next((name for name in ("relevant", "calculation") if survey[row - FIRST_ROW].get(name)), None)
    return Problem({"sheet": "survey", "row": row, "column": column_name}, error.what, error.do)


def _quoted_cell(message: str, survey: list[dict[str, Any]]) -> tuple[int | None, str | None]:
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


def _mentioned(message: str, paths: Mapping[str, int]) -> list[tuple[str, int]]:
    found = [
        (path, row)
        for path, row in paths.items()
        if re.search(re.escape(path) + r"(?![\w/.-])", re.sub(r"\[\d+\]", "", message))
    ]
    return sorted(found, key=lambda pair: -len(pair[0]))
