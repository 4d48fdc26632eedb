"""Files that belong to a question: added by a button or dropped. What may happen to a file is decided by the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.forms.breakable import breakable
from ui.forms.editor import Editor, muted, say
from ui.forms.link import Link
from ui.theme import set_kind
from ui.widgets import flow

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question


_NAMES = {"image": "a picture", "audio": "a sound recording", "video": "a film", "file": "a file"}


def kind_of_file(question: Question) -> str:
    """What is wanted, in words: "a picture", "a picture of the signature"."""
    looks = question.appearance.split()
    name = _NAMES.get(question.kind, "a file")
    if question.kind == "image" and "signature" in looks:
        return f"{name} of the signature"
    return f"{name} of the drawing" if question.kind == "image" and "draw" in looks else name


def file_size(length: int) -> str:
    """1234567 as "1.2 MB"."""
    if length < 1000:
        return f"{length} bytes"
    if length < 1_000_000:
        return f"{length / 1000:.0f} KB"
    return f"{length / 1_000_000:.1f} MB"


class DropBox(QFrame):
    """A dashed box that takes files from the desktop. `dropped(paths)` carries a list of `Path`."""

    dropped = Signal(list)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card-drop")
        self.setAcceptDrops(True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 10)
        self.column.setSpacing(6)
        self.words = QLabel(words)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("kind", "muted")
        self.words.setWordWrap(True)
        self.column.addWidget(self.words)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            set_kind(self, "notice-good")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_kind(self, "card-drop")

    def dropEvent(self, event: QDropEvent) -> None:
        set_kind(self, "card-drop")
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)


class FileEditor(Editor):
    """The file that answers a question. `files_wanted(path)`: the button; `files_given(path, paths)`: a drop."""

    files_wanted = Signal(str)
    files_given = Signal(str, list)
    open_wanted = Signal(str)

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self._wanted = kind_of_file(question)
        self._name = ""
        self.box = DropBox(f"Drop {self._wanted} here, or")
        self.box.dropped.connect(lambda paths: self.files_given.emit(self.path, paths))
        self._file = ""
        self.name_button = Link("")  # names of files are long, and this box is narrow beside others
        self.name_button.clicked.connect(lambda: self.open_wanted.emit(self.path))
        self.add_button = QPushButton(f"Add {self._wanted}…")
        self.add_button.clicked.connect(lambda: self.files_wanted.emit(self.path))
        self.clear_button = QPushButton("Clear answer")
        set_kind(self.clear_button, "link")
        self.clear_button.clicked.connect(self._clear)
        self.box.column.addWidget(self.name_button)
        self.box.column.addWidget(flow([self.add_button, self.clear_button]))
        self.said = muted()
        self.box.column.addWidget(self.said)
        self.column.addWidget(self.box)
        self._watch(self.add_button)

    def fields(self) -> list[QWidget]:
        return [self.add_button, self.name_button, self.clear_button]

    def describe(self, name: str, description: str, error: str) -> None:
        super().describe(name, description, error)
        self._name = name
        self._name_add()
        self.clear_button.setAccessibleName(f"Clear answer: {name}")
        self.name_button.setAccessibleName(f"Open {self._file}")

    def _name_add(self) -> None:
        self.add_button.setAccessibleName(f"{self.add_button.text().rstrip('…')}: {self._name}")

    def show_about(self, words: str) -> None:
        """A line about the file: its size, that it stays on this laptop."""
        say(self.said, words)

    def _another(self) -> str:
        return f"Use another {self._wanted.removeprefix('a ')}…"

    def _clear(self) -> None:
        self._show("", ())
        self._say("")

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        self._file = text
        self.name_button.setText(breakable(text))
        self.name_button.setAccessibleName(f"Open {text}")
        self.name_button.setVisible(bool(text))
        self.clear_button.setVisible(bool(text))
        self.add_button.setText(self._another() if text else f"Add {self._wanted}…")
        self._name_add()
        self.box.words.setVisible(not text)
