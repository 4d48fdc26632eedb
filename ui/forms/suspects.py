"""Likely personal data as cards: where it is, what might stand there instead, or keep it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from ui.forms.editor import muted
from ui.forms.flow import FlowLayout
from ui.forms.link import Link
from ui.theme import set_kind

KIND_WORDS = {
    "name": "One likely name",
    "date_of_birth": "One likely date of birth",
    "upn": "One pupil number",
    "nhs_number": "One NHS number",
    "ni_number": "One National Insurance number",
    "phone": "One telephone number",
    "email": "One e-mail address",
    "postcode": "One postcode",
    "initials": "Likely initials of a person",
    "role_and_school": "A role and a named school",
    "year_and_school": "A year group and a named school",
    "role_and_trust": "A role and a named trust",
}
_QUOTED = re.compile("“([^”]+)”")


@dataclass(frozen=True)
class Suspect:
    """One stretch of likely personal data. `path` is the question's instance path, `leaf` its path in the record.

    `advice` is the check's sentence; what it quotes is offered in place of the words.
    """

    path: str
    leaf: str
    label: str
    start: int
    end: int
    kind: str
    text: str
    advice: str

    @property
    def instead(self) -> tuple[str, ...]:
        """Words that may stand there instead; an empty one means: take it out."""
        return tuple(_QUOTED.findall(self.advice)) or ("",)


class SuspectCard(QFrame):
    """`replaced(suspect, words)` and `kept(suspect)` are what the person wants; `go_to(path)` leads to the words."""

    replaced = Signal(object, str)
    kept = Signal(object)
    go_to = Signal(str)

    def __init__(self, suspect: Suspect, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.suspect = suspect
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        title = muted(KIND_WORDS.get(suspect.kind, "Likely personal data"))
        set_kind(title, "h3")
        column.addWidget(title)
        link = Link(f"“{suspect.text}” in “{suspect.label}”")
        link.clicked.connect(lambda: self.go_to.emit(suspect.path))
        column.addWidget(link)
        if suspect.instead == ("",):
            column.addWidget(muted(suspect.advice))
        line = QWidget()
        flow = FlowLayout(line, across=6, down=6)
        self.buttons: list[QPushButton] = []
        for words in suspect.instead:
            said = f"Use “{words}”" if words else "Take it out"
            button = QPushButton(said)
            button.setAccessibleName(f"{said} instead of “{suspect.text}”" if words else f"Take out “{suspect.text}”")
            button.clicked.connect(lambda _on=False, words=words: self.replaced.emit(suspect, words))
            self.buttons.append(button)
            flow.addWidget(button)
        self.keep_button = QPushButton("Keep")
        self.keep_button.setAccessibleName(f"Keep “{suspect.text}”")
        self.keep_button.clicked.connect(lambda: self.kept.emit(suspect))
        flow.addWidget(self.keep_button)
        column.addWidget(line)
