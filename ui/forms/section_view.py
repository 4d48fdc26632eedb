"""One section's questions in a scrolling column, with the way on to the next section at its foot."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.forms.blocks import Host, Questions
from ui.forms.question_row import QuestionRow, heading
from ui.forms.sections import Section, items_of
from ui.forms.tab_order import follow_layout

# Lines longer than about 90 letters are hard to read.
_WIDEST = 760


class SectionView(QScrollArea):
    """Made when its section is first shown. `next_wanted`: the button at the foot was pressed."""

    next_wanted = Signal()

    def __init__(self, host: Host, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.section = section
        self.stale = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        page.setProperty("kind", "page")
        self.setWidget(page)  # before anything is in it: what moves to another parent is styled anew
        across = QHBoxLayout(page)
        across.setContentsMargins(4, 2, 14, 24)
        self._column_widget = QWidget()
        self._column_widget.setMaximumWidth(_WIDEST)
        self._column_widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        across.addWidget(self._column_widget, 1000)
        across.addStretch(1)
        column = QVBoxLayout(self._column_widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(18)
        self.top = QVBoxLayout()
        column.addLayout(self.top)
        self.title = heading(section.title)
        column.addWidget(self.title)
        self.questions = Questions(host, [])
        column.addWidget(self.questions)
        self.questions.update_items(items_of(host.session, section))
        self.next_button = QPushButton()
        self.next_button.clicked.connect(self.next_wanted)
        column.addSpacing(6)
        column.addWidget(self.next_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        follow_layout(page)

    def rows(self) -> list[QuestionRow]:
        """The questions made so far, in order."""
        return self.questions.rows()

    def shown_rows(self) -> list[QuestionRow]:
        """The questions that are asked now, in order."""
        return [row for row in self.rows() if row.isVisibleTo(self)]

    def row(self, path: str) -> QuestionRow | None:
        return next((row for row in self.rows() if row.path == path), None)

    def bring_up_to_date(self, *, besides: str = "") -> None:
        """Show what the session says now; `besides` is the path of the editor being typed in."""
        before = len(self.rows())
        self.questions.update_items(items_of(self._host.session, self.section), besides=besides)
        self.stale = False
        if len(self.rows()) != before or not besides:
            follow_layout(self.widget())

    def show_next(self, title: str) -> None:
        """Name the section the button at the foot leads to; "" hides it."""
        self.next_button.setText(f"Next: {title}" if len(title) <= 48 else f"Next: {title[:46].rstrip()}…")
        self.next_button.setAccessibleName(f"Next section: {title}")
        self.next_button.setVisible(bool(title))

    def bring_into_view(self, widget: QWidget) -> None:
        """Scroll so that `widget` and a little above it can be seen, now and once its height is known."""
        self._scroll_to(widget)
        QTimer.singleShot(0, widget, lambda: self._scroll_to(widget))

    def _scroll_to(self, widget: QWidget) -> None:
        if not self.widget().isAncestorOf(widget):
            return
        top = widget.mapTo(self.widget(), QPoint()).y()
        seen = self.verticalScrollBar().value()
        if top < seen + 8 or top + widget.height() > seen + self.viewport().height():
            self.verticalScrollBar().setValue(max(0, top - 40))
