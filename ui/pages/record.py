"""One record: its form on screen, saved as it is typed, checked, marked as ready, with its earlier versions.

What is typed is saved by `record_saving`; what is done with the whole record is in `record_deeds`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.errors import NotFound
from ui import dialogs
from ui.context import AppContext
from ui.forms import spelling
from ui.forms.form_page import FormPage
from ui.pages.record_check import RecordCheck
from ui.pages.record_deeds import RecordDeeds
from ui.pages.record_files import RecordFiles
from ui.pages.record_head import RecordHead
from ui.pages.record_links import RecordLinks
from ui.pages.record_menu import RecordMenu
from ui.pages.record_notices import RecordNotices
from ui.pages.record_ready import ReadyView
from ui.pages.record_rights import RecordRights
from ui.pages.record_saving import SavedPage
from ui.pages.record_sorting import RecordSorting
from ui.theme import set_kind

if TYPE_CHECKING:
    from desktop_app.forms.session import FormSession, Snapshot
    from desktop_app.services.profile import Profile
    from desktop_app.services.recording import Content, OpenRecord

CHECK_MS = 700
_LOW = 24  # lines of text; a page with less height has its head on one line


class RecordPage(SavedPage):
    """The page of one record.

    `loaded`: it can be written in. `checked`: the look for personal data is done.
    `marked`: it was marked as ready. `gone`: there is nothing left to show.
    """

    loaded = Signal()
    checked = Signal()
    gone = Signal()
    marked = Signal()
    help_topic = "record"

    def __init__(self, app: AppContext, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(app, record_id, parent)
        self.content: Content | None = None
        self._wants_focus = False
        self.deeds = RecordDeeds(self)
        self.rights = RecordRights(self)
        self._build()
        spelling.begin(app)
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
        self.menu = self._menu()
        self.more_button.setMenu(self.menu)
        self.pdf_button = self._button("PDF", "Ctrl+P", self.do_print)
        self.ready_button = self._button("Mark as ready", "Ctrl+Enter", self.mark_ready)
        set_kind(self.ready_button, "primary")
        self.head.add_button(self.more_button)
        self.head.add_button(self.pdf_button, spare=True)
        self.head.add_button(self.ready_button)
        self._column.addWidget(self.head)
        self.links = RecordLinks(self)
        self._column.addWidget(self.links)
        self.notices = RecordNotices(self)
        self._column.addLayout(self.notices)
        self._column.addLayout(self.rights.notices)
        self.stack = QStackedWidget()
        self.ready_view = ReadyView()
        self.check = RecordCheck(self, self.ready_view)
        self.stack.addWidget(self.ready_view)
        self.sorting = RecordSorting(self)
        self._column.addWidget(self.stack, 1)
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

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        if keys:
            button.setToolTip(f"{words} ({keys})")
            button.setAccessibleDescription(keys)
        button.clicked.connect(lambda: act())
        return button

    def _menu(self) -> RecordMenu:
        return RecordMenu(self)

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
        self.notices.show_all()
        self.rights.show_questions()
        self._surveyed()  # the form looked itself over as it was made
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
        self.menu.show_what_can_be_done(
            marked=opened.revisions > 0,
            taken_back=opened.standing_code == "taken_back",
            has_draft=opened.has_draft,
            branch_only=self.content.branch_only,
        )

    def _show_title(self) -> None:
        self.head.say_title(self.title_words())

    def title_words(self) -> str:
        """What the record is called, by its title or its form."""
        assert self.form is not None
        session = self.form.session
        titles = (session.node(question.path) for question in session.form.by_role("title"))
        said = next((" ".join((node.value or node.typed or "").split()) for node in titles), "")
        return said or _name_of(session) or f"New: {session.form.title}"

    # typing, saving ----------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        if not self._dirty:
            self._dirty = True
            self.ready_button.setEnabled(True)
            if self.opened is not None and self.opened.standing_code == "ready":
                self.head.say_standing("Draft", "draft")
        self.save_later()
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

    def show_standing(self) -> None:
        """A draft over a version: where the record stands is another thing now, and its notices with it."""
        record_id = self.record_id

        def fetch(profile: Profile) -> OpenRecord:
            from desktop_app.services import recording

            return recording.open_record(profile, record_id)

        def show(now: OpenRecord) -> None:
            if self.opened is not None and now.has_draft:
                self.opened = replace(
                    self.opened, standing=now.standing, standing_code=now.standing_code, has_draft=True
                )
                self._show_head()
                self.notices.show_all()

        self.app.runner.db(fetch, show, lambda _problem: None)

    def show_not_saved(self, problem: Exception) -> None:
        self.notices.not_saved(problem)

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
        self.notices.show_all()
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

    def set_branch_only(self, on: bool) -> None:
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
