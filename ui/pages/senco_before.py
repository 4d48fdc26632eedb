"""Before a SENCO meeting's notes: the notice to read out, and who came - counts by type of school, never names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.forms.form_page import FormPage
from ui.pages.senco_lines import ATTENDANCE, attendance, attendance_words, set_attendance
from ui.theme import set_kind
from ui.widgets import Card, label

READ_OUT, READ_AT = "/data/about/notice_read_out", "/data/about/notice_read_at"
_MINUTE_MS = 20_000


class BeforePage(QScrollArea):
    """`read_out`: the notice has been read. Counts go into the form as they are typed."""

    read_out = Signal()

    def __init__(self, form: FormPage, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._now = now
        self._typing = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        set_kind(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(2, 2, 12, 20)
        column.setSpacing(14)
        notice = Card("The notice to read out")
        notice.setMaximumWidth(760)
        self.words = label("", "big")
        self.words.setAccessibleName("The notice")
        notice.add(self.words)
        self.read_button = QPushButton()
        set_kind(self.read_button, "primary")
        self.read_button.clicked.connect(self._read)
        notice.body.addWidget(self.read_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.was_read = label("", "good")
        notice.add(self.was_read)
        self.not_read_button = QPushButton("It was not read out after all")
        set_kind(self.not_read_button, "link")
        self.not_read_button.clicked.connect(self._not_read)
        notice.body.addWidget(self.not_read_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(notice)
        who = Card("Who came")
        who.setMaximumWidth(760)
        who.add(label("Counts by type of school, never names. Leave empty what you do not know.", "muted"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self.boxes: dict[str, QLineEdit] = {}
        question = form.session.form.question(f"{ATTENDANCE}/attendance_sector")
        self._labels = {choice.name: choice.label for choice in question.choices}
        for row, (sector, words) in enumerate(self._labels.items()):
            box = QLineEdit()
            box.setFixedWidth(box.fontMetrics().horizontalAdvance("0") * 5 + 24)
            box.setAccessibleName(f"How many came: {words}")
            box.textEdited.connect(lambda text, sector=sector: self._counted(sector, text))
            beside = label(words)
            beside.setBuddy(box)
            grid.addWidget(box, row, 0)
            grid.addWidget(beside, row, 1)
            self.boxes[sector] = box
        who.body.addLayout(grid)
        self.total = label("", "muted")
        who.add(self.total)
        column.addWidget(who)
        column.addStretch(1)
        self.setWidget(page)
        self._clock = QTimer(self)
        self._clock.setInterval(_MINUTE_MS)
        self._clock.timeout.connect(self._say_time)
        self._clock.start()
        self.refresh()

    def refresh(self) -> None:
        """Show what the record says now."""
        session = self._form.session
        read = session.node(READ_OUT).value == "yes"
        at = session.node(READ_AT)
        self.read_button.setVisible(not read)
        self.was_read.setVisible(read)
        self.not_read_button.setVisible(read)
        said = (at.typed or at.value)[:5]
        self.was_read.setText(f"The notice was read out at {said}." if said else "The notice was read out.")
        self._say_time()
        counts = attendance(self._form)
        if not self._typing:
            for sector, box in self.boxes.items():
                if box.text() != counts.get(sector, ""):
                    box.setText(counts.get(sector, ""))
        self.total.setText(self.attendance_words())

    def attendance_words(self) -> str:
        """ "11 SENCOs: 7 primary, 3 secondary" """
        return attendance_words(attendance(self._form), self._labels)

    def is_read(self) -> bool:
        return self._form.session.node(READ_OUT).value == "yes"

    def _say_time(self) -> None:
        self.read_button.setText(f"Read out at {self._now():%H:%M}")

    def _read(self) -> None:
        time = f"{self._now():%H:%M}"

        def do() -> None:
            self._form.session.set(READ_OUT, "yes")
            self._form.session.set(READ_AT, f"{time}:00.000")

        self._form.change(READ_OUT, do)
        self.refresh()
        self.read_out.emit()

    def _not_read(self) -> None:
        self._form.change(READ_OUT, lambda: self._form.session.set(READ_OUT, ""))
        self.refresh()

    def _counted(self, sector: str, text: str) -> None:
        self._typing = True
        set_attendance(self._form, sector, text)
        self._typing = False
        self.total.setText(self.attendance_words())
