"""The list itself: a search box that answers as one types, filters, how many there are, and the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QTableView, QVBoxLayout, QWidget

from ui.context import AppContext
from ui.models.record_table import RecordTable
from ui.models.row_delegate import NARROW, RowDelegate
from ui.navigation import Screen
from ui.pages.record_filters import RecordFilters
from ui.widgets import button, flow, label
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.storage.projection import Filters

class Rows(QTableView):
    """One column of painted rows. Enter opens, letters go to the search box."""

    entered_row = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "rows")
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.clicked.connect(self._clicked)

    def _clicked(self, index: Any) -> None:
        # With Ctrl or Shift several rows are being chosen, not one opened.
        from PySide6.QtWidgets import QApplication

        if QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:
            self.entered_row.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.entered_row.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class RecordPanel(QWidget):
    """`opened(record id)` when a row is entered, `new_wanted` when the button to start one is pressed."""

    opened = Signal(str)
    new_wanted = Signal()

    def __init__(self, app: AppContext, screen: Screen) -> None:
        super().__init__()
        self.app = app
        self.screen_ = screen
        self.setProperty("kind", "page")
        self._more: dict[str, Any] = {}
        self._mark = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 0)
        column.setSpacing(12)
        self._column = column
        head = QWidget()
        across = QHBoxLayout(head)
        across.setContentsMargins(0, 0, 0, 0)
        self.title = label(screen.title, "h1", wrap=False)
        across.addWidget(self.title, 1)
        self.start = button(screen.new, self.new_wanted.emit, "primary", hint=_key_of(screen))
        if not screen.new:
            self.start.hide()
        across.addWidget(self.start)
        self._head = head
        column.addWidget(head)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find words, places, dates…")
        self.search.setAccessibleName(f"Find in {screen.title}")
        self.search.setAccessibleDescription("The list follows as you type. Down arrow goes to the list.")
        self.search.setClearButtonEnabled(True)
        self.filters_button = button("Filters", self._toggle_filters)
        self.filters_button.setCheckable(True)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.search, 1)
        row.addWidget(self.filters_button)
        column.addWidget(line)
        self.filters = RecordFilters(app, screen, self.filters_button)
        self.filters.hide()
        self.filters.changed.connect(self._filters_changed)
        column.addWidget(self.filters)
        self.count = label("", "muted", wrap=False)
        self.clear_all = button("Show all", self.clear_filters, "link")
        self.clear_all.hide()
        column.addWidget(flow([self.count, self.clear_all]))
        self.model = RecordTable(app, self)
        self.model.mixed = not screen.form
        self.table = Rows()
        self.table.setAccessibleName(screen.title)
        self.table.setModel(self.model)
        for hidden in range(1, self.model.columnCount()):
            self.table.setColumnHidden(hidden, True)
        self.delegate = RowDelegate(app, self.table)
        self.table.setItemDelegate(self.delegate)
        self.empty = self._make_empty()
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        self.model.loaded.connect(self._loaded)
        self.model.counted.connect(self._counted)
        self.table.entered_row.connect(self._enter)
        # As one types: a short pause between keys gathers a burst, still well under what is felt as waiting.
        self._pause = QTimer(self, singleShot=True, interval=60)
        self._pause.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.installEventFilter(self)
        self._size_rows()

    # filters -----------------------------------------------------------------------------------------------------

    def _toggle_filters(self) -> None:
        show = self.filters_button.isChecked()
        first = next(iter(self.filters.boxes.values()))  # before they are shown, so that one of them can take the keyboard
        self.filters.setVisible(show)
        self._margins()
        if show:
            self.filters.fill_from_form()
            first.setFocus()

    def wanted(self) -> Filters:
        """What the boxes and the search ask for."""
        from desktop_app.storage.projection import Filters

        found = {**self._more, **self.filters.chosen()}
        if self.screen_.form:
            found["form"] = self.screen_.form
        return Filters(words=self.search.text().strip(), **found)

    def set_filters(self, found: dict[str, object]) -> None:
        """Show what these filters give; those with a box of their own are shown in it."""
        self.clear_filters(reload=False)
        for name, value in found.items():
            if name == "words":
                self.search.setText(str(value))
            elif not self.filters.choose(name, value):
                self._more[name] = value
        if self.filters.chosen():
            self.filters_button.setChecked(True)
            self.filters.show()
            self._margins()

    def clear_filters(self, *, reload: bool = True) -> None:
        self._more = {}
        self.search.clear()
        self.filters.clear()
        if reload:
            self.reload()

    def _filters_changed(self) -> None:
        self._pause.start()

    # the rows ----------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list again."""
        self._pause.stop()
        filters = self.wanted()
        self._narrowed = filters != type(filters)(form=filters.form if self.screen_.form else "")
        self.model.load(filters)

    def _loaded(self) -> None:
        none = self.model.rowCount() == 0
        self.table.setVisible(not none)
        self.empty.setVisible(none)
        self._empty_words.setText(
            "Nothing matches. Try fewer words, or show all." if self._narrowed else _nothing_yet(self.screen_)
        )
        self.clear_all.setVisible(self._narrowed)
        if self._mark:
            self.mark(self._mark)
        elif not none and not self.table.currentIndex().isValid():
            self.table.selectionModel().setCurrentIndex(
                self.model.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def _counted(self, number: int) -> None:
        self.count.setText(number_of(number, "record") + (" found" if self._narrowed else ""))

    def mark(self, record_id: str) -> None:
        """Select the row of the open record."""
        self._mark = record_id
        place = self.model.place_of(record_id)
        if place >= 0:
            index = self.model.index(place, 0)
            self.table.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            )

    def chosen(self) -> list[str]:
        """The ids of the selected rows, as they stand in the list."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows(0)})
        return [row.id for place in rows if (row := self.model.row(place)) is not None]

    def neighbour(self, record_id: str, by: int) -> str:
        """The record before (-1) or after (1) this one in the list; empty at its ends."""
        place = self.model.place_of(record_id)
        if place < 0 or not 0 <= place + by < self.model.rowCount():
            return ""
        row = self.model.row(place + by)
        return row.id if row is not None else ""

    def _enter(self, place: int) -> None:
        row = self.model.row(place)
        if row is not None:
            self.opened.emit(row.id)

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def focus_list(self) -> None:
        self._mark = ""
        (self.table if self.model.rowCount() else self.search).setFocus()

    def set_slim(self, slim: bool) -> None:
        """Beside an open record: no big heading, less margin."""
        self._slim = slim
        self._margins()

    def _make_empty(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 24, 0, 0)
        self._empty_words = label("", "muted")
        column.addWidget(self._empty_words)
        column.addStretch(1)
        holder.hide()
        self._narrowed = False
        self._slim = False
        return holder

    def _margins(self) -> None:
        side = 14 if self._slim or self.width() < 700 else 32
        self._column.setContentsMargins(side, 14 if side == 14 else 24, side, 0)
        # Where the window is low, open filters take the heading's place.
        low = self.height() < 480 and self.filters_button.isChecked()
        self._head.setVisible(not low and not self._slim)
        self._column.setSpacing(6 if self.height() < 480 else 12)

    def _size_rows(self) -> None:
        narrow = self.table.viewport().width() < NARROW
        self.delegate.narrow = narrow
        height = self.delegate.height(self.table.font())
        if self.table.verticalHeader().defaultSectionSize() != height:
            self.table.verticalHeader().setDefaultSectionSize(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._margins()
        self._size_rows()

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.model.rowCount():
                self.table.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)


def _key_of(screen: Screen) -> str:
    return {"evidence": "Ctrl+N", "senco_meeting": "Ctrl+M"}.get(screen.form, "")


def _nothing_yet(screen: Screen) -> str:
    if screen.name == "records":
        return "Nothing has been received yet. Drop branches' files on Inbox."
    return {
        "evidence": "Nothing recorded yet. Ctrl+N starts a record; Ctrl+J takes a quick note.",
        "senco_meeting": "No SENCO meeting yet. Ctrl+M starts one, with agenda and the notice to read out.",
        "meeting": "No other meetings yet: joint committee, Schools Forum, branch committee, authority.",
        "plan": "No plan looked at yet. The four judging questions are waiting.",
        "forum_questions": "No questions to a Schools Forum yet.",
        "action": "No actions yet. Marked lines of a SENCO meeting become actions by themselves.",
    }.get(screen.form, "Nothing here yet.")
