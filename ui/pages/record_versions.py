"""Two versions of an answer: both are shown with who wrote them and when, and a person chooses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.forms.wording import in_words
from ui.forms.editor import ChoiceLine
from ui.pages.record_history import british_time
from ui.theme import set_kind
from ui.widgets import label

if TYPE_CHECKING:
    from desktop_app.forms.definition import FormDefinition, Question
    from desktop_app.records.state import Candidate, TwoVersions


class VersionsDialog(QDialog):
    """`chosen`: leaf path to the value that stands (None: no answer), for the answers the person decided."""

    def __init__(self, form: FormDefinition, pairs: Sequence[TwoVersions], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Two versions")
        self._form = form
        self.chosen: dict[str, str | None] = {}
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(760, room.width() - 40), min(600, room.height() - 40))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.addWidget(label("Two versions", "h2"))
        told = "The same answer was changed in two places. Both are kept. Choose the one that stands."
        column.addWidget(label(told, "muted"))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        set_kind(inside, "page")
        self._cards = QVBoxLayout(inside)
        self._groups: list[QButtonGroup] = []
        for pair in pairs:
            self._cards.addWidget(self._card(pair))
        self._cards.addStretch(1)
        area.setWidget(inside)
        column.addWidget(area, 1)
        box = QDialogButtonBox()
        self.use_button = QPushButton("Use what I chose")
        set_kind(self.use_button, "primary")
        self.use_button.setEnabled(False)
        self.use_button.clicked.connect(self.accept)
        box.addButton(self.use_button, QDialogButtonBox.ButtonRole.AcceptRole)
        later = QPushButton("Later")
        later.clicked.connect(self.reject)
        box.addButton(later, QDialogButtonBox.ButtonRole.RejectRole)
        column.addWidget(box)

    def _card(self, pair: TwoVersions) -> QFrame:
        card = QFrame()
        card.setProperty("kind", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        question = self._question(pair.leaf)
        words = question.label if question is not None else ("Does this record stand?" if not pair.leaf else pair.leaf)
        column.addWidget(label(words, "h3"))
        group = QButtonGroup(card)
        self._groups.append(group)
        for candidate in pair.candidates:
            button = QRadioButton()
            group.addButton(button)
            said = self._said(question, candidate)
            line = ChoiceLine(button, said)
            button.setAccessibleName(f"{said}. {self._whence(candidate)}")
            button.setAccessibleDescription(words)
            button.clicked.connect(lambda _on=False, p=pair, c=candidate: self._choose(p, c))
            column.addWidget(line)
            whence = label(self._whence(candidate), "muted")
            whence.setContentsMargins(32, 0, 0, 6)
            column.addWidget(whence)
        return card

    def _choose(self, pair: TwoVersions, candidate: Candidate) -> None:
        self.chosen[pair.leaf] = candidate.value
        self.use_button.setEnabled(True)

    def _question(self, leaf: str) -> Question | None:
        wanted = leaf.split("/")
        for question in self._form.questions:
            names = question.path.split("/")[2:]
            if names[-1:] == wanted[-1:] and names[:1] == wanted[:1] and all(name in wanted for name in names):
                return question
        return None

    def _said(self, question: Question | None, candidate: Candidate) -> str:
        if candidate.value is None or candidate.value == "":
            return "No answer"
        if question is None:
            return {"withdraw": "It is taken back", "put": "It stands"}.get(candidate.value, candidate.value)
        return in_words(self._form, question, candidate.value)

    def _whence(self, candidate: Candidate) -> str:
        when = datetime.fromisoformat(candidate.t.utc.replace("Z", "+00:00"))
        return f"{candidate.branch}, {british_time(when)}"
