"""The table of editors: which one a question is answered with.

A new question type is the engine's table and one line here (architecture.md: "To add").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.forms.choice_editors import CheckEditor, RadioEditor
from ui.forms.date_editor import DateEditor
from ui.forms.drop_down import CheckDropDownEditor, DropDownEditor
from ui.forms.editor import Editor
from ui.forms.file_editor import FileEditor
from ui.forms.other_editors import ByHandEditor, NoteEditor, RangeEditor, RankEditor, TimeEditor, TriggerEditor
from ui.forms.scale_editors import AddressEditor, CounterEditor, DigitsEditor, RatingEditor, scale
from ui.forms.sections import is_table_head, is_table_row
from ui.forms.table_head import TableHeadEditor
from ui.forms.text_editors import MultilineEditor, NumberEditor, OneLineEditor
from ui.forms.type_ahead import TypeAheadEditor

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

# Up to this many choices stand on the page; more are a drop-down; more again are found by typing.
MOST_RADIOS, MOST_CHECKS, MOST_DROPPED = 8, 16, 25

_BY_KIND: dict[str, type[Editor]] = {
    "integer": NumberEditor,
    "decimal": NumberEditor,
    "date": DateEditor,
    "range": RangeEditor,
    "rank": RankEditor,
    "note": NoteEditor,
    "trigger": TriggerEditor,
    "time": TimeEditor,
    "datetime": TimeEditor,
    "barcode": ByHandEditor,
    "geopoint": ByHandEditor,
    "geotrace": ByHandEditor,
    "geoshape": ByHandEditor,
    "image": FileEditor,
    "audio": FileEditor,
    "video": FileEditor,
    "file": FileEditor,
}


def editor_class(question: Question, choices: Sequence[Choice] = ()) -> type[Editor]:
    """The editor for `question`, given how many choices it has now."""
    looks = question.appearance.split()
    if is_table_head(question):
        return TableHeadEditor
    if is_table_row(question):
        return RadioEditor if question.kind == "select_one" else CheckEditor
    if question.kind == "select_one":
        if "autocomplete" in looks or question.list_file or len(choices) > MOST_DROPPED:
            return TypeAheadEditor
        if "minimal" in looks or len(choices) > MOST_RADIOS:
            return DropDownEditor
        return RadioEditor
    if question.kind == "select_multiple":
        if "autocomplete" in looks or question.list_file or len(choices) > MOST_CHECKS:
            return TypeAheadEditor
        return CheckDropDownEditor if "minimal" in looks else CheckEditor
    if question.kind == "text":
        if "multiline" in looks:
            return MultilineEditor
        return DigitsEditor if "numbers" in looks else AddressEditor if "url" in looks else OneLineEditor
    if question.kind == "integer" and "counter" in looks:
        return CounterEditor
    if question.kind == "range" and "rating" in looks and scale(question):
        return RatingEditor
    return _BY_KIND.get(question.kind, OneLineEditor)


def make_editor(question: Question, path: str, choices: Sequence[Choice] = (), parent: QWidget | None = None) -> Editor:
    """A new editor for `question` at the instance path `path`; call `show_node` to fill it."""
    return editor_class(question, choices)(question, path, parent)
