"""What pyxform says is wrong with a spreadsheet, in plain words and with its cell.

pyxform writes for programmers, names some rows and few columns. A message no line here knows is shown as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FIRST_ROW = 2
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEET = re.compile(r"'(survey|choices|settings|entities|external_choices)' sheet", re.IGNORECASE)
_COLUMN = re.compile(r"the '([^']+)' (?:value|column)", re.IGNORECASE)
_TYPES = (
    "text", "integer", "decimal", "range", "select_one", "select_multiple", "select_one_from_file",
    "select_multiple_from_file", "rank", "note", "geopoint", "geotrace", "geoshape", "date", "time", "dateTime", "image",
    "audio", "background-audio", "video", "file", "barcode", "calculate", "acknowledge", "hidden", "xml-external",
    "csv-external", "start", "end", "today", "deviceid", "username", "audit", "begin_group", "end_group", "begin_repeat",
    "end_repeat", "trigger",
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a form. ``where``: ``sheet`` and ``column`` (text) and ``row`` (from 1, the header is
    1), or nothing."""

    where: dict[str, str | int | None]
    what: str
    do: str


@dataclass(frozen=True)
class _Saying:
    """``pattern`` of a message; ``column`` and ``sheet`` of its cell; our words, with what the pattern found in {}.

    ``seek``: where the message names no row, the cell of ``column`` to look for.
    """

    pattern: str
    column: str
    what: str
    do: str
    sheet: str = "survey"
    seek: str = ""
    row: int | None = None


