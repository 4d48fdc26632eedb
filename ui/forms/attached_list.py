"""The files that hang on a record, each to be opened or removed: what did not change stays, many come a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.forms.flow import FlowLayout
from ui.forms.link import Link
from ui.theme import set_kind

AT_ONCE = 6
A_FEW = 3


@dataclass(frozen=True)
class AttachedFile:
    """A file that hangs on the record. `about` says its size, and if it stays on this laptop."""

    sha256: str
    name: str
    about: str


class _Line(QWidget):
    """One file: its name to open it, what is said of it, and a button to take it off."""

    def __init__(self, file: AttachedFile) -> None:
        super().__init__()
        self.file = file
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self.name = Link(file.name)
        self.name.setAccessibleName(f"Open {file.name}")
        inside.addWidget(self.name)
        beside = QWidget()
        flow = FlowLayout(beside, across=8, down=0)
        about = QLabel(file.about)
        about.setTextFormat(Qt.TextFormat.PlainText)
        set_kind(about, "muted")
        flow.addWidget(about)
        self.remove = QPushButton("Remove")
        set_kind(self.remove, "link")
        self.remove.setAccessibleName(f"Remove {file.name}")
        flow.addWidget(self.remove)
        inside.addWidget(beside)


class AttachedList(QWidget):
    """`open_wanted` and `remove_wanted` carry the file's SHA-256."""

    open_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._wanted: tuple[AttachedFile, ...] = ()
        self._lines: list[_Line] = []
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(lambda: self._draw(A_FEW))
        self.hide()

    def show_files(self, files: Sequence[AttachedFile]) -> None:
        """Show these, in this order."""
        self._wanted = tuple(files)
        self._later.stop()
        same = 0
        while same < min(len(self._lines), len(files)) and self._lines[same].file == files[same]:
            same += 1
        for line in self._lines[same:]:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        del self._lines[same:]
        self.setVisible(bool(files))
        self._draw(AT_ONCE)

    def _draw(self, most: int) -> None:
        for file in self._wanted[len(self._lines) : len(self._lines) + most]:
            line = _Line(file)
            line.name.clicked.connect(lambda _on=False, sha=file.sha256: self.open_wanted.emit(sha))
            line.remove.clicked.connect(lambda _on=False, sha=file.sha256: self.remove_wanted.emit(sha))
            self._column.addWidget(line)
            if self._lines:
                QWidget.setTabOrder(self._lines[-1].remove, line.name)
                QWidget.setTabOrder(line.name, line.remove)
            self._lines.append(line)
        if len(self._lines) < len(self._wanted):
            self._later.start()
