"""Two fields for two parts of the office's rescue key."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ui.widgets import label


class TwoParts(QWidget):
    """33 words each, typed in any case, over several lines if need be; Tab goes on to the next field."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.fields = []
        for name in ("One part of the rescue key", "Another part"):
            entry = QPlainTextEdit()
            entry.setTabChangesFocus(True)
            entry.setMaximumHeight(76)
            entry.setAccessibleName(name)
            named = label(name, "h3")
            named.setBuddy(entry)
            column.addWidget(named)
            column.addWidget(entry)
            self.fields.append(entry)

    def given(self) -> list[str]:
        """What was typed."""
        return [entry.toPlainText() for entry in self.fields]

    def clear(self) -> None:
        """Forget it."""
        for entry in self.fields:
            entry.clear()
