"""Reports: which, for whom, of what; looked at page by page before anything is kept; saved, printed or e-mailed.

The records are read on the worker's thread, the PDF is made in another process, and the pages shown are those of the very
bytes that are saved. The cards are in the modules report_*.py; this one leads from each to the next.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page
from ui.pages import report_work
from ui.pages.pdf_view import PdfView
from ui.pages.report_choice import ReportChoice
from ui.pages.report_copies import CopiesCard
from ui.pages.report_keep import KeepCard
from ui.pages.report_keeping import AS_IT_IS, SHAREABLE, Finished, Keeping, ask_which
from ui.pages.report_mail import MailAsk
from ui.pages.report_personal import PersonalCard
from ui.pages.report_work import Drawn
from ui.tasks import Task
from ui.widgets import Busy, button, flow
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.reports.model import Decision, ReportInput
    from desktop_app.services.profile import Profile
    from desktop_app.services.reporting import Kind


class ReportsPage(Page):
    """Choose, decide, look, keep."""

    help_topic = "reports"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Reports", "PDF summaries. You see every page before you keep one.")
        self.app = app
        self._wanted: dict[str, Any] = {}
        self._given: ReportInput | None = None
        self._data = b""
        self._pieces: list[bytes] = []
        self._decisions: list[Decision] = []
        self._decided_for = ""
        self._from_list = False
        self._task: Task | None = None
        self.mail_ask = MailAsk(app)
        self.mail_ask.closed.connect(self._to_mail_button)
        self.add(self.mail_ask)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.choice = ReportChoice(app)
        self.choice.changed.connect(self._choice_changed)
        self.busy = Busy(can_cancel=True)
        self.busy.cancelled.connect(self._stop)
        self.choice.add(self.busy)
        self.keep = KeepCard()
        self.keep.again.connect(self.decide_again)
        self.keep.hide()
        column.addWidget(self.choice)
        column.addWidget(self.keep)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(16)
        self.personal = PersonalCard(app)
        self.personal.decided.connect(self._decided)
        self.personal.after = self.choice.archive
        self.personal.hide()
        self.view = PdfView(app)
        self.view.shortcuts_on(self)
        beside.addWidget(self.keep.deeds)
        beside.addWidget(self.personal)
        beside.addWidget(self.view)
        self.columns = Columns(left, right, (2, 3), narrow=760)
        self.columns.turned.connect(self._show_jump)
        self.add(self.columns)
        # In a narrow window the pages stand far below what was chosen.
        self.jump = button("", self._to_result)
        self.jump.hide()
        self.choice.add(flow([self.jump]))
        self.copies = CopiesCard(app)
        self.add(self.copies)
        self.keeping = Keeping(self)
        self.keep.wanted.connect(self._keep_wanted)
        # A choice is followed by a look without being asked, once the person pauses.
        self._pause = QTimer(self, singleShot=True, interval=250)
        self._pause.timeout.connect(self.look)

    # what the window calls ---------------------------------------------------------------------------------------

    def show_page(
        self,
        ids: Sequence[str] = (),
        kind: str = "",
        filters: dict[str, Any] | None = None,
        audience: str = "",
        form: str = "",
        part: str = "",
        **_options: object,
    ) -> None:
        """`ids`: these records; `filters`: what they find; `kind` and `audience` as `reporting.make` names them.

        `part` "copies": show the PDFs that lie outside.
        """
        self.copies.refresh()
        if part == "copies":
            QTimer.singleShot(0, self._show_copies)
        kind = kind or ("record" if len(ids) == 1 else "")
        self._wanted = {"kind": kind, "ids": list(ids), "filters": filters, "audience": audience, "form": form}
        if self.choice.kinds:
            self.choice.choose(**self._wanted)
        else:
            self.app.runner.call(report_work.kinds, self._take_kinds)

    def refresh(self) -> None:
        self.choice.refresh()
        self.copies.refresh()

    def do_print(self) -> None:
        if self._data:
            self._keep_wanted("print")
        else:
            self.choice.kind.setFocus()

    def do_save(self) -> None:
        if self._data:
            self.keep.save.click()
        else:
            self.choice.kind.setFocus()

    def _take_kinds(self, found: list[Kind]) -> None:
        self.choice.show_kinds(found)
        self.choice.choose(**self._wanted)

    def _show_copies(self) -> None:
        self.scroll.ensureWidgetVisible(self.copies, 0, 0)
        self.copies.all_mail.setFocus()

    # choosing, deciding, looking ---------------------------------------------------------------------------------

    def problem(self) -> str:
        """What is still to be chosen, in words; empty when a report can be made."""
        return self.choice.problem()

    def _choice_changed(self) -> None:
        kind = self.choice.chosen()
        if kind is None or kind.kind != self._decided_for:
            # What was decided lives as long as one report is being made, and is kept nowhere.
            self._decisions, self._decided_for = [], kind.kind if kind else ""
            self.keep.forget()
        self._forget()
        if self.problem() == "":
            self._pause.start()

    def look(self) -> None:
        """Make it in memory and show its pages, or what is to be decided first."""
        kind = self.choice.chosen()
        if kind is None or self.problem():
            return
        name, who, ids = kind.kind, self.choice.who(), self.choice.ids()
        filters, options = self.choice.filters(), self.choice.options()
        decisions = tuple(self._decisions)
        self._forget()
        self.busy.start("Reading the records…")

        def read(profile: Profile) -> Generator[tuple[int, int], None, ReportInput]:
            from desktop_app.services import reporting
            from desktop_app.storage.projection import Filters

            wanted = Filters(**filters) if filters else None
            given = yield from reporting.prepared(profile, name, ids, wanted, who, options)
            return replace(given, decisions=decisions)

        self._task = self.app.runner.db(read, self._draw, self._failed, progress=self._read_so_far)

    def _read_so_far(self, read: tuple[int, int]) -> None:
        done, total = read
        if done % 100 == 0:
            self.busy.words.setText(f"Reading the records… {done:,} of {total:,}")

    def _draw(self, given: ReportInput) -> None:
        self._given = given
        self._pieces = []
        self.busy.start("Starting…")
        self._task = self.app.runner.process(
            report_work.draw, (given,), self._drawn, self._failed, progress=self._draw_so_far
        )

    def _draw_so_far(self, said: str | bytes) -> None:
        """What is being done, in words; then the finished file, a piece at a time."""
        if isinstance(said, bytes):
            self._pieces.append(said)
        else:
            self.busy.words.setText(said)

    def _drawn(self, made: Drawn) -> None:
        self.busy.end()
        self._task = None
        if made.likely:
            self._ask(made)
            return
        self._data, self._pieces = b"".join(self._pieces), []
        self.personal.hide()
        self.view.show()
        self.view.show_pdf(self._data, made.pages)
        kind = self.choice.chosen()
        from desktop_app.services.letters import KINDS

        self.keep.text.setVisible(kind is not None and kind.kind in KINDS)
        self.keep.show_for(
            union=self.choice.for_union(),
            shareable=self.choice.who() == "shareable" and kind is not None and not kind.paper,
            withheld=made.withheld,
            decided=len(self._decisions),
            archive=self.choice.for_archive(),
        )
        self.keep.show()
        self._show_jump()
        if self._from_list:
            self._from_list = False
            self._to_result()

    def _ask(self, made: Drawn) -> None:
        self.view.hide()
        self.personal.show_likely(made.likely, self._decisions)
        self.personal.show()
        self._show_jump()
        self._scroll_to(self.personal)  # without it there are no pages

    def _show_jump(self, _stacked: bool = False) -> None:
        pages = self.view.pages() if self._data else 0
        words = f"See the {number_of(pages, 'page')}" if pages else "Decide about personal data"
        self.jump.setText(words)
        self.jump.setVisible(self.columns.stacked() and bool(pages or self.personal.isVisibleTo(self)))

    def _to_result(self) -> None:
        """The keyboard, and the part of the page that is seen, go on to the pages or to what is to be decided first."""
        first = self.keep.save if self._data else self.personal.first()
        first.setFocus()
        self._scroll_to(self.keep.deeds if self._data else self.personal)

    def _scroll_to(self, part: QWidget) -> None:
        def scroll() -> None:
            top = part.mapTo(self.inside, QPoint(0, 0)).y() - 12
            bar = self.scroll.verticalScrollBar()
            # Side by side, its head is mostly in sight already.
            if self.columns.stacked() or not bar.value() <= top <= bar.value() + self.scroll.viewport().height() // 2:
                bar.setValue(top)

        QTimer.singleShot(0, scroll)

    def _decided(self, decisions: list[Decision]) -> None:
        mine = {(one.record, one.text) for one in decisions}
        self._decisions = [one for one in self._decisions if (one.record, one.text) not in mine] + decisions
        self._from_list = True  # the keyboard goes on to what comes next, not back to the sidebar
        self.look()

    def decide_again(self) -> None:
        """Forget what was decided and ask anew; with nothing found, words can still be removed."""
        had, self._decisions = bool(self._decisions), []
        if had:
            self.look()
            return
        self._data = b""
        self.keep.hide()
        self._ask(Drawn())
        self.personal.first().setFocus()

    def _forget(self) -> None:
        self._pause.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.busy.end()
        self._data, self._given, self._pieces = b"", None, []
        self.keep.hide()
        self.personal.hide()
        self.jump.hide()
        self.view.show()
        self.view.clear_pages(self.problem() or "")

    def _stop(self) -> None:
        self._forget()
        self.view.clear_pages("Stopped. Nothing was made. Change a choice to begin again.")

    def _failed(self, problem: Exception) -> None:
        self.busy.end()
        if isinstance(problem, WorldError):
            self.view.clear_pages(str(problem))
        else:
            dialogs.show_error(self, problem)

    # keeping -----------------------------------------------------------------------------------------------------

    def _keep_wanted(self, what: str) -> None:
        if self._data and self._given is not None:
            kind = self.choice.chosen()
            audience = "" if kind is not None and kind.paper else self._given.audience
            made = Finished(self._given, self._data, self.choice.kind.currentText(), self.view.pages(), audience)
            deeds = {"save": self.keeping.save, "mail": self._mail, "print": self.keeping.print, "copy": self.keeping.copy,
                     "text": self.keeping.text}  # fmt: skip
            deeds[what](made)

    def hold(self, task: Task | None) -> None:
        """What is under way, so that Stop and another choice end it."""
        self._task = task

    def _mail(self, made: Finished) -> None:
        """E-mail starts from the shareable version."""
        if made.union and self.choice.for_union():
            answer = ask_which(self)
            if answer == SHAREABLE:
                self.choice.choose_audience("shareable")
                self._choice_changed()
            if answer != AS_IT_IS:
                return
        self.keeping.mail(made)

    def _to_mail_button(self) -> None:
        (self.keep.mail if self.keep.isVisible() else self.choice.kind).setFocus()


__all__ = ["ReportsPage"]
