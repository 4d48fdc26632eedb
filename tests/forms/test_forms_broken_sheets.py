"""Spreadsheets with one mistake each: the cell is named, in plain English, with what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.errors import FormError
from desktop_app.forms.xlsform import compile_xlsform, problems

COLUMNS = (
    "type", "name", "label", "relevant", "constraint", "calculation", "required", "choice_filter", "repeat_count",
    "appearance", "default", "parameters", "constraint_message", "hint", "trigger",
)  # fmt: skip
Row = tuple[str, str, str, dict[str, str]]
A: Row = ("text", "a", "A?", {})


def row(kind: str, name: str = "b", label: str = "B?", **cells: str) -> Row:
    return kind, name, label, cells


def workbook(
    folder: Path, survey: list[Row], choices: list[tuple[str, ...]] | None, settings: list[str] | None
) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    sheet.append(COLUMNS)
    for kind, name, label, cells in survey:
        sheet.append([kind or None, name or None, label or None, *(cells.get(column) for column in COLUMNS[3:])])
    if choices is not None:
        sheet = book.create_sheet("choices")
        sheet.append(["list_name", "name", "label"])
        for choice in choices:
            sheet.append([cell or None for cell in choice])
    sheet = book.create_sheet("settings")
    sheet.append(["form_id", "form_title", "version", "instance_name"])
    sheet.append(["broken", "Broken", "1", *(settings or [])])
    path = folder / "broken.xlsx"
    book.save(path)
    return path


YES = [("yn", "yes", "Yes"), ("yn", "no", "No")]
CLOSED = row("end group", "", "")
# What is wrong: the survey, the choices, and the cell that must be named (sheet, row, column).
BROKEN: dict[str, tuple[list[Row], list[tuple[str, ...]] | None, tuple[str, int, str]]] = {
    "a type mistyped": ([A, row("txet")], None, ("survey", 3, "type")),
    "a type of selection mistyped": ([A, row("selct_one yn")], YES, ("survey", 3, "type")),
    "a selection without a list": ([A, row("select_one")], YES, ("survey", 3, "type")),
    "a list that is not there": ([A, row("select_one yesno")], YES, ("survey", 3, "type")),
    "no sheet of choices": ([row("select_multiple yn")], None, ("survey", 2, "type")),
    "a ranking without a list": ([row("rank")], None, ("survey", 2, "type")),
    "a list file that is not there": ([row("select_one_from_file towns.csv")], None, ("survey", 2, "type")),
    "a list file without an ending": ([row("select_one_from_file towns")], None, ("survey", 2, "type")),
    "a list file pulled that is not there": (
        [A, row("calculate", "c", "", calculation="pulldata('towns', 'x', 'name', ${a})")], None,
        ("survey", 3, "calculation"),
    ),
    "an external list without its sheet": ([row("select_one_external towns")], None, ("survey", 2, "type")),
    "a name twice": ([A, row("text", "a")], None, ("survey", 3, "name")),
    "a group's name twice": (
        [row("begin group", "g", "G"), A, CLOSED, row("begin group", "g", "G"), row("text"), CLOSED], None,
        ("survey", 5, "name"),
    ),
    "a name missing": ([A, row("text", "")], None, ("survey", 3, "name")),
    "a group without a name": ([row("begin group", "", "G"), A, CLOSED], None, ("survey", 2, "name")),
    "a name with a space": ([A, row("text", "my name")], None, ("survey", 3, "name")),
    "a name with a digit first": ([row("text", "1st")], None, ("survey", 2, "name")),
    "a name that is reserved": ([row("text", "meta")], None, ("survey", 2, "name")),
    "a label missing": ([row("text", "a", "")], None, ("survey", 2, "label")),
    "a type missing": ([A, row("")], None, ("survey", 3, "type")),
    "an unknown question in a rule": ([A, row("text", relevant="${zz} = 1")], None, ("survey", 3, "relevant")),
    "an unknown question in a label": ([A, row("text", "b", "You said ${zz}")], None, ("survey", 3, "label")),
    "an unknown question in a hint": ([row("text", hint="See ${zz}")], None, ("survey", 2, "hint")),
    "an unknown question in a message": (
        [row("integer", constraint=". > 1", constraint_message="not ${zz}")], None, ("survey", 2, "constraint_message"),
    ),
    "an unknown question as trigger": (
        [A, row("calculate", "c", "", calculation="1", trigger="${zz}")], None, ("survey", 3, "trigger"),
    ),
    "an unknown question in a filter": (
        [row("select_one yn", choice_filter="name = ${x}")], YES, ("survey", 2, "choice_filter"),
    ),
    "an unknown question as count": (
        [row("begin repeat", "r", "R", repeat_count="${nn}"), A, row("end repeat", "", "")], None,
        ("survey", 2, "repeat_count"),
    ),
    "a calculation cut off": ([A, row("calculate", "c", "", calculation="1 + ")], None, ("survey", 3, "calculation")),
    "a calculation missing": ([A, row("calculate", "c", "")], None, ("survey", 3, "calculation")),
    "two equals signs": ([A, row("text", relevant="${a} == 1")], None, ("survey", 3, "relevant")),
    "a bracket open": ([row("integer", constraint="(. > 1")], None, ("survey", 2, "constraint")),
    "a function nobody knows": ([row("integer", constraint="sumif(.) > 1")], None, ("survey", 2, "constraint")),
    "a function with too little": (
        [A, row("calculate", "c", "", calculation="round()")], None, ("survey", 3, "calculation"),
    ),
    "a quotation mark open": ([A, row("text", relevant="${a} = 'yes")], None, ("survey", 3, "relevant")),
    "a reference without braces": ([A, row("text", relevant="$a > 1")], None, ("survey", 3, "relevant")),
    "a reference open": ([A, row("text", relevant="${a > 1")], None, ("survey", 3, "relevant")),
    "and in capitals": ([A, row("text", relevant="${a} = 1 AND ${a} = 2")], None, ("survey", 3, "relevant")),
    "words as a condition": ([row("text", required="yes please")], None, ("survey", 2, "required")),
    "a default cut off": ([row("text", default="concat(")], None, ("survey", 2, "default")),
    "a group that is not closed": ([row("begin group", "g", "G"), A], None, ("survey", 2, "type")),
    "a repeat that is not closed": ([row("begin repeat", "g", "G"), A], None, ("survey", 2, "type")),
    "an end too many": ([A, CLOSED], None, ("survey", 3, "type")),
    "ends that cross": (
        [row("begin group", "g", "G"), row("begin repeat", "r", "R"), A, CLOSED, row("end repeat", "", "")], None,
        ("survey", 5, "type"),
    ),
    "two calculations in a circle": (
        [row("calculate", "x", "", calculation="${y}"), row("calculate", "y", "", calculation="${x}"), A], None,
        ("survey", 2, "calculation"),
    ),
    "two conditions in a circle": (
        [row("text", "x", relevant="${y} = 1"), row("text", "y", relevant="${x} = 1")], None, ("survey", 2, "relevant"),
    ),
    "a choice without a name": ([row("select_one yn")], [("yn", "", "Yes"), YES[1]], ("choices", 2, "name")),
    "a choice without a label": ([row("select_one yn")], [("yn", "yes", ""), YES[1]], ("choices", 2, "label")),
    "a choice twice": ([row("select_one yn")], [YES[0], YES[0]], ("choices", 3, "name")),
    "a choice with a space": ([row("select_multiple yn")], [("yn", "oh yes", "Yes")], ("choices", 2, "name")),
    "a range that is no number": ([row("range", parameters="start=1 end=x step=1")], None, ("survey", 2, "parameters")),
    "a parameter nobody knows": ([row("range", parameters="begin=1 end=5")], None, ("survey", 2, "parameters")),
    "parameters that cannot be read": ([row("range", parameters="start 1")], None, ("survey", 2, "parameters")),
    "shuffling neither on nor off": ([row("select_one yn", parameters="randomize=so")], YES, ("survey", 2, "parameters")),
    "a seed without shuffling": ([row("select_one yn", parameters="seed=5")], YES, ("survey", 2, "parameters")),
    "pixels in words": ([row("image", parameters="max-pixels=many")], None, ("survey", 2, "parameters")),
    "other with a filter": (
        [A, row("select_one yn or_other", choice_filter="name = ${a}")], YES, ("survey", 3, "choice_filter"),
    ),
}  # fmt: skip
FOREIGN = ("pyxform", "XLSForm", "xlsform.org", "itemset", "NoneType", "Invalid", "[row", "/data", "Exception", "None ")
# Found by looking through the sheet, though the form could be compiled without.
COMPILES = {
    "a list file that is not there",
    "a function with too little",
    "a function nobody knows",
    "a list file pulled that is not there",
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_wrong_cell_is_named_in_plain_words(tmp_path: Path, name: str) -> None:
    survey, choices, cell = BROKEN[name]
    path = workbook(tmp_path, survey, choices, None)
    found = problems(path)
    assert [(p.where.get("sheet"), p.where.get("row"), p.where.get("column")) for p in found] == [cell]
    (problem,) = found
    assert problem.what.endswith(".") and problem.do.rstrip(' "').endswith((".", "'"))
    assert not [word for word in FOREIGN if word in problem.what + problem.do]
    if name not in COMPILES:
        with pytest.raises(FormError):
            compile_xlsform(path)


def test_the_name_of_a_record_is_named_on_the_settings_sheet(tmp_path: Path) -> None:
    for written in ("${zz}", "concat(${a}"):
        (problem,) = problems(workbook(tmp_path, [A], None, [written]))
        assert problem.where == {"sheet": "settings", "row": 2, "column": "instance_name"}


@pytest.mark.parametrize(
    ("survey", "choices"),
    [
        ([A, row("text", "A")], None),
        ([row("text", appearance="tabel-list")], None),
        ([row("integer", "a", constraint="${a} > 1")], None),
        ([row("date", default="yesterday")], None),
        ([A, row("text", relevant="${a} = ‘yes’")], None),
        ([A, row("select_one yn", choice_filter="colour = ${a}")], YES),
        ([row("begin group", "g", "", appearance="table-list"), A, CLOSED], None),
    ],
)
def test_what_pyxform_and_javarosa_accept_is_accepted(
    tmp_path: Path, survey: list[Row], choices: list[tuple[str, ...]] | None
) -> None:
    assert problems(workbook(tmp_path, survey, choices, None)) == []
