"""Taking a line out of a meeting's notes afterwards: somebody telephones, says its number, and it goes everywhere."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.pages.senco_lines import NoteLine
from ui.theme import set_kind
from ui.widgets import label


class TakeOutDialog(QDialog):
    """Asks for a line's number and shows its words before it goes. `line` is the line chosen, or None."""

    def __init__(self, lines: list[NoteLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Take out a line")
        self._lines = {line.number: line for line in lines if line.text.strip()}
        self.line: NoteLine | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        title = label("Which line is to be taken out?", "h2")
        self.number = QLineEdit()
        self.number.setAccessibleName("Line number")
        self.number.setMaximumWidth(120)
        title.setBuddy(self.number)
        self.words = label("Type its number.", "muted")
        column.addWidget(title)
        column.addWidget(self.number)
        column.addWidget(self.words)
        told = "It goes from the notes and from what was made of it. What was sent is told by the next file."
        column.addWidget(label(told))
        box = QDialogButtonBox()
        self.take_button = QPushButton("Take it out")
        set_kind(self.take_button, "primary")
        self.take_button.setEnabled(False)
        self.take_button.clicked.connect(self.accept)
        box.addButton(self.take_button, QDialogButtonBox.ButtonRole.AcceptRole)
        keep = QPushButton("Leave it in")
        keep.clicked.connect(self.reject)
        box.addButton(keep, QDialogButtonBox.ButtonRole.RejectRole)
        column.addWidget(box)
        self.number.textEdited.connect(self._look)

    def _look(self, text: str) -> None:
        number = int(text) if text.strip().isdigit() else 0
        self.line = self._lines.get(number)
        self.take_button.setEnabled(self.line is not None)
        self.words.setText(f"“{self.line.text}”" if self.line else "There is no line with this number.")
