"""Choosing authorities outside a form, with the very editor the forms have: three letters of a name, then Enter."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.forms.definition import Choice, Question
from desktop_app.records.authorities import all_authorities
from ui.forms.type_ahead import TypeAheadEditor


class AuthorityPicker(QWidget):
    """`codes()` are DfE three-digit codes, in the order chosen; `changed` fires with each choice."""

    changed = Signal()

    def __init__(self, name: str = "Authorities", *, one: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        choices = tuple(
            Choice(a.code, a.name, {"short_name": a.short_name, "aliases": ";".join(a.aliases)}) for a in all_authorities()
        )
        kind = "select_one" if one else "select_multiple"
        question = Question("/authorities", "authorities", kind, name, list_file="local_authorities.csv")
        self._choices = choices
        self._codes: tuple[str, ...] = ()
        self.editor = TypeAheadEditor(question, question.path)
        self.editor._show("", choices)
        self.editor.describe(name, "Type three letters of a name, then Enter.", "")
        self.editor.edited.connect(self._edited)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.editor)
        self.setFocusProxy(self.editor.field)

    def codes(self) -> tuple[str, ...]:
        return self._codes

    def set_codes(self, codes: tuple[str, ...]) -> None:
        self._codes = codes
        self.editor._show(" ".join(codes), self._choices)

    def _edited(self, _path: str, text: str) -> None:
        self._codes = tuple(text.split())
        self.changed.emit()
