"""What the compiler advises of a spreadsheet that compiles: nothing is wrong, but the office should look."""

from __future__ import annotations

import re
from pathlib import Path

from desktop_app.errors import FormError

from .compiler_words import FIRST_ROW, Problem

_ROW = re.compile(r"\[row : (\d+)\] ")
# Advice for telephones and servers, of no use here.
_ELSEWHERE = ("max-pixels", "machine-readable codes", "no longer supported", "recommended by the ODK")
# Each: what pyxform says, sheet, column, what we say, what to do. Groups of the pattern fill the braces.
_SAYINGS = (
    (r"(Repeat|Group) has no label: .*'name': '([^']+)'", "survey", "label", "“{2}” has no heading.",
     "Write a label, so that people know what they are filling."),
    (r"(?:Question|Row) has no label.*'name': '([^']+)'", "survey", "label", "“{1}” has no question text.",
     "Write a label."),
    (r"Choices should have a label", "choices", "label", "A choice has no label.",
     "Write what people should read; until then they see its name."),
    (r"the 'name' value '([^']+)' is problematic", "survey", "name",
     "The name “{1}” differs from another only in capital letters.", "Give one of the two another name."),
    (r"^\s*Row without name, text, or label is being skipped", "survey", "name",
     "The row has neither name nor label and is left out.", "Complete the row or delete it."),
    (r"Column headers must not be empty and must not contain spaces", "choices", None,
     "The heading of a column on the sheet “choices” is empty or holds a space.", "Correct the heading."),
    (r"with similar names were found: (.+?)\.", None, None, "A sheet called {1} is left out.",
     "If it belongs to the form, spell its name as XLSForm does."),
    (r"uses or_other and translations", "survey", "type", "“Other” is not translated in this form.",
     "Write “other” as a choice of its own with its translations."),
    (r"Language '([^']+)' is missing the (survey|choices) columns? (.+?)\.?$", "{2}", None,
     "The language “{1}” has no {3}.", "Write the texts in that language, or take the language out."),
)  # fmt: skip


def advice(path: Path) -> list[Problem]:
    """What to look at in a spreadsheet; empty for an XForm and for a sheet that does not compile."""
    from .xlsform import compiled_with_warnings

    if path.suffix.lower() == ".xml":
        return []
    try:
        _, warnings = compiled_with_warnings(path)
    except FormError:
        return []
    lines = [line for warning in warnings for line in _lines(warning)]
    return [_said(line) for line in dict.fromkeys(lines) if not any(word in line for word in _ELSEWHERE)]


def _lines(warning: str) -> list[str]:
    """Missing translations come as several lines in one warning."""
    return [line.strip() for line in warning.splitlines() if line.strip()] if "is missing the" in warning else [warning]


def _said(line: str) -> Problem:
    row = _ROW.search(line)
    text = _ROW.sub("", line).strip()
    number = int(row[1]) if row else None
    for pattern, sheet, column, what, do in _SAYINGS:
        match = re.search(pattern, text, re.DOTALL)
        if match:
            groups = ("", *match.groups())
            where = {"sheet": sheet.format(*groups) if sheet else None, "row": number, "column": column}
            return Problem(where, what.format(*groups), do)
    sheet = "choices" if "'choices' sheet" in text else "survey" if number and number >= FIRST_ROW else None
    return Problem({"sheet": sheet, "row": number, "column": None}, text.partition(" Learn more")[0], "")
