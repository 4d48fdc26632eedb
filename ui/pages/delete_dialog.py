"""Delete for good, everywhere: why, what goes with it, and a word typed by hand before anything happens. No undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from ui.forms.plain_tip import plain_tip
from ui.pages.report_copies import outside_words
from ui.widgets import button, flow, label, notice
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.services.erasing import Before

REASONS = (
    ("asked", "The person it is about, or who told us, asked for it"),
    ("officer", "The data protection officer ordered it"),
    ("mistake", "It was entered by mistake"),
    ("not-needed", "It is no longer needed"),
)
RING_FIRST = ("asked", "officer")
WORD = "DELETE"


class DeleteDialog(QDialog):
    """`code` and `files_too` are what was chosen, once the dialog is accepted."""

    def __init__(self, told: Sequence[Before], officer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told = tuple(told)
        self.code = ""
        self.word = self.told[0].reference if len(self.told) == 1 else WORD
        self.setWindowTitle("Delete for good - Branch Evidence")
        self.setAccessibleName("Delete for good, everywhere")
        room = parent.window().size() if parent is not None else self.size()
        self.setMinimumWidth(min(560, max(320, room.width() - 40)))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("kind", "page")
        area.setWidget(inside)
        outer.addWidget(area)
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        column.addWidget(label("Delete for good, everywhere", "h1"))
        self.first = QWidget()
        page = column
        whom = officer or "Ring the national office and ask for the data protection officer."
        self.ring = notice(f"Ring the data protection officer first, before anything is deleted. {whom}", "notice-bad")
        column.addWidget(self.ring)  # until a reason is chosen that is nobody's but the branch's own
        page.addWidget(self.first)
        column = QVBoxLayout(self.first)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for sentence in self._sentences():
            column.addWidget(label(sentence))
        column.addWidget(label("Why?", "h3"))
        self.reasons: dict[str, QRadioButton] = {}
        for code, words in REASONS:
            made = QRadioButton(words)
            made.toggled.connect(self._chosen)
            self.reasons[code] = made
            column.addWidget(made)
        holding = [path for one in self.told for path in one.files]
        holds = "holds" if len(set(holding)) == 1 else "hold"
        self.files_too = QCheckBox(f"Also delete {number_of(len(set(holding)), 'file')} made here that {holds} it")
        self.files_too.setToolTip(plain_tip("\n".join(sorted({path.name for path in holding}))))
        if holding:
            column.addWidget(self.files_too)
            column.addWidget(label("What else is in them goes again with the next file.", "muted"))
        else:
            self.files_too.hide()
        self.step = QWidget()
        second = QVBoxLayout(self.step)
        second.setContentsMargins(0, 6, 0, 0)
        what = f"“{self.told[0].title}”" if len(self.told) == 1 else f"{len(self.told):,} records"
        second.addWidget(label(f"{what} will be gone from here and from the other side."))
        second.addWidget(notice("There is no undo, not for you and not for the office.", "notice-bad"))
        asked = label(f"Type {self.word} to delete for good:", "h3")
        second.addWidget(asked)
        self.typed = QLineEdit()
        self.typed.setAccessibleName(f"Type {self.word} to delete for good")
        self.typed.textChanged.connect(self._typing)
        self.typed.returnPressed.connect(self._go)
        second.addWidget(self.typed)
        page.addWidget(self.step)
        self.step.hide()
        page.addStretch(1)
        self.next = button("Go on", self._second_step, "primary")
        self.go = button("Delete for good", self._go, "primary")
        self.leave = button("Leave it as it is", self.reject)
        self.next.setEnabled(False)
        self.go.setEnabled(False)
        self.go.hide()
        # Outside what scrolls: the buttons are always in sight.
        self.foot = flow([self.next, self.go, self.leave])
        below = QVBoxLayout()
        below.setContentsMargins(24, 8, 24, 16)
        below.addWidget(self.foot)
        outer.addLayout(below)
        self._inside = inside
        self._room = room
        self._fit()

    def _sentences(self) -> list[str]:
        one = self.told[0]
        several = len(self.told)
        what = f"“{one.title}” ({one.reference})" if several == 1 else f"{several:,} records"
        attached = sum(each.attachments for each in self.told)
        with_it = " and its attachments" if attached else ""
        found = [f"{what} will be removed from this computer at once, with every earlier version{with_it}."]
        if any(each.sent for each in self.told):
            found.append("It has left this computer: the other side deletes it when it adds the next file from here.")
        linked = {record for each in self.told for record in each.linked} - {each.record for each in self.told}
        if linked:
            found.append(f"{number_of(len(linked), 'record')} linked to it will stay, with what is written there.")
        outside = max(each.outside for each in self.told)
        if outside:
            found.append(
                f"{outside_words(outside, pdfs=False)} and may hold it. They are listed under Reports, where you can delete them."
            )
        found.append("Backups of your own and e-mails hold it still: make a new backup, and delete those by hand.")
        return found

    def _chosen(self) -> None:
        self.code = next((code for code, made in self.reasons.items() if made.isChecked()), "")
        self.next.setEnabled(bool(self.code))
        self.ring.setVisible(self.code in RING_FIRST or not self.code)
        self._fit()

    def _second_step(self) -> None:
        self.first.hide()
        self.step.show()
        self.next.hide()
        self.go.show()
        self._fit()
        self.typed.setFocus()

    def _typing(self, text: str) -> None:
        self.go.setEnabled(self._right(text))

    def _right(self, text: str) -> bool:
        return bool(self.code) and text.strip().casefold() == self.word.casefold()

    def _go(self) -> None:
        if not self.step.isHidden() and self._right(self.typed.text()):
            self.accept()

    def _fit(self) -> None:
        """As high as what is in it, and never higher than the window it belongs to."""
        width = max(self.minimumWidth(), self.width() if self.isVisible() else 0)
        layout = self._inside.layout()
        wanted = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        wanted += self.foot.sizeHint().height() + 32
        self.resize(width, min(wanted, max(300, self._room.height() - 40)))
