"""A SENCO meeting: notice and attendance, live notes, reading back, and records made from the marked lines.

It is a record page with a second way of writing: the notes stand in the same form, draft, undo and history.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabBar, QWidget

from desktop_app.forms.wording import british_date
from ui import dialogs
from ui.context import AppContext
from ui.pages.record import RecordPage
from ui.pages.record_menu import RecordMenu
from ui.pages.senco_before import BeforePage
from ui.pages.senco_invitation import Invitation
from ui.pages.senco_lines import MeetingLines, NoteLine
from ui.pages.senco_notes import NotesBoard
from ui.pages.senco_read_back import ReadBack
from ui.pages.senco_take_out import TakeOutDialog
from ui.theme import set_kind
from ui.widgets import label

if TYPE_CHECKING:
    from desktop_app.forms.session import FormSession
    from desktop_app.services.profile import Profile
    from desktop_app.services.recording import OpenRecord

NOTES, BEFORE, ALL = range(3)
CHECKED = "/data/afterwards/checked_by_those_present"
BECAME = "became"


class SencoMeetingPage(RecordPage):
    """The page of one meeting. `records_made(ids)` after Ctrl+Enter."""

    records_made = Signal(list)
    help_topic = "senco_meeting"

    def __init__(self, app: AppContext, record_id: str, parent: QWidget | None = None) -> None:
        self.board: NotesBoard | None = None
        self.before: BeforePage | None = None
        self._notice_words = ""
        self._low = False
        self.invitation = Invitation(self)
        super().__init__(app, record_id, parent)

    def _build(self) -> None:
        super()._build()
        self.make_button = self._button("Make records", "Ctrl+Enter", self.make_records)
        set_kind(self.make_button, "primary")
        set_kind(self.ready_button, "")
        self.ready_button.setToolTip("")
        self.ready_button.setAccessibleDescription("")
        self.head.add_button(self.make_button)
        self.head.spare(self.ready_button)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for words in ("Notes", "Notice and attendance", "All questions"):
            self.tabs.addTab(words)
        self.tabs.currentChanged.connect(lambda _tab: self.show_writing())
        self._tab_row = QHBoxLayout()
        self._tab_row.addWidget(self.tabs)
        self._tab_row.addStretch(1)
        self._column.insertLayout(self._column.indexOf(self.stack), self._tab_row)
        self._not_read = QFrame()
        self._not_read.setProperty("kind", "notice")
        beside = QHBoxLayout(self._not_read)
        beside.setContentsMargins(14, 6, 8, 6)
        beside.addWidget(label("The notice has not been read out yet."), 1)
        beside.addWidget(self._button("Read it out", "", lambda: self._show_tab(BEFORE)))
        self._column.insertWidget(self._column.indexOf(self.stack), self._not_read)
        self._not_read.hide()
        self.read_back = ReadBack()
        self.read_back.checked.connect(self._checked)
        self.read_back.left.connect(self.show_writing)
        self.stack.addWidget(self.read_back)

    def _menu(self) -> RecordMenu:
        menu = super()._menu()
        first = menu.actions()[0]
        self.read_back_action = QAction("Read back…", menu, triggered=self.show_read_back)
        self.take_out_action = QAction("Take out a line…", menu, triggered=self.ask_take_out)
        self.invitation_action = QAction("Copy the invitation's text", menu, triggered=self.invitation.copy_text)
        self.calendar_action = QAction(
            "Save the invitation for calendars (.ics)…", menu, triggered=self.invitation.save_calendar
        )
        self.invitation_pdf_action = QAction("The invitation as a PDF", menu, triggered=self.invitation.print)
        self.ready_action = QAction("Mark as ready", menu, triggered=self.mark_ready)
        menu.aboutToShow.connect(lambda: self.ready_action.setEnabled(self.ready_button.isEnabled()))
        for action in (
            self.ready_action,
            self.read_back_action,
            self.take_out_action,
            self.invitation_pdf_action,
            self.invitation_action,
            self.calendar_action,
        ):
            menu.insertAction(first, action)
        menu.insertSeparator(first)
        return menu

    # loading and showing -----------------------------------------------------------------------------------------

    def _loaded(self, found: tuple[OpenRecord, FormSession]) -> None:
        topic = self.board.topic if self.board is not None else ""
        self._wants_focus = self._wants_focus or self._has_keyboard()
        if self.board is not None:
            self.board.chooser.hide()
            self.board.chooser.deleteLater()
        for old in (self.board, self.before):
            if old is not None:
                self.stack.removeWidget(old)
                old.deleteLater()
        self.board = self.before = None
        super()._loaded(found)
        assert self.form is not None and self.content is not None
        made = {link.row: link.record for link in self.content.links if link.rel == BECAME}
        self.board = NotesBoard(self.app.theme, self.form, made)
        self.board.off_the_record.connect(self.off_the_record)
        self.board.record_wanted.connect(self.app.open_record)
        self._tab_row.insertWidget(1, self.board.chooser, 1000)
        self.before = BeforePage(self.form, lambda: datetime.now())
        self.before.words.setText(self._notice_words)
        self.before.read_out.connect(lambda: self._show_tab(NOTES))
        self.stack.addWidget(self.board)
        self.stack.addWidget(self.before)
        self.form.edited.connect(self._refresh_parts)
        if topic:
            places = [choice.name for choice in self.board.lines.topics()]
            self.board.go_to_topic(places.index(topic), focus=False)
        if not self._notice_words:
            self.app.runner.db(_notice, self._show_notice)
        self.set_low(self._low)
        self.show_writing()
        if self._wants_focus:
            self.take_focus()

    def _show_notice(self, words: str) -> None:
        self._notice_words = words
        if self.before is not None:
            self.before.words.setText(words)

    def _refresh_parts(self) -> None:
        if self.board is None or self.before is None or self.content is None or self.form is None:
            return
        self.board.refresh()
        self.before.refresh()
        made = {link.row for link in self.content.links if link.rel == BECAME}
        waiting = [line for line in self.board.marked() if line.row not in made]
        many = len(waiting)
        self.make_button.setText(f"Make {many} record{'s' if many != 1 else ''}" if many else "Make records")
        self.make_button.setEnabled(bool(many))
        unread = not self.before.is_read()
        self._not_read.setVisible(self.tabs.currentIndex() == NOTES and unread and not self._low)
        self.tabs.setTabText(BEFORE, "Notice (not read out yet)" if unread and self._low else "Notice and attendance")
        place = self.form.session.node("/data/about/place").value
        parts = [self._day() if self.title_words() != self._day() else "", place, self.before.attendance_words()]
        self.head.say_subtitle(" · ".join(part for part in parts if part))

    def _day(self) -> str:
        assert self.form is not None
        held_on = self.form.session.node("/data/about/held_on").value
        try:
            day = date.fromisoformat(held_on)
        except ValueError:
            return ""
        try:
            at = self.form.session.node("/data/about/starts_at").value[:5]
        except KeyError:
            at = ""  # filled in with the form of before, which did not ask
        return f"{day:%A} {british_date(held_on)}" + (f", {at}" if at else "")

    def title_words(self) -> str:
        assert self.form is not None
        node = self.form.session.node("/data/about/title")
        return super().title_words() if node.value or node.typed else self._day() or "New SENCO meeting"

    def set_low(self, low: bool) -> None:
        super().set_low(low)
        self._low = low
        if self.board is not None:
            self.board.set_low(low)
        self._refresh_parts()

    def show_writing(self) -> None:
        """The tab the person is on."""
        pages: list[QWidget | None] = [self.board, self.before, self.form]
        page = pages[self.tabs.currentIndex()]
        if page is not None:
            self.stack.setCurrentWidget(page)
            self._refresh_parts()
        if self.board is not None:
            self.board.set_shown(page is self.board)

    def _show_tab(self, tab: int) -> None:
        self.tabs.setCurrentIndex(tab)
        self.show_writing()
        self.take_focus()

    def take_focus(self) -> None:
        if self.board is None:
            return  # still being put together; asked again at the end
        self._wants_focus = False
        tab = self.tabs.currentIndex()
        if tab == NOTES and self.board is not None:
            self.board.focus_entry()
        elif tab == BEFORE and self.before is not None:
            before = self.before
            (before.read_button if not before.is_read() else next(iter(before.boxes.values()))).setFocus()
        elif tab == ALL and self.form is not None:
            self.form.enter_section()

    def go_to(self, path: str) -> None:
        self.tabs.setCurrentIndex(ALL)
        super().go_to(path)

    # undo keeps its place ----------------------------------------------------------------------------------------

    def undo(self) -> None:
        super().undo()
        self.take_focus()

    def redo(self) -> None:
        super().redo()
        self.take_focus()

    # what only a meeting does ------------------------------------------------------------------------------------

    def main_action(self) -> None:
        """Ctrl+Enter: the marked lines become records."""
        self.make_records()

    def make_records(self) -> None:
        """Make an evidence record or an action of every marked line that has none yet."""
        if not self.make_button.isEnabled() or self.board is None:
            return
        if self.board.row:
            self.board.end_line()
        self.flush()
        record_id = self.record_id

        def make(profile: Profile) -> list[str]:
            from desktop_app.services import meetings

            return list(meetings.make_records(profile, record_id))

        self.app.runner.db(make, self._made, lambda problem: dialogs.show_error(self, problem), priority="draft")

    def _made(self, ids: list[str]) -> None:
        self.app.changed(self.record_id, *ids)
        many = len(ids)
        self.app.toast(
            f"{many} record{'s' if many != 1 else ''} made, as drafts.",
            lambda: self.app.open_page("evidence"),
            button="Show evidence",
        )
        self.records_made.emit(ids)

    def off_the_record(self, row: str) -> None:
        """The line is gone at once: from the notes, from undo, from the draft, and from what was made of it."""
        assert self.board is not None and self.opened is not None and self.content is not None and self.form is not None
        line = self.board.lines.line(row)
        if line is None:
            return
        made_of = any(link.row == row for link in self.content.links)
        if self.opened.revisions or made_of:
            self._take_out(line)
            return
        self.board.lines.remove(row)
        self.form.forget_steps()
        self.flush()
        self.app.toast(f"Line {line.number} is off the record. It is gone.")

    def ask_take_out(self) -> None:
        """Someone telephoned: which line is to go?"""
        assert self.form is not None
        dialog = TakeOutDialog(MeetingLines(self.form).all(), self)
        if dialogs.run(dialog) and dialog.line is not None:
            self._take_out(dialog.line)

    def _take_out(self, line: NoteLine) -> None:
        """Take a line out of the record and of what was made of it; what was sent is told by the next file."""
        assert self.form is not None
        self.form.forget_steps()
        self.flush()
        record_id = self.record_id

        def take(profile: Profile) -> list[str]:
            from desktop_app.services import meetings

            return list(meetings.take_out_line(profile, record_id, line.row))

        def done(ids: list[str]) -> None:
            self.app.changed(*ids)
            others = len(ids) - 1
            also = f", and {others} record{'s' if others != 1 else ''} made of it" if others else ""
            self.app.toast(f"Line {line.number} was taken out{also}.")

        self.app.runner.db(take, done, lambda problem: dialogs.show_error(self, problem), priority="draft")

    def show_read_back(self) -> None:
        """Every line in large type."""
        assert self.board is not None
        lines = [line for line in self.board.lines.all() if line.text.strip()]
        items = [
            (choice.label, [line for line in lines if line.topic == choice.name])
            for choice in self.board.lines.topics()
        ]
        self.read_back.show_lines(items)
        self.stack.setCurrentWidget(self.read_back)
        self.read_back.area.setFocus()

    def _checked(self) -> None:
        assert self.form is not None
        self.form.set_answer(CHECKED, "yes")
        self.show_writing()
        self.app.toast("Checked by those present.", self.undo)


def _notice(profile: Profile) -> str:
    from desktop_app.services import meetings

    return str(meetings.notice(profile))