_SAYINGS = (
    _Saying(r"Unknown question type '(.*)'\.", "type", "There is no type of question “{0}”.", "Correct the type."),
    _Saying(r"Question with no type", "type", "The row has no type.", "Write the type of the question."),
    _Saying(r"(?:Question|group) .*with no name", "name", "The row has no name.", "Give it a name without spaces."),
    _Saying(
        r"Unmatched 'end_(\w+)'", "type", "This end_{0} closes no {0} that is open.", "Remove it, or write begin_{0}."
    ),
    _Saying(r"Unmatched 'begin_(\w+)'", "type", "This {0} is not closed.", "Write end_{0} after its last question."),
    _Saying(
        r"survey element named '(.*)' has no label or hint", "label", "“{0}” has no label.", "Write what is asked.",
        seek="name",
    ),
    _Saying(
        r"To use big-image.* named (\S+)\.", "media::big-image", "A large picture needs a small one too.",
        "Fill in media::image as well.", seek="name",
    ),
    _Saying(r"Missing calculation", "calculation", "Nothing is calculated.", "Write the calculation."),
    _Saying(
        r"Choice filter not supported with or_other", "choice_filter", "A filter and or_other do not go together.",
        "Remove one of them.",
    ),
    _Saying(
        r"Choice filter not supported for table-list", "choice_filter", "A filter and table-list do not go together.",
        "Remove one of them.",
    ),
    _Saying(
        r"list names don't match: (\S+) vs\. (\S+)", "type", "The questions of a table-list have two lists, {0} and {1}.",
        "Use one list in the group.",
    ),
    _Saying(r"specify choices for this 'or other'", "type", "The list has no choices.", "Add choices to the list."),
    _Saying(
        r"List name not in (?:choices|external choices|columns) sheet: (.*)", "type",
        "There is no list of choices called “{0}”.", "Add it to the choices sheet.",
    ),
    _Saying(r"Repeat loop without list name", "type", "The loop names no list.", "Name the list of choices."),
    _Saying(
        r"There should be an? (\w+) sheet", "type", "The workbook has no sheet “{0}”.", "Add the sheet with its lists.",
        seek="type=select_one_external",
    ),
    _Saying(
        r"spaces cannot be added to multiple choice selects\. See \[(.*)\] in \[(.*)\]", "name",
        "The choice “{0}” of the list {1} has a space in its name.", "Write _ instead: answers are kept with spaces between.",
        sheet="choices", seek="name",
    ),
    _Saying(
        r"File name for '(.*)' should end", "type", "“{0}” names no list file.", "End the name in .csv, .xml or .geojson."
    ),
    _Saying(r"Invalid headers .*'(\w+)'.*not found: (.*?)\. ", "type", "The sheet has no column {1}.", "Write it into the "
            "first row.", sheet="{0}", row=1),
    _Saying(
        r"Invalid headers .*'(\w+)'.*same column were found: '(.*)', '(.*)'", "{2}", "“{1}” and “{2}” are one column.",
        "Remove one of them.", sheet="{0}", row=1,
    ),
    _Saying(
        r"Invalid headers .*'(\w+)'.*missing header row", "", "The first row does not name the columns.",
        "Write type, name, label … into the first row.", sheet="{0}", row=1,
    ),
    _Saying(
        r"must have a sheet named 'survey'", "", "The workbook has no sheet “survey”.",
        "Name the sheet with the questions “survey”.",
    ),
    _Saying(r"Choices must have a name", "name", "The choice has no name.", "Give it a short name.", sheet="choices"),
    _Saying(
        r"Choice names must be unique", "name", "The list has this name twice.", "Give one of them another name.",
        sheet="choices",
    ),
    _Saying(
        r"'choices' sheet, the '([^']*)' value is invalid\. Column headers", "{0}", "“{0}” cannot be the name of a column.",
        "Use letters, digits and _, without spaces.", sheet="choices", row=1,
    ),
    _Saying(
        r"'name' value '?(.*?)'? is invalid\. Questions, groups, and repeats must be unique", "name",
        "“{0}” is the name of two questions here.", "Give one of them another name.",
    ),
    _Saying(r"'name' value '(.*)' is invalid\. Repeat names must not", "name", "A repeat cannot be called “{0}”.",
            "Give it another name."),
    _Saying(r"'name' value '(.*)' is invalid\. Repeat names must unique", "name", "Two repeats are called “{0}”.",
            "Give one of them another name."),
    _Saying(r"'(meta)' is reserved", "name", "“{0}” is kept for what a form notes by itself.", "Give it another name."),
    _Saying(r"the '(\S+)' value is invalid\. Names must begin", "{0}", "This cannot be a name.",
            "Use letters, digits, - and _, beginning with a letter."),
    _Saying(r"the '([^']*)' value is invalid\. Reference variables must start", "{0}", "A name in ${{…}} cannot be read.",
            "Write ${{, the name of a question, and }}."),
    _Saying(r"Reference variable lists must have a comma", "trigger", "The names are not separated.",
            "Write a comma between them."),
    _Saying(r"the '([^']*)' value is invalid\. .*Could not find the name '(.*)'", "{0}", "There is no question called “{1}”.",
            "Correct the name in ${{…}}."),
    _Saying(r"the '([^']*)' value is invalid\. .*The name '(.*)' appears more than once", "{0}",
            "Several questions are called “{1}”.", "Give them different names."),
    _Saying(r"There is no survey element named '(.*)'", "", "There is no question called “{0}”.",
            "Correct the name in ${{…}}."),
    _Saying(r"There are multiple survey elements named '(.*)'", "", "Several questions are called “{0}”.",
            "Give them different names."),
    _Saying(r"'range' question type, the parameter '(\w+)' must be a number", "parameters", "{0} of the range is no number.",
            "Write a number."),
    _Saying(r"the parameter '(\w+)' must not be '0'", "parameters", "{0} of the range is 0.", "Write another number."),
    _Saying(r"the parameter '(\w+)' must not be larger", "parameters", "{0} is larger than the range.", "Make it smaller."),
    _Saying(r"the parameter '(\w+)' must be a multiple", "parameters", "{0} is no multiple of the step.", "Change one of them."),
    _Saying(r"the parameter '(\w+)' must be between", "parameters", "{0} is outside the range.", "Change it."),
    _Saying(r"parameters? '?tick_", "parameters", "The marks of the range do not fit it.",
            "Correct tick_interval, placeholder or tick_labelset, or leave them out."),
    _Saying(r"Parameters must be in the form", "parameters", "The parameters cannot be read.",
            "Write them as name=value, with a space between two."),
    _Saying(r"accepted parameter keys .* '(.*)'\. .* key\(s\): '(.*)'", "parameters",
            "“{1}” is no parameter of this type of question.", "Use one of: {0}."),
    _Saying(r"'(capture-accuracy|warning-accuracy)' parameter must have", "parameters", "{0} is no number.",
            "Write a number of metres."),
    _Saying(r"'allow-mock-accuracy' parameter", "parameters", "allow-mock-accuracy is neither true nor false.",
            "Write true or false."),
    _Saying(r"'incremental' parameter", "parameters", "incremental can only be true.", "Write incremental=true or nothing."),
    _Saying(r"'reference-geometry' parameter", "parameters", "reference-geometry names no list.", "Name a list of choices."),
    _Saying(r"(randomize|track-changes|identify-user) must be set to true or false", "parameters",
            "{0} is neither true nor false.", "Write {0}=true or {0}=false.", seek="parameters"),
    _Saying(r"(track-changes-reasons) must be set", "parameters", "{0} can only be on-form-edit.", "Correct it.",
            seek="parameters"),
    _Saying(r"must include randomize=true to use a (seed)", "parameters", "A seed shuffles nothing by itself.",
            "Write randomize=true beside it.", seek="parameters"),
    _Saying(r"(seed) value must be a number", "parameters", "The seed is neither a number nor a question.",
            "Write a number or ${{name}}.", seek="parameters"),
    _Saying(r"Invalid value for (quality)", "parameters", "There is no such quality of sound.",
            "Write voice-only, low, normal or external.", seek="parameters"),
    _Saying(r"Parameter ([\w-]+) must (?:have an integer|be greater|be set)", "parameters", "{0} has not the right value.",
            "Write a whole number.", seek="parameters"),
    _Saying(r"To include (location) information", "parameters", "The audit needs location-priority, location-min-interval "
            "and location-max-age together.", "Write all three, or none.", seek="parameters"),
    _Saying(r"Audits must always be named", "name", "An audit has no name of its own.", "Leave its name empty."),
    _Saying(r"'itemset' and 'list_name' must not both", "type", "The ranking names no list of choices.",
            "Write rank and the name of a list.", seek="type=rank"),
    _Saying(r"same instance id will be generated.*Instance name: '(.*?)'", "type", "Two list files are called “{0}”.",
            "Give one of the files another name."),
    _Saying(r"Missing 'instance_name'|Invalid instance_name", "instance_name", "The name of a record cannot be made.",
            "Correct it.", sheet="settings", row=2),
    _Saying(r"The '(\w+)' value is invalid\. Names must begin", "{0}", "This cannot be a name.",
            "Use letters, digits, - and _, beginning with a letter.", sheet="settings", row=2),
    _Saying(r"'entities' sheet.* does not have a label", "label", "The entity list has no label.",
            "Write how an entity is called.", sheet="entities"),
    _Saying(r"'entities' sheet.* does not have an? '(\w+)'", "{0}", "The entity list has no {0}.", "Write it.",
            sheet="entities"),
    _Saying(r"To save entity properties using the save_to", "save_to", "There is no sheet “entities” to save to.",
            "Add the sheet, or empty save_to."),
)  # fmt: skip


