"""One record: its form on screen, saved as it is typed, checked, marked as ready, with its earlier versions.

Leaving never asks. What is typed is written within five seconds, at once on Ctrl+S, and when the page is left, locked
or closed (record.md: draft).
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui import dialogs
from ui.context import AppContext
from ui.forms.breakable import breakable
from ui.forms.flow import FlowLayout
from ui.forms.form_page import FormPage
from ui.forms.suspects import Suspect
from ui.pages.record_files import RecordFiles
from ui.pages.record_ready import ReadyView
from ui.tasks import Task
from ui.theme import set_kind
from ui.widgets import label, notice, pill

if TYPE_CHECKING:
    from desktop_app.forms.session import FormSession, Snapshot
    from desktop_app.services.history import HistoryEntry
    from desktop_app.services.profile import Profile
    from desktop_app.services.recording import Content, OpenRecord, PrivacyFinding

SAVE_SOON_MS, SAVE_LATEST_MS, CHECK_MS = 1200, 4000, 700
# Kept in `derived`, which is not merged and not part of any answer: why gaps were allowed, and words kept on purpose.
REASON, KEPT_WORDS = "ready_reason", "kept_words"
_PILLS = {
    "ready": "accent",
    "in_file": "accent",
    "said_emailed": "accent",
    "office_has_it": "good",
    "office_has_it_by_phone": "good",
    "office_asks": "warn",
    "changed": "warn",
    "two_versions": "warn",
}


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
        self._kept_words: set[tuple[str, str]] = set()
        self._suspects: tuple[Suspect, ...] = ()
        self._check: Task | None = None
        self._wants_ready = False
        self._wants_focus = False
        self._build()
        app.flush_with(self)
        app.records_changed.connect(self._records_changed)
        self.load()

    # built once --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        set_kind(self, "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 16, 16, 0)
        self._column.setSpacing(10)
        top = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        self.crumb = label("", "muted")
        self.title = label("", "h1")
        self.subtitle = label("", "muted")
        self.subtitle.hide()
        words.addWidget(self.crumb)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        top.addLayout(words, 1)
        actions = QWidget()
        self.actions = FlowLayout(actions, across=8, down=6)
        self.standing = pill("")
        self.more_button = QPushButton("More")
        self.more_button.setAccessibleName("More to do with this record")
        self.more_button.setMenu(self._menu())
        self.pdf_button = QPushButton("PDF")
        self.pdf_button.setToolTip("Make a PDF (Ctrl+P)")
        self.pdf_button.setAccessibleDescription("Ctrl+P")
        self.pdf_button.clicked.connect(self.do_print)
        self.ready_button = QPushButton("Mark as ready")
        self.ready_button.setToolTip("Ctrl+Enter")
        self.ready_button.setAccessibleDescription("Ctrl+Enter")
        set_kind(self.ready_button, "primary")
        self.ready_button.clicked.connect(self.mark_ready)
        for widget in (self.standing, self.more_button, self.pdf_button, self.ready_button):
            self.actions.addWidget(widget)
        top.addWidget(actions, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(top)
        self._notices = QVBoxLayout()
        self._column.addLayout(self._notices)
        self.stack = QStackedWidget()
        self.ready_view = ReadyView()
        self.ready_view.go_to.connect(self._go_to)
        self.ready_view.left.connect(self._leave_ready)
        self.ready_view.confirmed.connect(self._make_ready)
        self.ready_view.replaced.connect(self._replace)
        self.ready_view.kept.connect(self._keep)
        self.stack.addWidget(self.ready_view)
        self._column.addWidget(self.stack, 1)
        self._soon, self._latest, self._check_soon = QTimer(self), QTimer(self), QTimer(self)
        for timer, wait, act in (
            (self._soon, SAVE_SOON_MS, self.flush),
            (self._latest, SAVE_LATEST_MS, self.flush),
            (self._check_soon, CHECK_MS, self.check),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(act)
        for keys, act in (
            ("Ctrl+Z", self.undo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+Return", self.main_action),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        self.undo_action = QAction("Undo\tCtrl+Z", menu, triggered=self.undo)
        self.redo_action = QAction("Do it again\tCtrl+Y", menu, triggered=self.redo)
        self.history_action = QAction("Earlier versions…", menu, triggered=self.show_history)
        self.branch_only_action = QAction("Keep in this branch only", menu, checkable=True)
        self.branch_only_action.toggled.connect(self._set_branch_only)
        self.take_back_action = QAction("Take this record back", menu, triggered=self.take_back)
        self.discard_action = QAction("Throw this draft away", menu, triggered=self.discard)
        menu.addAction(self.undo_action)
        menu.addAction(self.redo_action)
        menu.addSeparator()
        menu.addAction(self.history_action)
        menu.addAction(self.branch_only_action)
        menu.addSeparator()
        menu.addAction(self.take_back_action)
        menu.addAction(self.discard_action)
        return menu

    # loading -----------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Fetch the record and put it on the screen in place of what is there."""
        record_id = self.record_id

        def fetch(profile: Profile) -> tuple[OpenRecord, FormSession]:
            from desktop_app.services import recording

            opened = recording.open_record(profile, record_id)
            return opened, recording.session_for(opened, profile.clock())

        self.app.runner.db(fetch, self._loaded, self._failed)

    def _loaded(self, found: tuple[OpenRecord, FormSession]) -> None:
        opened, session = found
        focus_path = ""
        if self.form is not None:
            focus_path = self._focused_path()
            self.stack.removeWidget(self.form)
            self.form.deleteLater()
        self.opened, self.content = opened, opened.content
        self._kept_words = {(leaf, text) for leaf, text in json.loads(self.content.derived.get(KEPT_WORDS, "[]"))}
        self.form = FormPage(self.app.theme, session, self._reopen, aside=self.content.aside)
        self.form.edited.connect(self._edited)
        self.form.undoable.connect(lambda words: self.app.toast(words, undo=self.undo))
        self.form.surveyed.connect(self._surveyed)
        self.form.panel.replace_wanted.connect(self._replace)
        self.form.panel.keep_wanted.connect(self._keep)
        self.stack.addWidget(self.form)
        self.show_writing()
        self.files = RecordFiles(self)
        self._show_head()
        self._show_notices()
        self.form.survey()
        self.check()
        if focus_path:
            self.form.go_to(focus_path)
        elif self._wants_focus:
            self.take_focus()
        self.loaded.emit()

    def setFocus(self, *_reason: object) -> None:
        """The keyboard to where one writes, as soon as the record is there."""
        self._wants_focus = True
        if self.form is not None:
            self.take_focus()

    def take_focus(self) -> None:
        assert self.form is not None
        self._wants_focus = False
        self.form.enter_section()

    def show_writing(self) -> None:
        """The questions, in place of what had to be looked at before "Ready"."""
        assert self.form is not None
        self.stack.setCurrentWidget(self.form)

    def main_action(self) -> None:
        """Ctrl+Enter."""
        self.mark_ready()

    def _failed(self, problem: Exception) -> None:
        dialogs.show_error(self, problem)
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

    # the head ----------------------------------------------------------------------------------------------------

    def _show_head(self) -> None:
        assert self.opened is not None and self.content is not None
        opened = self.opened
        self.crumb.setText(f"{opened.form.title} · {opened.reference}")
        self._show_title()
        code = "draft" if self._dirty and opened.standing_code == "ready" else opened.standing_code
        self._say_standing("Draft" if code != opened.standing_code else opened.standing, code)
        self.ready_button.setEnabled(opened.has_draft or self._dirty)
        marked = opened.revisions > 0
        self.take_back_action.setVisible(marked and opened.standing_code != "taken_back")
        self.discard_action.setVisible(opened.has_draft)
        self.discard_action.setText("Throw away what is not marked as ready" if marked else "Throw this draft away")
        self.branch_only_action.blockSignals(True)
        self.branch_only_action.setChecked(self.content.branch_only)
        self.branch_only_action.blockSignals(False)

    def _say_standing(self, words: str, code: str) -> None:
        self.standing.setText(words)
        kind = _PILLS.get(code, "")
        set_kind(self.standing, f"pill-{kind}" if kind else "pill")
        self.standing.setAccessibleName(f"Standing: {words}")

    def _show_title(self) -> None:
        assert self.opened is not None and self.form is not None
        session = self.form.session
        said = ""
        for question in session.form.by_role("title"):
            node = session.node(question.path)
            said = " ".join((node.value or node.typed or "").split())
            break
        self.title.setText(breakable(said or session.instance_name() or f"New: {session.form.title}"))

    def _show_notices(self) -> None:
        while (item := self._notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        assert self.opened is not None
        pairs = len(self.opened.two_versions)
        if pairs:
            choose = QPushButton("See both and choose")
            choose.clicked.connect(self.choose_versions)
            many = f"{pairs} answers" if pairs > 1 else "one answer"
            self._notices.addWidget(notice(f"There are two versions of {many}. Both are kept.", "notice", choose))
        if self.opened.standing_code == "taken_back":
            self._notices.addWidget(notice("This record was taken back. It stays readable and counts nowhere."))

    # typing, saving ----------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        if not self._dirty:
            self._dirty = True
            self.ready_button.setEnabled(True)
            if self.opened is not None and self.opened.standing_code == "ready":
                self._say_standing("Draft", "draft")
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()
        self._check_soon.start()
        self._show_title()

    def current_content(self) -> Content:
        """What the record says on the screen now."""
        assert self.form is not None and self.content is not None
        seen = self.form.snapshot()
        derived = dict(seen.derived)
        if self._kept_words:
            derived[KEPT_WORDS] = json.dumps(sorted(self._kept_words), ensure_ascii=False)
        return replace(
            self.content, answers=seen.answers, typed=dict(seen.typed), aside=tuple(seen.aside), derived=derived
        )

    def flush(self) -> None:
        """Queue the draft now if anything was typed since the last one."""
        self._soon.stop()
        self._latest.stop()
        if not self._dirty or self.form is None:
            return
        self._dirty = False
        self._saving = True
        record_id, content = self.record_id, self.current_content()

        def save(profile: Profile) -> datetime:
            from desktop_app.services import recording

            return recording.save_draft(profile, record_id, content)

        self.app.runner.db(save, self._was_saved, self._not_saved, priority="draft")

    def _was_saved(self, when: datetime) -> None:
        self.app.saved(when)
        if self.opened is not None and not self.opened.has_draft:
            self.opened = replace(self.opened, has_draft=True)
        self.app.changed(self.record_id)
        self._saving = False
        self.saved.emit()

    def _not_saved(self, problem: Exception) -> None:
        self._saving = False
        self._dirty = True
        self._latest.start()
        again = QPushButton("Try again")
        again.clicked.connect(self.flush)
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

    def _focused_path(self) -> str:
        assert self.form is not None
        focus = self.focusWidget()
        rows = self.form.view.rows() if focus is not None else []
        return next((row.path for row in rows if focus is not None and row.isAncestorOf(focus)), "")

    # the check ---------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Look for likely personal data, off the window's thread; the answer comes to `_found`."""
        if self.form is None or self.opened is None:
            return
        if self._check is not None:
            self._check.cancel()
        content, form = self.current_content(), self.opened.form

        def look(_profile: Profile) -> list[PrivacyFinding]:
            from desktop_app.services import recording

            return recording.privacy_findings(content, form)

        self._check = self.app.runner.db(look, self._found, lambda _problem: None)

    def _found(self, found: list[PrivacyFinding]) -> None:
        assert self.form is not None
        self._check = None
        paths = {node.leaf: node.path for node in self.form.session.nodes()}
        present = {(one.path, one.finding.text) for one in found}
        self._kept_words &= present
        self._suspects = tuple(
            Suspect(
                path=paths.get(one.path, ""),
                leaf=one.path,
                label=one.label,
                start=one.finding.start,
                end=one.finding.end,
                kind=one.finding.kind,
                text=one.finding.text,
                advice=one.finding.suggestion,
            )
            for one in found
            if (one.path, one.finding.text) not in self._kept_words
        )
        self.form.show_suspects(self._suspects)
        if self._wants_ready:
            self._show_what_is_open()
        elif self._asking:
            self._fill_ready_view()
        self.checked.emit()

    def _surveyed(self) -> None:
        from desktop_app.services import recording

        if self.form is not None:
            self.form.panel.show_open([(gap.path, gap.label) for gap in recording.gaps(self.form.session)])

    def _replace(self, suspect: Suspect, words: str) -> None:
        """Put other words in place of these, wherever they stand in that answer."""
        assert self.form is not None
        if not suspect.path:
            self.app.toast("Change the file's name, then add it again.")
            return
        node = self.form.session.node(suspect.path)
        text = node.typed if node.typed is not None else node.value
        self.form.set_answer(suspect.path, text.replace(suspect.text, words) if words else _without(text, suspect.text))
        self.app.toast(f"Replaced “{suspect.text}”.", undo=self.undo)
        self.check()

    def _keep(self, suspect: Suspect) -> None:
        """The person says these words may stand; that is kept with the record."""
        self._kept_words.add((suspect.leaf, suspect.text))
        self._suspects = tuple(one for one in self._suspects if (one.leaf, one.text) != (suspect.leaf, suspect.text))
        assert self.form is not None
        self.form.show_suspects(self._suspects)
        if self._asking:
            self._fill_ready_view()
        self._edited()

    @property
    def _asking(self) -> bool:
        return self.stack.currentWidget() is self.ready_view

    def _go_to(self, path: str) -> None:
        assert self.form is not None
        self.stack.setCurrentWidget(self.form)
        self.form.go_to(path)

    # ready -------------------------------------------------------------------------------------------------------

    def mark_ready(self) -> None:
        """Check first; what is found is shown, with links; nothing found, and it is ready at once."""
        if self.form is None or not self.ready_button.isEnabled():
            return
        self._wants_ready = True
        self.form.survey()
        self.check()

    def _show_what_is_open(self) -> None:
        self._wants_ready = False
        if self._fill_ready_view():
            assert self.form is not None
            self.form.demand()
            self.stack.setCurrentWidget(self.ready_view)
            self.ready_view.take_focus()
        else:
            self._make_ready("")

    def _fill_ready_view(self) -> bool:
        """Show what stands in the way; False when nothing does."""
        from desktop_app.services import recording

        assert self.form is not None
        session = self.form.session
        problems = dict(self.form.problems())
        gaps = [(gap.path, gap.label) for gap in recording.gaps(session)]
        doubts = [
            (path, message or f"“{session.node(path).typed}” in {session.node(path).label}")
            for path, message in problems.items()
            if path not in dict(gaps)
        ]
        self.ready_view.show_findings(self._suspects, doubts, gaps)
        return bool(self._suspects or doubts or gaps)

    def _leave_ready(self) -> None:
        self.show_writing()
        self.take_focus()

    def _make_ready(self, reason: str) -> None:
        self.show_writing()
        record_id, content = self.record_id, self.current_content()
        if reason:
            content = replace(content, derived={**content.derived, REASON: reason})
        self._soon.stop()
        self._latest.stop()
        self._dirty = False

        def mark(profile: Profile) -> OpenRecord:
            from desktop_app.services import recording

            recording.save_draft(profile, record_id, content)
            recording.mark_ready(profile, record_id)
            return recording.open_record(profile, record_id)

        self.app.runner.db(mark, self._was_marked, self._not_marked, priority="draft")

    def _was_marked(self, opened: OpenRecord) -> None:
        self.opened, self.content = opened, opened.content
        self._show_head()
        self.app.toast(
            "Ready. It goes with the next file for the office.", lambda: self.app.open_page("send"), button="Send"
        )
        self._saving = True  # our own change: nothing to load again
        self.app.changed(self.record_id)
        self._saving = False
        self.marked.emit()

    def _not_marked(self, problem: Exception) -> None:
        self._dirty = True
        dialogs.show_error(self, problem)

    # the rest ----------------------------------------------------------------------------------------------------

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

    def show_history(self) -> None:
        """Every version, with what changed; one may be made the newest."""
        record_id = self.record_id

        def fetch(profile: Profile) -> list[HistoryEntry]:
            from desktop_app.services.history import history

            return history(profile, record_id)

        self.app.runner.db(fetch, self._show_versions)

    def _show_versions(self, entries: list[HistoryEntry]) -> None:
        from ui.pages.record_history import HistoryDialog

        dialog = HistoryDialog(entries, self.app.theme.colours, self)
        dialogs.run(dialog)
        if dialog.restored:
            self._change("restore_version", dialog.restored, said="That version is the newest again.")

    def take_back(self) -> None:
        """Say that the record no longer stands; undo makes the version before it the newest again."""
        self.flush()
        record_id = self.record_id

        def newest(profile: Profile) -> str:
            from desktop_app.services import recording
            from desktop_app.services.history import history

            before = history(profile, record_id)[0].rev
            recording.take_back(profile, record_id)
            return before

        def done(before: str) -> None:
            self._changed_by_us()
            self.app.toast("Taken back.", lambda: self._change("restore_version", before, said="It stands again."))

        self.app.runner.db(newest, done, lambda problem: dialogs.show_error(self, problem))

    def discard(self) -> None:
        """Throw the draft away. A record that was never marked as ready is gone; undo brings it back as a new draft."""
        assert self.opened is not None
        self._soon.stop()
        self._latest.stop()
        self._dirty = False
        record_id, content, form_id = self.record_id, self.current_content(), self.opened.form.id
        never_marked = self.opened.revisions == 0

        def drop(profile: Profile) -> None:
            from desktop_app.services import recording

            recording.discard_draft(profile, record_id)

        def bring_back(profile: Profile) -> str:
            from desktop_app.services import recording

            found = recording.start(profile, form_id) if never_marked else record_id
            recording.save_draft(profile, found, content)
            return found

        def back(found: str) -> None:
            self.app.changed(found)
            self.app.open_record(found)

        def done(_none: None) -> None:
            self.app.changed(record_id)
            self.app.toast("The draft is thrown away.", lambda: self.app.runner.db(bring_back, back))
            if never_marked:
                self.gone.emit()
            else:
                self.load()

        self.app.runner.db(drop, done, lambda problem: dialogs.show_error(self, problem))

    def choose_versions(self) -> None:
        """See both versions of an answer, and choose."""
        from ui.pages.record_versions import VersionsDialog

        assert self.opened is not None
        dialog = VersionsDialog(self.opened.form, self.opened.two_versions, self)
        if dialogs.run(dialog) and dialog.chosen:
            self._change("choose", dialog.chosen, said="Chosen. The other version stays in the earlier versions.")

    def _change(self, what: str, argument: object, *, said: str) -> None:
        record_id = self.record_id

        def work(profile: Profile) -> None:
            from desktop_app.services import recording

            getattr(recording, what)(profile, record_id, argument)

        def done(_none: None) -> None:
            self._changed_by_us()
            self.app.toast(said)

        self.app.runner.db(work, done, lambda problem: dialogs.show_error(self, problem))

    def _changed_by_us(self) -> None:
        self._saving = True  # not to load twice
        self.app.changed(self.record_id)
        self._saving = False
        self.load()


def _without(text: str, words: str) -> str:
    """`text` with `words` taken out and no double space left behind."""
    return " ".join(text.replace(words, "").split("  ")).strip()
