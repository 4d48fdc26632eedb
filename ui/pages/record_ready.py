"""What stands between a draft and "Ready": likely personal data, answers kept as typed, and what is still open.

Nothing is demanded but an eye on personal data. Gaps are allowed, with a reason that readers see.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.forms.flow import FlowLayout
from ui.forms.side_panel import Link
from ui.theme import set_kind
from ui.widgets import clear, label

REASONS = ("Nothing more is known", "More will follow", "It was not asked")
_MOST_SHOWN = 8


class ReadyBox(QFrame):
    """An error summary with links (GOV.UK), shown above the questions. `confirmed(reason)`; `left`: go on writing."""

    confirmed = Signal(str)
    left = Signal()
    go_to = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 12, 18, 14)
        self._column.setSpacing(6)
        self.reason = QLineEdit()
        self.mark_button = QPushButton()
        self._needs_reason = False
        self._suspects = 0
        self.said: QLabel | None = None
        self.hide()

    def show_findings(
        self, suspects: Sequence[tuple[str, str]], doubts: Sequence[tuple[str, str]], gaps: Sequence[tuple[str, str]]
    ) -> None:
        """Each entry is (path, words). Suspects must be dealt with one by one; the rest may stand, with a reason."""
        written = self.reason.text()
        clear(self._column)
        self._suspects = len(suspects)
        self._needs_reason = bool(doubts or gaps)
        self._column.addWidget(label("Before this is marked as ready", "h2"))
        self._list("Likely personal data. Replace it or keep it, under “Check”", suspects)
        self._list("Kept as typed, and not counted", doubts)
        self._list("Still open", gaps)
        self.reason = QLineEdit(written)
        if self._needs_reason:
            words = label("Why is it ready all the same?", "h3")
            words.setBuddy(self.reason)
            self._column.addWidget(words)
            self._column.addWidget(self.reason)
            self.reason.setAccessibleName("Why is it ready all the same?")
            self.reason.returnPressed.connect(self._confirm)
            quick = QWidget()
            flow = FlowLayout(quick, across=6, down=6)
            for sentence in REASONS:
                button = QPushButton(sentence)
                set_kind(button, "quiet")
                button.clicked.connect(lambda _on=False, sentence=sentence: self.reason.setText(sentence))
                flow.addWidget(button)
            self._column.addWidget(quick)
        self.said = label("", "error")
        self.said.hide()
        self._column.addWidget(self.said)
        line = QWidget()
        row = FlowLayout(line, across=8, down=6)
        self.mark_button = QPushButton("Mark as ready")
        set_kind(self.mark_button, "primary")
        self.mark_button.clicked.connect(self._confirm)
        back = QPushButton("Go on writing")
        back.clicked.connect(self.left)
        row.addWidget(self.mark_button)
        row.addWidget(back)
        self._column.addWidget(line)
        parts = [f"{len(suspects)} likely personal", f"{len(doubts)} kept as typed", f"{len(gaps)} still open"]
        self.setAccessibleName("Before this is marked as ready: " + ", ".join(parts))
        self.show()

    def _list(self, title: str, entries: Sequence[tuple[str, str]]) -> None:
        if not entries:
            return
        self._column.addWidget(label(title, "h3"))
        for path, words in entries[:_MOST_SHOWN]:
            link = Link(words)
            link.clicked.connect(lambda _on=False, path=path: self.go_to.emit(path))
            self._column.addWidget(link)
        if len(entries) > _MOST_SHOWN:
            self._column.addWidget(label(f"And {len(entries) - _MOST_SHOWN} more", "muted"))

    def _confirm(self) -> None:
        problem = ""
        if self._suspects:
            problem = "Replace or keep each likely name or number first, under “Check”."
        elif self._needs_reason and not self.reason.text().strip():
            problem = "Say why it is ready all the same, in a few words."
            self.reason.setFocus()
        assert self.said is not None
        self.said.setText(problem)
        self.said.setVisible(bool(problem))
        if not problem:
            self.confirmed.emit(self.reason.text().strip())