def in_words(message: str, survey: Sequence[dict[str, Any]], choices: Sequence[dict[str, Any]]) -> Problem:
    """One message of pyxform as a problem in a cell."""
    row = _ROW.search(message)
    sheet, column = _SHEET.search(message), _COLUMN.search(message)
    text = _ROW.sub("", message).strip()
    for saying in _SAYINGS:
        match = re.search(saying.pattern, text, re.DOTALL)
        if match is None:
            continue
        found = [group or "" for group in match.groups()]
        where = saying.sheet.format(*found)
        number = int(row[1]) if row else saying.row
        if number is None:
            cells = choices if where == "choices" else survey
            column_sought, _, wanted = (saying.seek or saying.column).partition("=")
            number = _row_of(cells, column_sought, wanted or (found[0] if found else ""))
        if sheet and saying.sheet == "survey":
            where = sheet[1].lower()
        do = saying.do.format(*found)
        if saying.column == "type":
            do = _nearest(found[0]) or do if "no type of" in saying.what else do
        return Problem(
            {"sheet": where, "row": number, "column": saying.column.format(*found) or None},
            saying.what.format(*found),
            do,
        )
    return Problem(
        {
            "sheet": sheet[1].lower() if sheet else "survey",
            "row": int(row[1]) if row else None,
            "column": column[1] if column else None,
        },
        text,
        "Correct this in the spreadsheet and check again.",
    )


def _row_of(rows: Sequence[dict[str, Any]], column: str, wanted: str) -> int | None:
    """The first row whose cell is, or holds, what is wanted."""
    if not wanted:
        return None
    for number, row in enumerate(rows, FIRST_ROW):
        cell = str(row.get(column) or "").strip()
        if (
            cell == wanted
            or (column == "parameters" and wanted in cell)
            or (column == "type" and cell.startswith(wanted))
        ):
            return number
    return None


def _nearest(written: str) -> str:
    """What to do about a type nobody knows."""
    first = written.split(" ")[0] if written else ""
    if first in ("select_one", "select_multiple", "rank"):
        return f"Write the name of a list of choices after it: {first} list."
    close = difflib.get_close_matches(first, _TYPES, 1, 0.6)
    return f"Perhaps “{close[0]}” is meant." if close else ""
