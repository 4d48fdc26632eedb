"""The lines of an agenda item on the screen: only what changed is drawn anew, and many lines a few at a time.

A meeting of two hours has a hundred lines and more. The newest stand right above the box one types in and are drawn at
once; those further up follow between two keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.pages.senco_lines import NoteLine
from ui.pages.senco_parts import LineRow
from ui.widgets import hline

AT_ONCE = 30  # more than a screen holds
A_FEW = 8


class DrawnLines(QWidget):
    """`made`: the records made of lines, by row. `chain()` is called when the Tab key's order is to be made anew."""

    edit_wanted = Signal(str)
    focused = Signal(str)
    record_wanted = Signal(str)

    def __init__(self, roles: dict[str, str], made: Mapping[str, str], chain: Callable[[], object]) -> None:
        super().__init__()
        self._roles, self._made, self._chain = roles, made, chain
        self._lines: list[NoteLine] = []
        self._rows: list[LineRow] = []
        self._rules: list[QFrame] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._draw_more)

    def rows(self) -> list[LineRow]:
        """The lines drawn so far, in order; those missing are the first."""
        return list(self._rows)

    def show_lines(self, lines: list[NoteLine]) -> None:
        """Show these. The keyboard stays on its line."""
        if lines == self._lines:
            return
        had_focus = next((row.line.row for row in self._rows if row.hasFocus()), "")
        self._lines = lines
        self._later.stop()
        wanted = {line.row: line for line in lines}
        same = [row for row in self._rows if row.line.row in wanted and _alike(row.line, wanted[row.line.row])]
        order = {line.row: place for place, line in enumerate(lines)}
        places = [order[row.line.row] for row in same]
        if places != sorted(places):
            same = []
        for row in [row for row in self._rows if row not in same]:
            self._drop(row)
        drawn = {row.line.row: row for row in same}
        first, new = len(lines), 0
        while first and new < AT_ONCE + (lines[first - 1].row in drawn):
            first -= 1
            new += lines[first].row not in drawn
        for row in [row for row in self._rows if order[row.line.row] < first]:
            self._drop(row)  # what is above a gap comes with the gap
        for place, line in enumerate(lines[first:]):
            if line.row in drawn:
                drawn[line.row].line = line  # it may stand elsewhere now
            else:
                self._draw(place, line)
        self._show_rules()
        for row in self._rows:
            if row.line.row == had_focus and not row.hasFocus():
                row.setFocus()
        if first:
            self._later.start()

    def _draw_more(self) -> None:
        missing = len(self._lines) - len(self._rows)
        for place, line in enumerate(self._lines[max(0, missing - A_FEW) : missing]):
            self._draw(place, line)
        self._show_rules()
        if missing > A_FEW:
            self._later.start()

    def _draw(self, place: int, line: NoteLine) -> None:
        rule, row = hline(), LineRow(line, self._roles, self._made.get(line.row, ""))
        row.edit_wanted.connect(self.edit_wanted)
        row.focused.connect(self.focused)
        row.record_wanted.connect(self.record_wanted)
        self._layout.insertWidget(2 * place, rule)
        self._layout.insertWidget(2 * place + 1, row)
        self._rules.insert(place, rule)
        self._rows.insert(place, row)
        row.show()  # at once: an arrow key may want to reach it
        if place:
            above = self._rows[place - 1]
            QWidget.setTabOrder(above.open_button or above, row)
            if row.open_button is not None:
                QWidget.setTabOrder(row, row.open_button)
        else:
            self._chain()

    def _drop(self, row: LineRow) -> None:
        place = self._rows.index(row)
        del self._rows[place]
        for widget in (row, self._rules.pop(place)):
            self._layout.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def _show_rules(self) -> None:
        for place, rule in enumerate(self._rules):
            rule.setVisible(place > 0)


def _alike(one: NoteLine, other: NoteLine) -> bool:
    """Whether they look the same, wherever they stand."""
    return replace(one, path="") == replace(other, path="")
