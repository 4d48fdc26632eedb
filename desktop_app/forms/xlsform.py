"""XLSForms: compiled by pyxform, read by our engine, and checked cell by cell.

A form is compiled once, at the office; branches receive the XForm (forms.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_app.errors import FormError, NotFound

from .cells import located, missing_lists
from .compiler_words import Problem, in_words
from .definition import FormDefinition
from .sheet_checks import check_rows, row_paths
from .workbook import check_file, read_sheets, unreadable
from .xform import lists_beside, load_xform


class CellError(FormError):
    """A form that does not compile, with the cell where it is known."""

    def __init__(self, problem: Problem) -> None:
        row = problem.where.get("row")
        place = f"Sheet {problem.where.get('sheet')}, row {row}: " if row else ""
        super().__init__(f"{place}{problem.what}", do=problem.do)
        self.problem = problem


def compile_xlsform(path: Path) -> FormDefinition:
    """Compiles an XLSForm (.xlsx, .xls, .md, .csv). Raises NotFound; FormError with the first thing wrong."""
    form = load_xform(compile_to_xml(path), lists_beside(path))
    if not form.model.controls:
        raise FormError("The form asks nothing.", do="Write at least one question on the sheet “survey”.")
    return form


def compile_to_xml(path: Path) -> bytes:
    """The XForm of an XLSForm, indented, the same bytes for the same form. Raises NotFound, FormError."""
    return compiled_with_warnings(path)[0]


def compiled_with_warnings(path: Path) -> tuple[bytes, list[str]]:
    """As ``compile_to_xml``, with what pyxform warns of in its own words (compiler_advice.py has ours)."""
    check_file(path)
    # Asked first: what is imported there must be imported before pyxform is.
    caught = unreadable()
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    try:
        result = convert(str(path), warnings=warnings, validate=False, pretty_print=True, form_name="data")
    except PyXFormError as error:
        raise CellError(in_words(str(error), *read_sheets(path))) from None
    except caught as error:
        # pyxform lets these through for sheets it did not foresee; they are the sheet's fault, not a crash of ours.
        read_sheets(path)
        raise FormError(
            f"The spreadsheet cannot be compiled ({type(error).__name__}).", do="Compare it with a form that works."
        ) from None
    return str(result.xform).encode(), warnings


def problems(path: Path) -> list[Problem]:
    """Everything found wrong in a form, cell by cell; empty when branches can fill it.

    Raises NotFound, FormError (no form at all).
    """
    from .role_checks import role_problems

    if path.suffix.lower() == ".xml":
        return _xform_problems(path)
    check_file(path)
    survey, choices = read_sheets(path)
    found = check_rows(survey, choices, set(lists_beside(path)))
    form: FormDefinition | None = None
    try:
        form = compile_xlsform(path)
    except FormError as error:
        problem = error.problem if isinstance(error, CellError) else located(error, survey, choices)
        same_row = any(other.where.get("row") == problem.where.get("row") for other in found)
        # Without a row it is what follows from the cells named already.
        if not same_row and not (found and problem.where.get("row") is None):
            found.append(problem)
    if form is not None:
        cells = {(problem.where.get("row"), problem.where.get("column")) for problem in found}
        late = _unfillable(form, survey, choices)
        found.extend(
            p for p in late if (p.where.get("row"), p.where.get("column")) not in cells or not p.where.get("row")
        )
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
    return [*_unfillable(form, [], []), *role_problems(form, {})]


def _unfillable(form: FormDefinition, survey: list[dict[str, Any]], choices: list[dict[str, Any]]) -> list[Problem]:
    """A form that compiles but cannot begin: a rule that fails on an empty record, a list that is not there."""
    from .session import FormSession

    found = []
    try:
        FormSession(form)
    except FormError as error:
        found.append(located(error, survey, choices))
    return [*found, *missing_lists(form, survey)]
