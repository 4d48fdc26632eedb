"""Beside the questions: likely personal data to replace or keep, what is still open, and the attachments."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from ui.forms.attached_list import AttachedFile, AttachedList
from ui.forms.earlier_card import EarlierCard
from ui.forms.editor import muted
from ui.forms.file_editor import DropBox
from ui.forms.link import Link
from ui.forms.question_row import heading
from ui.forms.suspects import Suspect, SuspectCard

_MOST_SHOWN = 6


class SidePanel(QWidget):
    """Three boxes. Nothing here decides anything: it asks the page."""

    go_to = Signal(str)
    replace_wanted = Signal(object, str)  # a Suspect, the words instead
    keep_wanted = Signal(object)
    files_wanted = Signal()
    files_given = Signal(list)
    file_open_wanted = Signal(str)
    file_remove_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._check_title = heading("Check")
        self._check = QVBoxLayout()
        self._check.setSpacing(8)
        self._open_card, self._open = _card()
        self._files_title = heading("Attachments")
        self.drop = DropBox("Drop a file here, or")
        self.drop.dropped.connect(self.files_given)
        self._files = AttachedList()
        self._files.open_wanted.connect(self.file_open_wanted)
        self._files.remove_wanted.connect(self.file_remove_wanted)
        self.drop.column.insertWidget(0, self._files)
        self.add_button = QPushButton("Add a file…")
        self.add_button.clicked.connect(self.files_wanted)
        self.drop.column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._check_title)
        column.addLayout(self._check)
        column.addWidget(self._open_card)
        self.earlier = EarlierCard()
        column.addWidget(self.earlier)
        column.addSpacing(6)
        column.addWidget(self._files_title)
        column.addWidget(self.drop)
        column.addStretch(1)
        self.suspects: tuple[Suspect, ...] = ()
        self._checked: bool | None = None
        self.still_open: tuple[tuple[str, str], ...] = ()
        self.show_check((), checked=False)
        self.show_open(())

    def show_check(self, suspects: Sequence[Suspect], *, checked: bool = True) -> None:
        """The likely personal data found; none says so."""
        if (checked, tuple(suspects)) == (self._checked, self.suspects):
            return
        self._checked, self.suspects = checked, tuple(suspects)
        _clear(self._check)
        for suspect in suspects[:_MOST_SHOWN]:
            card = SuspectCard(suspect)
            card.replaced.connect(self.replace_wanted)
            card.kept.connect(self.keep_wanted)
            card.go_to.connect(self.go_to)
            self._check.addWidget(card)
        if len(suspects) > _MOST_SHOWN:
            self._check.addWidget(muted(f"And {len(suspects) - _MOST_SHOWN} more, shown as you go."))
        if not suspects:
            self._check.addWidget(muted("No likely personal data found." if checked else "Not checked yet."))

    def show_open(self, still_open: Sequence[tuple[str, str]]) -> None:
        """Questions (path, words) that readers will look for and that have no answer; none hides the box."""
        if tuple(still_open) == self.still_open and self._open.count():
            return
        self.still_open = tuple(still_open)
        _clear(self._open)
        self._open.addWidget(heading("Still open", "h3"))
        for path, words in still_open[:_MOST_SHOWN]:
            link = Link(words)
            link.clicked.connect(lambda _on=False, path=path: self.go_to.emit(path))
            self._open.addWidget(link)
        if len(still_open) > _MOST_SHOWN:
            self._open.addWidget(muted(f"And {len(still_open) - _MOST_SHOWN} more"))
        self._open_card.setVisible(bool(still_open))

    def show_files(self, files: Sequence[AttachedFile]) -> None:
        """The record's attachments."""
        self._files.show_files(files)


def _card() -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("kind", "card")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(12, 10, 12, 10)
    inside.setSpacing(4)
    return card, inside


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
