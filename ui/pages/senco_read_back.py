"""Reading the notes back to those present, in large type, and "Checked by those present"."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.forms.breakable import breakable
from ui.forms.flow import FlowLayout
from ui.pages.senco_lines import PERMISSIONS, NoteLine
from ui.theme import set_kind
from ui.widgets import clear, label


class ReadBack(QWidget):
    """`checked`: those present agree to the notes. `left`: back to the notes (Esc)."""

    checked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName("The notes, to read back")
        page = QWidget()
        set_kind(page, "page")
        self._lines = QVBoxLayout(page)
        self._lines.setContentsMargins(2, 2, 14, 16)
        self._lines.setSpacing(10)
        self.area.setWidget(page)
        column.addWidget(self.area, 1)
        foot = QWidget()
        flow = FlowLayout(foot, across=10, down=6)
        self.checked_button = QPushButton("Checked by those present")
        set_kind(self.checked_button, "primary")
        self.checked_button.clicked.connect(self.checked)
        back = QPushButton("Back to the notes")
        back.clicked.connect(self.left)
        flow.addWidget(self.checked_button)
        flow.addWidget(back)
        column.addWidget(foot)

    def show_lines(self, items: Sequence[tuple[str, Sequence[NoteLine]]]) -> None:
        """Agenda items with their lines, in order."""
        clear(self._lines)
        for title, lines in items:
            if not lines:
                continue
            self._lines.addWidget(label(title, "h2"))
            for line in lines:
                words = label(breakable(f"{line.number}.  {line.text}"))
                font = words.font()
                font.setPointSizeF(font.pointSizeF() * 1.6)
                words.setFont(font)
                words.setAccessibleName(f"Line {line.number}: {line.text}")
                together = QWidget()
                pair = QVBoxLayout(together)
                pair.setContentsMargins(0, 0, 0, 6)
                pair.setSpacing(0)
                pair.addWidget(words)
                pair.addWidget(label(PERMISSIONS.get(line.permission, line.permission), "muted"))
                self._lines.addWidget(together)
        if not any(lines for _title, lines in items):
            self._lines.addWidget(label("There are no lines yet.", "big"))
        self._lines.addStretch(1)
        self.area.verticalScrollBar().setValue(0)
        self.area.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
