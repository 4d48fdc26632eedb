"""A list of records beside the page of the one that is open. Evidence, meetings, plans, questions, actions and the
office's Records are all this page with another line in `ui/navigation.py`.

With little room the list is a drawer: it covers the page, and opening a record puts it away; "‹ Evidence" or Esc brings
it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ui.context import AppContext
from ui.navigation import Screen
from ui.pages.record_panel import RecordPanel
from ui.widgets import button

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

LIST_BESIDE = 1140  # from this width on, a window of 1366, the list stands beside the open record
LIST_WIDTH = 300


class RecordListPage(QWidget):
    """List and record. `record` is the page of the open record, or None."""

    def __init__(self, app: AppContext, screen: Screen) -> None:
        super().__init__()
        self.app = app
        self.screen_ = screen
        self.help_topic = screen.form or screen.name
        self.setProperty("kind", "page")
        self.record: QWidget | None = None
        self.record_id = ""
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        outer.addWidget(self.splitter)
        self.panel = RecordPanel(app, screen)
        self.panel.opened.connect(self.open)
        self.panel.new_wanted.connect(self.new)
        self.splitter.addWidget(self.panel)
        self.right = QWidget()
        self.right.setProperty("kind", "page")
        column = QVBoxLayout(self.right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(20, 8, 20, 0)
        self.back = button(f"‹ {screen.title}", self.close_record, "quiet", name=f"Back to {screen.title}")
        self.earlier = button("↑", lambda: self._step(-1), "quiet", name="Previous in the list")
        self.later = button("↓", lambda: self._step(1), "quiet", name="Next in the list")
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.earlier)
        row.addWidget(self.later)
        column.addWidget(self.bar)
        self.holder = QStackedWidget()
        column.addWidget(self.holder, 1)
        self.splitter.addWidget(self.right)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self._arrange()

    # what the window calls ---------------------------------------------------------------------------------------

    def show_page(self, record_id: str = "", filters: dict[str, object] | None = None, **_more: object) -> None:
        """Show the list, or one record of it; `filters` (members of `Filters`) narrow the list."""
        if filters is not None:
            self.panel.set_filters(filters)
            self.close_record()
        if record_id:
            self.open(record_id)
        elif self.record is None:
            self.panel.focus_list()
        self.panel.reload()

    def refresh(self) -> None:
        self.panel.reload()

    def do_find(self) -> None:
        if not self.panel.isVisible():
            self.close_record()
        self.panel.focus_search()

    def do_save(self) -> None:
        _ask(self.record, "do_save")

    def do_add_files(self) -> None:
        _ask(self.record, "do_add_files")

    def do_print(self) -> None:
        if self.record is not None and hasattr(self.record, "do_print"):
            self.record.do_print()
        elif self.record_id:
            self.app.open_page("reports", ids=[self.record_id])
        else:
            chosen = self.panel.chosen()
            self.app.open_page("reports", ids=chosen) if chosen else self.app.open_page("reports")

    # records -----------------------------------------------------------------------------------------------------

    def open(self, record_id: str) -> None:
        """Put the record's page in the place at the right."""
        if record_id == self.record_id and self.record is not None:
            self._arrange()
            return
        self._drop_record()
        self.record_id = record_id
        self.app.runner.db(lambda profile: _form_of(profile, record_id), lambda form: self._show(record_id, form))

    def _show(self, record_id: str, form: str) -> None:
        if record_id != self.record_id:
            return
        from ui.pages.record import RecordPage

        page: RecordPage
        if form == "senco_meeting":
            from ui.pages.senco_meeting import SencoMeetingPage

            page = SencoMeetingPage(self.app, record_id)
        else:
            page = RecordPage(self.app, record_id)
        page.gone.connect(self.close_record)
        self.record = page
        self.holder.addWidget(self.record)
        self.holder.setCurrentWidget(self.record)
        self._arrange()
        self.panel.mark(record_id)
        if self.panel.isHidden() or not self.panel.table.hasFocus():
            self.record.setFocus()

    def close_record(self) -> None:
        """Back to the list."""
        self._drop_record()
        self._arrange()
        self.panel.focus_list()

    def new(self) -> None:
        """Start a record of this list's kind."""
        window = self.window()
        frame = getattr(window, "frame", None)
        if frame is not None:
            frame.new_record(self.screen_.form or "evidence")

    def _drop_record(self) -> None:
        if self.record is not None:
            _ask(self.record, "flush")
            self._drop_if_untouched(self.record_id)
            self.holder.removeWidget(self.record)
            self.record.hide()
            self.record.deleteLater()
        self.record = None
        self.record_id = ""

    def _drop_if_untouched(self, record_id: str) -> None:
        """A record begun and left without a word goes by itself."""

        def drop(profile: Profile) -> bool:
            from desktop_app.services import beginnings

            return beginnings.drop_untouched(profile, record_id)

        self.app.runner.db(drop, lambda gone: self.app.changed(record_id) if gone else None, lambda _problem: None)

    def _step(self, by: int) -> None:
        other = self.panel.neighbour(self.record_id, by)
        if other:
            self.open(other)

    # room --------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        open_ = bool(self.record_id)
        beside = self.width() >= LIST_BESIDE
        self.panel.setVisible(not open_ or beside)
        self.right.setVisible(open_)
        self.bar.setVisible(open_ and not beside)
        self.panel.set_slim(open_ and beside)
        if open_ and beside:
            self.splitter.setSizes([LIST_WIDTH, max(1, self.width() - LIST_WIDTH)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.record_id:
            self.close_record()
        else:
            super().keyPressEvent(event)


def _ask(page: QWidget | None, method: str) -> None:
    found = getattr(page, method, None)
    if callable(found):
        found()


def _form_of(profile: Profile, record_id: str) -> str:
    from desktop_app.services import recording

    return str(recording.open_record(profile, record_id).form.id)
