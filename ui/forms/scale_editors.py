"""Numbers that are counted up or chosen from a scale, and texts that are digits or addresses (ODK appearances)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_app.forms.definition import Choice
from desktop_app.forms.plain import plain_number
from ui.forms.choice_editors import RadioEditor
from ui.forms.text_editors import NumberEditor, OneLineEditor

if TYPE_CHECKING:
    from desktop_app.forms.definition import Question

# A scale with more steps than this is typed.
MOST_STEPS = 11


def scale(question: Question) -> list[str]:
    """The values of a range from its ``start``, ``end`` and ``step``; empty where these are no short scale."""
    try:
        start, end, step = (Decimal(question.parameters.get(name, "")) for name in ("start", "end", "step"))
    except InvalidOperation:
        return []
    if not (start.is_finite() and end.is_finite() and step.is_finite()) or step == 0:
        return []
    steps = (end - start) / step
    if not 0 <= steps < MOST_STEPS:
        return []
    return [plain_number(str(start + number * step)) for number in range(int(steps) + 1)]


class RatingEditor(RadioEditor):
    """``rating``: one of a few numbers side by side, read out as "3 of 5"."""

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        super()._show(plain_number(text), [Choice(value, value) for value in scale(self.question)])
        last = next(reversed(self.lines), "")
        for value, line in self.lines.items():
            line.button.setAccessibleName(f"{value} of {last}")


class CounterEditor(NumberEditor):
    """``counter``: a number with buttons for one more and one less; it can be typed all the same."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.buttons: list[QPushButton] = []
        line = QHBoxLayout()
        line.setSpacing(8)
        for words, step, said in (("- 1", -1, "One less"), ("+ 1", 1, "One more")):
            button = QPushButton(words)
            button.setProperty("own_name", True)
            button.setAccessibleName(said)
            button.clicked.connect(lambda _on=False, step=step: self._step(step))
            self._watch(button)
            self.buttons.append(button)
            line.addWidget(button)
        line.addStretch(1)
        self.column.insertLayout(1, line)

    def fields(self) -> list[QWidget]:
        # The number first: it is where a link to the question leads, and what its label belongs to.
        return [self.field, *getattr(self, "buttons", ())]

    def describe(self, name: str, description: str, error: str) -> None:
        super().describe(name, description, error)
        for button, said in zip(self.buttons, ("One less", "One more"), strict=True):
            button.setAccessibleName(f"{said}: {name}")

    def _step(self, step: int) -> None:
        now = self._understood(self.field.text()).value
        try:
            number = Decimal(now) if now else Decimal(0)
        except InvalidOperation:
            return
        self.field.setText(plain_number(str(number + step)))
        self._changed(self.field.text())


class DigitsEditor(OneLineEditor):
    """``numbers``: a text of digits, such as a reference number; leading noughts stay."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.field.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * 20 + 24)


class AddressEditor(OneLineEditor):
    """``url``: an address on the internet, kept as text; this program opens none."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.explain("Kept as text. This program opens no internet addresses: copy it to a browser.")
