"""One section's questions in a scrolling column, with the way on to the next section at its foot."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from ui.forms.blocks import Questions
from ui.forms.host import Host
from ui.forms.question_row import QuestionRow, heading
from ui.forms.sections import Section, items_of
from ui.forms.tab_order import follow_layout
from ui.forms.turn import laid_out_once

# Lines longer than about 90 letters are hard to read.
_WIDEST = 760
# Seconds a turn may spend on making editors; drawing them takes about as long again.
_FIRST_TURN, _TURN = 0.015, 0.012


class NextButton(QPushButton):
    """Its words end in … where the column is narrow: a long title must not make the column wider than the window."""

    def __init__(self) -> None:
        super().__init__()
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, words: str) -> None:
        self._full = words
        self.setText(words)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        own, metrics = super().sizeHint(), self.fontMetrics()
        more = metrics.horizontalAdvance(self._full) - metrics.horizontalAdvance(self.text())
        return QSize(own.width() + more, own.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(120, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics, short = self.fontMetrics(), self.sizeHint().width() - self.width()
        room = metrics.horizontalAdvance(self._full) - max(0, short)
        self.setText(metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, room) if short > 0 else self._full)


class SectionView(QScrollArea):
    """Made when its section is first shown, a few questions in each turn of the event loop.

    The first ones come first, or those from the question on that someone wants to be at; what comes in above them
    later moves nothing that is in sight.

    `next_wanted`: the button at the foot was pressed. `grown`: more of its questions were made.
    """

    next_wanted = Signal()
    grown = Signal()

    def __init__(self, host: Host, section: Section, first: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.section = section
        self.stale = False
        self._coming = False
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
        self.unfinished = True
        self._make_some(_FIRST_TURN, first)
        self.next_button = NextButton()
        self.next_button.clicked.connect(self.next_wanted)
        column.addSpacing(6)
        column.addWidget(self.next_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._room = QSpacerItem(0, 0)
        column.addSpacerItem(self._room)
        column.addStretch(1)
        follow_layout(page)

    def made_rows(self) -> list[QuestionRow]:
        """The questions made so far, in order."""
        return self.questions.rows()

    def rows(self) -> list[QuestionRow]:
        """Every question, in order; those still to be made are made now."""
        self.finish()
        return self.questions.rows()

    def finish(self) -> None:
        """Make what is still to be made at once: the keyboard wants to go there."""
        if self.unfinished:
            self.make_more(float("inf"))

    def go_on(self) -> None:
        """Make some more after the event loop has answered what waits; on until all are made or another is shown."""
        if self.unfinished and not self._coming:
            self._coming = True
            QTimer.singleShot(0, self, self._next_turn)

    def _next_turn(self) -> None:
        self._coming = False
        if self.unfinished and self.isVisible():
            self.make_more()
            self.go_on()

    def _make_some(self, seconds: float, first: str = "") -> None:
        turn = self._host.turn
        turn.begin(seconds, only_make=True, first=first)
        with laid_out_once(self._column_widget.layout(), self.widget().layout()):
            self.questions.update_items(items_of(self._host.session, self.section))
        self.unfinished = turn.unfinished
        turn.end()

    def make_more(self, seconds: float = _TURN, first: str = "") -> None:
        """Some more, while what is in sight stays where it is."""
        mark = self._in_sight()
        before = self._height_in_view(mark)
        self._make_some(seconds, first)
        if mark is not None and self.isVisible():
            self._hold_room()
            self._column_widget.layout().activate()
            self.widget().layout().activate()
            # Now: a moment later the page would have been painted in the wrong place first.
            QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self._height_in_view(mark) - before)
        follow_layout(self.widget())
        self.grown.emit()

    def _hold_room(self) -> None:
        """While questions are still to come, keep room below them: without it what is in sight could not stay there."""
        wanted = self.viewport().height() if self.unfinished else 0
        if self._room.sizeHint().height() != wanted:
            self._room.changeSize(0, wanted)
            self._column_widget.layout().invalidate()

    def _in_sight(self) -> QWidget | None:
        """What must not move: the question with the keyboard, or else the first that can be seen."""
        at, seen = self.focusWidget(), self.viewport().rect()
        rows = [row for row in self.made_rows() if row.isVisible()]
        inside = [row for row in rows if seen.intersects(row.rect().translated(0, self._height_in_view(row)))]
        return next((row for row in inside if at is not None and row.isAncestorOf(at)), inside[0] if inside else None)

    def _height_in_view(self, widget: QWidget | None) -> int:
        return widget.mapTo(self.viewport(), QPoint()).y() if widget is not None else 0

    def focusNextPrevChild(self, forward: bool) -> bool:
        self.finish()  # Tab never jumps over a question that is still to be made
        return super().focusNextPrevChild(forward)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.go_on()

    def shown_rows(self) -> list[QuestionRow]:
        """The questions that are asked now, in order."""
        return [row for row in self.rows() if row.isVisibleTo(self)]

    def row(self, path: str) -> QuestionRow | None:
        found = next((row for row in self.made_rows() if row.path == path), None)
        if found is None and self.unfinished:
            self.make_more(first=path)
            found = next((row for row in self.made_rows() if row.path == path), None)
        return found

    def bring_up_to_date(self, *, besides: str = "") -> None:
        """Show what the session says now; `besides` is the path of the editor being typed in."""
        before, turn = self.made_rows(), self._host.turn
        turn.begin(_FIRST_TURN)
        with laid_out_once(self._column_widget.layout(), self.widget().layout()):
            self.questions.update_items(items_of(self._host.session, self.section), besides=besides)
        self.unfinished = turn.unfinished
        turn.end()
        self.stale = False
        if self.made_rows() != before:
            follow_layout(self.widget())
        self.go_on()

    def show_next(self, title: str) -> None:
        """Name the section the button at the foot leads to; "" hides it."""
        self.next_button.say(f"Next: {title}" if len(title) <= 48 else f"Next: {title[:46].rstrip()}…")
        self.next_button.setAccessibleName(f"Next section: {title}")
        self.next_button.setVisible(bool(title))

    def bring_into_view(self, widget: QWidget) -> None:
        """Scroll so that `widget` and a little above it can be seen, now and once its height is known."""
        self._hold_room()
        self._scroll_to(widget)
        QTimer.singleShot(0, widget, lambda: self._scroll_to(widget))

    def _scroll_to(self, widget: QWidget) -> None:
        if not self.widget().isAncestorOf(widget):
            return
        top = widget.mapTo(self.widget(), QPoint()).y()
        seen = self.verticalScrollBar().value()
        if top < seen + 8 or top + widget.height() > seen + self.viewport().height():
            self.verticalScrollBar().setValue(max(0, top - 40))
