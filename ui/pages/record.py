"""One record: its form on screen, saved as it is typed, checked, marked as ready, with its earlier versions.

Leaving never asks. What is typed is written within five seconds, at once on Ctrl+S, and when the page is left, locked
or closed (record.md: draft).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.errors import NotFound
from desktop_app.services.content import REASON
from ui import dialogs
from ui.context import AppContext
from ui.forms import spelling
from ui.forms.form_changes import form_notice
from ui.forms.form_page import FormPage
from ui.pages.record_check import RecordCheck
from ui.pages.record_deeds import RecordDeeds
from ui.pages.record_files import RecordFiles
from ui.pages.record_head import RecordHead
from ui.pages.record_links import RecordLinks
from ui.pages.record_ready import ReadyView
from ui.pages.record_rights import RecordRights
from ui.pages.record_sorting import RecordSorting
from ui.theme import set_kind
from ui.widgets import notice

if TYPE_CHECKING:
    from desktop_app.forms.definition import FormDefinition
    from desktop_app.forms.session import FormSession, Snapshot
    from desktop_app.services.profile import Profile
    from desktop_app.services.recording import Content, OpenRecord

SAVE_SOON_MS, SAVE_LATEST_MS, CHECK_MS = 1200, 4000, 700
_LOW = 24  # lines of text; a page with less height has its head on one line


class RecordPage(QWidget):
    """The page of one record.

    `loaded`: it can be written in. `saved`: a draft was written. `checked`: the look for personal data is done.
    `marked`: it was marked as ready. `gone`: there is nothing left to show.
    """

    loaded = Signal()
    saved = Signal()
    checked = Signal()
    gone = Signal()
    marked = Signal()
    help_topic = "record"

    def __init__(self, app: AppContext, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app = app
        self.record_id = record_id
        self.form: FormPage | None = None
        self.opened: OpenRecord | None = None
        self.content: Content | None = None
        self._dirty = False
        self._saving = False
        self._wants_focus = False
        self.deeds = RecordDeeds(self)
        self.rights = RecordRights(self)
        self._build()
        spelling.begin(app)
        app.flush_with(self)
        app.records_changed.connect(self._records_changed)
        self.load()

    # built once --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        set_kind(self, "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 12, 16, 0)
        self._column.setSpacing(10)
        self.head = RecordHead()
        self.standing = self.head.standing
        self.more_button = QPushButton("More")
        self.more_button.setAccessibleName("More to do with this record")
        self.more_button.setMenu(self._menu())
        self.pdf_button = self._button("PDF", "Ctrl+P", self.do_print)
        self.ready_button = self._button("Mark as ready", "Ctrl+Enter", self.mark_ready)
        set_kind(self.ready_button, "primary")
        self.head.add_button(self.more_button)
        self.head.add_button(self.pdf_button, spare=True)
        self.head.add_button(self.ready_button)
        self._column.addWidget(self.head)
        self.links = RecordLinks(self)
        self._column.addWidget(self.links)
        self._notices = QVBoxLayout()
        self._column.addLayout(self._notices)
        self._column.addLayout(self.rights.notices)
        self.stack = QStackedWidget()
        self.ready_view = ReadyView()
        self.check = RecordCheck(self, self.ready_view)
        self.stack.addWidget(self.ready_view)
        self.sorting = RecordSorting(self)
        self._column.addWidget(self.stack, 1)
        self._soon = self._timer(SAVE_SOON_MS, self.flush)
        self._latest = self._timer(SAVE_LATEST_MS, self.flush)
        self._check_soon = self._timer(CHECK_MS, self.check.look)
        for keys, act in (
            ("Ctrl+Z", self.undo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+Return", self.main_action),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _button(self, words: str, keys: str, act: object) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(True)  # Enter presses it, as Space does
        if keys:
            button.setToolTip(f"{words} ({keys})")
            button.setAccessibleDescription(keys)
        button.clicked.connect(act)
        return button

    def _timer(self, wait: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait)
        timer.timeout.connect(act)
        return timer

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        self.history_action = QAction("Earlier versions…", menu, triggered=self.deeds.show_history)
        self.branch_only_action = QAction("Keep in this branch only", menu, checkable=True)
        self.branch_only_action.toggled.connect(self._set_branch_only)
        self.take_back_action = QAction("Take this record back", menu, triggered=self.deeds.take_back)
        self.discard_action = QAction("Throw this draft away", menu, triggered=self.deeds.discard)
        menu.addAction(QAction("Undo\tCtrl+Z", menu, triggered=self.undo))
        menu.addAction(QAction("Do it again\tCtrl+Y", menu, triggered=self.redo))
        menu.addSeparator()
        menu.addAction(QAction("Make a PDF\tCtrl+P", menu, triggered=self.do_print))
        menu.addAction(QAction("Add a file…\tCtrl+I", menu, triggered=self.do_add_files))
        menu.addAction(self.history_action)
        menu.addAction(self.branch_only_action)
        menu.addAction(QAction("Add a private note", menu, triggered=self.deeds.add_private_note))
        menu.addSeparator()
        menu.addAction(self.take_back_action)
        menu.addAction(self.discard_action)
        self.rights.add_to(menu)
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = event.size().height() < _LOW * self.fontMetrics().lineSpacing()
        self.head.set_compact(low)
        self._column.setContentsMargins(24, 4 if low else 12, 16, 0)
        self._column.setSpacing(4 if low else 10)
        self.set_low(low)

    def set_low(self, low: bool) -> None:
        """Little height: spare what is not writing."""
        self.links.set_low(low)
        if self.form is not None:
            self.form.set_low(low)

    # loading -----------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Fetch the record and put it on the screen in place of what is there."""
        record_id, newer = self.record_id, self.app.drafts.kept(self.record_id)

        def fetch(profile: Profile) -> tuple[OpenRecord, FormSession]:
            from desktop_app.services import recording

            opened = recording.in_newest_form(profile, recording.open_record(profile, record_id))
            if newer is not None:
                opened = replace(opened, content=newer)
            return opened, recording.session_for(opened, profile.clock())

        self.app.runner.db(fetch, self._loaded, self._failed)

    def _loaded(self, found: tuple[OpenRecord, FormSession]) -> None:
        opened, session = found
        focus_path = ""
        if self.form is not None:
            focus_path = self._focused_path()
            # What has the keyboard goes, and Qt would hand it to the first thing in the window.
            self._wants_focus = self._wants_focus or self._has_keyboard()
            self.stack.removeWidget(self.form)
            self.form.deleteLater()
        self.opened, self.content = opened, opened.content
        self.check.load(self.content)
        self.form = FormPage(self.app.theme, session, self._reopen, aside=self.content.aside)
        self.form.edited.connect(self._edited)
        self.form.undoable.connect(lambda words: self.app.toast(words, undo=self.undo))
        self.form.surveyed.connect(self._surveyed)
        self.form.panel.replace_wanted.connect(self.check.replace)
        self.form.panel.keep_wanted.connect(self.check.keep)
        self.stack.addWidget(self.form)
        self.show_writing()
        self.files = RecordFiles(self)
        self.sorting.load()
        self.links.load()
        self._show_head()
        self._show_notices()
        self.rights.show_questions()
        self.form.survey()
        self.check.look()
        if self.app.drafts.take(self.record_id):
            self._edited()
        if focus_path:
            self.form.go_to(focus_path)
        elif self._wants_focus:
            self.take_focus()
        self.loaded.emit()

    def _failed(self, problem: Exception) -> None:
        # Deleted for good meanwhile, here or by a file that was added: there is nothing to explain, and nothing to show.
        if not isinstance(problem, NotFound):
            dialogs.show_error(self, problem)
        self.stop_saving()
        self.gone.emit()

    def _reopen(self, snapshot: Snapshot) -> FormSession:
        from desktop_app.services import recording

        assert self.opened is not None and self.content is not None
        typed, aside = dict(snapshot.typed), tuple(snapshot.aside)
        content = replace(self.content, answers=snapshot.answers, typed=typed, aside=aside)
        return recording.session_for(replace(self.opened, content=content), datetime.now().astimezone())

    def _records_changed(self, ids: frozenset[str]) -> None:
        """Somebody else's change (a file added, a record made from a line): show it, unless it is being written in."""
        if self.form is not None and not self._dirty and not self._saving and self.record_id in ids:
            self.load()

    def changed_by_us(self) -> None:
        """This page had the record changed: tell the others, and show it."""
        self._saving = True  # not to load twice
        self.app.changed(self.record_id)
        self._saving = False
        self.load()

    # the head ----------------------------------------------------------------------------------------------------

    def _show_head(self) -> None:
        assert self.opened is not None and self.content is not None
        opened = self.opened
        self.head.crumb.setText(f"{opened.form.title} · {opened.reference}")
        self._show_title()
        self.head.say_standing(opened.standing, opened.standing_code)
        self.ready_button.setEnabled(opened.has_draft or self._dirty)
        marked = opened.revisions > 0
        self.take_back_action.setVisible(marked and opened.standing_code != "taken_back")
        self.discard_action.setVisible(opened.has_draft)
        self.discard_action.setText("Throw away what is not marked as ready" if marked else "Throw this draft away")
        self.branch_only_action.blockSignals(True)
        self.branch_only_action.setChecked(self.content.branch_only)
        self.branch_only_action.blockSignals(False)

    def _show_title(self) -> None:
        self.head.say_title(self.title_words())

    def title_words(self) -> str:
        """What the record is called, by its title or its form."""
        assert self.form is not None
        session = self.form.session
        titles = (session.node(question.path) for question in session.form.by_role("title"))
        said = next((" ".join((node.value or node.typed or "").split()) for node in titles), "")
        return said or _name_of(session) or f"New: {session.form.title}"

    def _show_notices(self) -> None:
        while (item := self._notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        assert self.opened is not None
        pairs = len(self.opened.two_versions)
        if pairs:
            many = f"{pairs} answers" if pairs > 1 else "one answer"
            choose = self._button("See both and choose", "", self.deeds.choose_versions)
            words = f"This record was changed in two places: {many}. Both versions are kept."
            self._notices.addWidget(notice(words, "notice", choose))
        if self.opened.filled_with is not None:
            seen = self._button("What has changed", "", self.deeds.show_form_changes)
            self._notices.addWidget(notice(form_notice(self.opened), "notice", seen))
        reason = self.opened.content.derived.get(REASON, "")
        if reason and not self.opened.has_draft and self.opened.standing_code != "taken_back":
            self._notices.addWidget(notice(f"Marked as ready although something is open: “{reason}”."))
        if self.opened.standing_code == "taken_back":
            self._notices.addWidget(notice("This record was taken back. It stays readable and counts nowhere."))
        last: QWidget = self.ready_button  # what is said above the questions is reached before them
        for place in range(self._notices.count()):
            said = self._notices.itemAt(place).widget()
            for press in said.findChildren(QPushButton) if said is not None else []:
                QWidget.setTabOrder(last, press)
                last = press

    # typing, saving ----------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        if not self._dirty:
            self._dirty = True
            self.ready_button.setEnabled(True)
            if self.opened is not None and self.opened.standing_code == "ready":
                self.head.say_standing("Draft", "draft")
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()
        self._check_soon.start()
        self._show_title()

    def current_content(self) -> Content:
        """What the record says on the screen now."""
        assert self.form is not None and self.content is not None
        seen = self.form.snapshot()
        derived = {**seen.derived, **self.check.derived()}
        return replace(
            self.content, answers=seen.answers, typed=dict(seen.typed), aside=tuple(seen.aside), derived=derived
        )

    def form_filled(self) -> FormDefinition:
        """The version of the form on the screen: what a draft written now was filled with."""
        assert self.form is not None
        return self.form.session.form

    def stop_saving(self) -> None:
        """What is on the screen is written, or thrown away, in another way."""
        self._soon.stop()
        self._latest.stop()
        self._dirty = False

    def flush(self) -> None:
        """Queue the draft now if anything was typed since the last one."""
        if not self._dirty or self.form is None:
            return
        self.stop_saving()
        self._saving = True
        from desktop_app.services.unsaved import Typed

        typed = Typed(self.record_id, self.current_content(), self.form_filled().package)
        self.app.drafts.write(self.record_id, typed, self._was_saved, self._not_saved)

    def _was_saved(self, _record_id: str) -> None:
        self.app.saved(datetime.now().astimezone())
        if self.opened is not None and not self.opened.has_draft:
            self.opened = replace(self.opened, has_draft=True)
            self._show_head()
        self.app.changed(self.record_id)
        self._saving = False
        self.saved.emit()

    def _not_saved(self, problem: Exception) -> None:
        self._saving = False
        self._dirty = True
        self._latest.start()
        again = self._button("Try again", "", self.flush)
        self._show_notices()
        self._notices.addWidget(
            notice(f"This could not be saved: {problem} What you typed is still on the screen.", "notice-bad", again)
        )

    def do_save(self) -> None:
        """Ctrl+S: write now, for reassurance."""
        self._dirty = self.form is not None
        self.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)

    def undo(self) -> None:
        if self.form is not None:
            self.form.undo()

    def redo(self) -> None:
        if self.form is not None:
            self.form.redo()

    def _surveyed(self) -> None:
        from desktop_app.services import recording

        if self.form is not None:
            self.form.panel.show_open([(gap.path, gap.label) for gap in recording.gaps(self.form.session)])

    # the keyboard ------------------------------------------------------------------------------------------------

    def setFocus(self, *_reason: object) -> None:
        """The keyboard to where one writes, as soon as the record is there."""
        self._wants_focus = True
        if self.form is not None:
            self.take_focus()

    def take_focus(self) -> None:
        """The keyboard to the first question."""
        assert self.form is not None
        self._wants_focus = False
        self.form.enter_section()

    def show_writing(self) -> None:
        """The questions, in place of what had to be looked at before "Ready"."""
        assert self.form is not None
        self.stack.setCurrentWidget(self.form)

    def go_to(self, path: str) -> None:
        """The question at a path, in the form."""
        assert self.form is not None
        self.stack.setCurrentWidget(self.form)
        self.form.go_to(path)

    def _has_keyboard(self) -> bool:
        """Whether the keyboard is in what is made anew with every loading."""
        focus = QApplication.focusWidget()
        return focus is not None and self.stack.isAncestorOf(focus)

    def _focused_path(self) -> str:
        assert self.form is not None
        focus = self.focusWidget()
        rows = self.form.view.made_rows() if focus is not None else []
        return next((row.path for row in rows if focus is not None and row.isAncestorOf(focus)), "")

    # deeds -------------------------------------------------------------------------------------------------------

    def main_action(self) -> None:
        """Ctrl+Enter."""
        self.mark_ready()

    def mark_ready(self) -> None:
        """Gaps are allowed, with a reason; likely names are looked at first."""
        if self.form is not None and self.ready_button.isEnabled():
            self.check.mark_ready()

    def was_marked(self, opened: OpenRecord) -> None:
        """The draft has become a version: show where the record stands."""
        self.opened, self.content = opened, opened.content
        self._show_head()
        self._show_notices()
        self.app.toast(
            "Ready. It goes with the next file for the office.", lambda: self.app.open_page("send"), button="Send"
        )
        self._saving = True  # our own change: nothing to load again
        self.app.changed(self.record_id)
        self._saving = False
        self.marked.emit()

    def do_print(self) -> None:
        """Ctrl+P: the report page, with this record."""
        self.flush()
        self.app.open_page("reports", ids=[self.record_id])

    def do_add_files(self) -> None:
        """Ctrl+I: attach a file."""
        if self.form is not None:
            self.files.choose("")

    def add_files(self, paths: list[Path]) -> None:
        """Attach files dropped on the window."""
        if self.form is not None:
            self.files.add(paths, "")

    def _set_branch_only(self, on: bool) -> None:
        assert self.content is not None
        self.content = replace(self.content, branch_only=on)
        self._edited()
        self.flush()


def _name_of(session: FormSession) -> str:
    """The name the form gives, on one line; where it cuts the beginning off a story, not in the middle of a word."""
    name = session.instance_name()
    story = next((q.path for q in session.form.questions if q.name == "summary"), "")
    words = " ".join(name.split())
    cut = bool(name and story) and session.node(story).value.removeprefix(name) not in ("", session.node(story).value)
    return f"{words.rsplit(' ', 1)[0]}…" if cut else words
