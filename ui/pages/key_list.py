"""Ctrl+/: every key there is, in words."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.shortcuts import EVERYWHERE, KEYS
from ui.widgets import button, label


class KeyListDialog(QDialog):
    """A list to read and close."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys - Branch Evidence")
        self.setAccessibleName("Keys")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.addWidget(label("Keys", "h1"))
        area = QScrollArea()
        area.setWidgetResizable(True)
        inside = QWidget()
        inside.setProperty("kind", "page")
        grid = QGridLayout(inside)
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(24)
        rows = [(key.keys, key.words) for key in KEYS] + list(EVERYWHERE)
        for place, (keys, words) in enumerate(rows):
            grid.addWidget(label(keys, "h3", wrap=False), place, 0)
            grid.addWidget(label(words), place, 1)
        area.setWidget(inside)
        layout.addWidget(area, 1)
        box = QDialogButtonBox()
        close = button("Close", self.accept, "primary")
        box.addButton(close, QDialogButtonBox.ButtonRole.AcceptRole)
        layout.addWidget(box)
        room = parent.window().size() if parent is not None else self.screen().availableSize()
        self.resize(min(560, room.width() - 40), min(600, room.height() - 40))
        close.setFocus()
