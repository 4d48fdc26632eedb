"""On a record's page: deleting it for good, and what the office asks about it or was answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from ui import dialogs
from ui.half_written import HalfWritten
from ui.widgets import button, clear, flow, label, notice
from ui.words import long_date

if TYPE_CHECKING:
    from desktop_app.services.erasing import Before, Erased
    from desktop_app.services.profile import Profile
    from desktop_app.storage.office_words import Query
    from ui.context import AppContext
    from ui.pages.record import RecordPage


class WordsDialog(QDialog):
    """One box of words to write: a question to the branch, or an answer to the office.

    What is typed and neither kept nor left on purpose - the records were locked - is there again the next time, by `place`.
    """

    def __init__(
        self, app: AppContext, place: str, title: str, sentences: tuple[str, ...], keep: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Branch Evidence")
        self.setAccessibleName(title)
        self.setMinimumWidth(min(520, parent.window().width() - 40) if parent is not None else 520)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        column.addWidget(label(title, "h2"))
        for sentence in sentences:
            column.addWidget(label(sentence, select=True))
        self.box = QPlainTextEdit()
        self.box.setAccessibleName(title)
        self.box.setTabChangesFocus(True)
        self.box.setMinimumHeight(110)
        self.box.textChanged.connect(self._typing)
        column.addWidget(self.box)
        self.keep = button(keep, self.accept, "primary")
        self.keep.setEnabled(False)
        column.addWidget(flow([self.keep, button("Leave it", self._leave)]))
        self.box.setFocus()
        self.half_written = HalfWritten(app, self.box, place)
        self.half_written.begin()
        self.accepted.connect(self.half_written.flush)  # until they are written, they are kept here

    @property
    def words(self) -> str:
        return self.box.toPlainText().strip()

    def _leave(self) -> None:
        self.box.clear()
        self.half_written.gone()
        self.reject()

    def _typing(self) -> None:
        self.keep.setEnabled(bool(self.words))


class RecordRights:
    """Works for one record page."""

    def __init__(self, page: RecordPage) -> None:
        self._page = page
        self._app = page.app
        self.questions: list[Query] = []
        self.notices = QVBoxLayout()
        self._app.records_changed.connect(self.look_whether_gone)

    def add_to(self, menu: QMenu) -> None:
        """What stands last under "More"."""
        menu.addSeparator()
        if self._app.is_office:
            self.ask_action = QAction("Ask the branch a question…", menu, triggered=self.ask)
            menu.addAction(self.ask_action)
        self.delete_action = QAction("Delete for good, everywhere…", menu, triggered=self.delete)
        menu.addAction(self.delete_action)

    # deleting ----------------------------------------------------------------------------------------------------

    def delete(self) -> None:
        """Ask why, say what goes with it, have its number typed; then it is gone."""
        self._page.flush()
        record = self._page.record_id

        def look(profile: Profile) -> tuple[Before, str]:
            from desktop_app.services import erasing

            told = erasing.before(profile, record)
            return told, told.officer

        self._app.runner.db(look, self._decide, self._failed)

    def _decide(self, found: tuple[Before, str]) -> None:
        from ui.pages.delete_dialog import DeleteDialog

        dialog = DeleteDialog([found[0]], found[1], self._page)
        if not dialogs.run(dialog) or not dialog.code:
            return
        self._page.stop_saving()
        record, code, files_too = self._page.record_id, dialog.code, dialog.files_too.isChecked()

        def work(profile: Profile) -> Erased:
            from desktop_app.services import erasing, rights

            done = erasing.erase(profile, record, code, files_too=files_too)
            rights.note(profile, "deleted", 1)
            return done

        outside = found[0].outside
        self._app.runner.db(work, lambda done: self._deleted(done, outside), self._failed, priority="draft")

    def _deleted(self, done: Erased, outside: int) -> None:
        page = self._page
        self._app.changed(page.record_id)
        page.gone.emit()
        copies = lambda: self._app.open_page("reports", part="copies")  # noqa: E731
        look = ("Look at the copies outside", copies) if outside else None
        if done.travels and not self._app.is_office:
            self._app.toast(
                "Deleted for good here. Send a file, so that the office deletes it too.",
                lambda: self._app.open_page("send"),
                "Send",
                also=look,
            )
        elif done.travels:
            self._app.toast("Deleted for good here. The branch deletes it with your next reply.", also=look)
        else:
            self._app.toast("Deleted for good.", also=look)

    # questions ---------------------------------------------------------------------------------------------------

    def show_questions(self) -> None:
        """Read the questions on this record and put them above the form."""
        record = self._page.record_id

        def read(profile: Profile) -> list[Query]:
            from desktop_app.services import questions

            return questions.on_record(profile, record)

        self._app.runner.db(read, self._show)

    def _show(self, found: list[Query]) -> None:
        """What was asked and answered, in boxes, the open ones first; at a branch an open one can be answered."""
        if not shiboken6.isValid(self._page):
            return
        self.questions = found
        clear(self.notices)
        for query in sorted(found, key=lambda each: each.answered):
            when = long_date(query.utc)
            if self._app.is_office:
                made = self._at_office(query, when)
            elif not query.answered:
                answer = button("Answer…", partial(self.answer, query), "primary")
                inside = button("It is in the record now", partial(self._answer, query, ""))
                made = notice(f"The national office asks ({when}): “{query.body}”", "notice", answer, inside)
            else:
                said = f"“{query.answer}”" if query.answer else "the record itself"
                made = notice(
                    f"The national office asked ({when}): “{query.body}” You answered: {said}", "notice-good"
                )
            self.notices.addWidget(made)

    def look_whether_gone(self, ids: frozenset[str]) -> None:
        """A file that was added may have deleted this record: its words leave the screen as well."""
        if ids or not shiboken6.isValid(self._page):
            return
        page, record = self._page, self._page.record_id

        def look(profile: Profile) -> bool:
            from desktop_app.services import erasing

            return erasing.is_deleted(profile, record)

        def leave(gone: bool) -> None:
            if gone and shiboken6.isValid(page):
                page.stop_saving()
                page.gone.emit()
                self._app.toast("This record was deleted for good by an order in the file.")

        self._app.runner.db(look, leave)

    def _at_office(self, query: Query, when: str) -> QWidget:
        if not query.answered:
            state = "It is in a reply; no answer yet." if query.sent else "It goes with the next reply to the branch."
            return notice(f"You asked the branch ({when}): “{query.body}” {state}")
        said = f"“{query.answer}”" if query.answer else "by changing the record."
        day = f" ({long_date(query.answered_utc)})" if query.answered_utc else ""
        return notice(f"You asked ({when}): “{query.body}” The branch answered{day}: {said}", "notice-good")

    def ask(self) -> None:
        """At the office: put a question; it travels with the next reply."""
        place = f"{self._page.record_id}:question"
        dialog = WordsDialog(
            self._app,
            place,
            "Ask the branch a question",
            ("It goes with the next reply. Write nothing the branch should not see.",),
            "Ask",
            self._page,
        )
        if not dialogs.run(dialog) or not dialog.words:
            return
        record, words = self._page.record_id, dialog.words

        def work(profile: Profile) -> str:
            from desktop_app.services import half_written, office

            asked = office.ask(profile, record, words)
            half_written.keep(profile, place, "")
            return asked

        def done(query: str) -> None:
            self._page.changed_by_us()
            self._app.toast("It goes with the next reply.", lambda: self._again("drop", query))

        self._app.runner.db(work, done, self._failed)

    def answer(self, query: Query) -> None:
        """At the branch: write an answer beside the record."""
        dialog = WordsDialog(
            self._app,
            _place_of_answer(query),
            "Answer the national office",
            (f"“{query.body}”", "Roles and kinds of school, not names. What belongs in the record is better written there."),
            "Answer",
            self._page,
        )
        if dialogs.run(dialog) and dialog.words:
            self._answer(query, dialog.words)

    def _answer(self, query: Query, words: str) -> None:
        def work(profile: Profile) -> None:
            from desktop_app.services import half_written, questions

            questions.answer(profile, query.id, words)
            half_written.keep(profile, _place_of_answer(query), "")

        def done(_nothing: None) -> None:
            self._page.changed_by_us()
            self._app.toast("Answered. It goes with the next file.", lambda: self._again("take_answer_back", query.id))

        self._app.runner.db(work, done, self._failed)

    def _again(self, what: str, query_id: str) -> None:
        def work(profile: Profile) -> None:
            from desktop_app.services import questions

            getattr(questions, what)(profile, query_id)

        self._app.runner.db(work, lambda _none: self._page.changed_by_us(), self._failed)

    def _failed(self, problem: Exception) -> None:
        dialogs.show_error(self._page, problem)


def _place_of_answer(query: Query) -> str:
    return f"{query.record}:answer {query.id}"
