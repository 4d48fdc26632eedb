"""What stands between a draft and "Ready": likely personal data, answers kept as typed, and what is still open.

Nothing is demanded but an eye on personal data. Gaps are allowed, with a reason that readers see.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.forms.flow import FlowLayout
from ui.forms.link import Link
from ui.forms.suspects import Suspect, SuspectCard
from ui.theme import set_kind
from ui.widgets import clear, label

REASONS = ("Nothing more is known", "More will follow", "It was not asked")
_MOST_SHOWN = 12


class ReadyView(QScrollArea):
    """An error summary with links (GOV.UK), in place of the questions. `confirmed(reason)`; `left`: go on writing."""

    confirmed = Signal(str)
    left = Signal()
    go_to = Signal(str)
    replaced = Signal(object, str)
    kept = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        set_kind(page, "page")
        outer = QVBoxLayout(page)
        outer.setContentsMargins(2, 2, 12, 20)
        self._box = QWidget()
        self._box.setMaximumWidth(760)
        outer.addWidget(self._box)
        outer.addStretch(1)
        self._column = QVBoxLayout(self._box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.setWidget(page)
        self.reason = QLineEdit()
        self.mark_button = QPushButton()
        self.title = label("Before this is marked as ready", "h2")
        self.said = label("", "error")
        self.cards: list[SuspectCard] = []
        self._needs_reason = False
        self._suspects = 0
        self._shown: object = None

    def show_findings(
        self, suspects: Sequence[Suspect], doubts: Sequence[tuple[str, str]], gaps: Sequence[tuple[str, str]]
    ) -> None:
        """Suspects must be dealt with one by one; doubts and gaps, as (path, words), may stand with a reason."""
        found = (tuple(suspects), tuple(doubts), tuple(gaps))
        if found == self._shown:
            return  # looked at once more, and nothing else was found: what is read or written stays as it is
        self._shown = found
        written = self.reason.text()
        focus = QApplication.focusWidget()
        was_here = focus is not None and self.isAncestorOf(focus)
        writing = self.reason.hasFocus()
        clear(self._column)
        self._suspects = len(suspects)
        self._needs_reason = bool(doubts or gaps)
        self.title = label("Before this is marked as ready", "h2")
        self.title.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        parts = [f"{len(suspects)} likely personal", f"{len(doubts)} kept as typed", f"{len(gaps)} still open"]
        self.title.setAccessibleName("Before this is marked as ready: " + ", ".join(parts))
        self._column.addWidget(self.title)
        self.cards = []
        for suspect in suspects:
            card = SuspectCard(suspect)
            card.replaced.connect(self.replaced)
            card.kept.connect(self.kept)
            card.go_to.connect(self.go_to)
            self.cards.append(card)
            self._column.addWidget(card)
        self._list("Kept as typed, and not counted", doubts)
        self._list("Still open", gaps)
        self.reason = QLineEdit(written)
        if self._needs_reason:
            self._ask_reason()
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
        if was_here:
            # What had the keyboard is gone; Qt would hand it to the first thing in the window.
            back = self.reason if writing and self._needs_reason else self.title
            self._box.layout().activate()
            back.show()  # at once: what is not shown yet takes no keyboard
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_focus(self) -> None:
        """The keyboard to the heading, so that a screen reader says what was found (GOV.UK error summary)."""
        self.verticalScrollBar().setValue(0)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_reason(self) -> None:
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
            set_kind(button, "chip")
            button.clicked.connect(lambda _on=False, sentence=sentence: self.reason.setText(sentence))
            flow.addWidget(button)
        self._column.addWidget(quick)

    def _list(self, title: str, entries: Sequence[tuple[str, str]]) -> None:
        if not entries:
            return
        self._column.addWidget(label(title, "h3"))
        links = QVBoxLayout()
        links.setSpacing(0)
        for path, words in entries[:_MOST_SHOWN]:
            link = Link(words)
            link.clicked.connect(lambda _on=False, path=path: self.go_to.emit(path))
            links.addWidget(link)
        self._column.addLayout(links)
        if len(entries) > _MOST_SHOWN:
            self._column.addWidget(label(f"And {len(entries) - _MOST_SHOWN} more", "muted"))

    def _confirm(self) -> None:
        problem = ""
        if self._suspects:
            problem = "Replace or keep each likely name or number first."
            self.cards[0].buttons[0].setFocus()
        elif self._needs_reason and not self.reason.text().strip():
            problem = "Say why it is ready all the same, in a few words."
            self.reason.setFocus()
        self.said.setText(problem)
        self.said.setVisible(bool(problem))
        if not problem:
            self.confirmed.emit(self.reason.text().strip())
