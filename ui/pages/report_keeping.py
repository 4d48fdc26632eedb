"""What becomes of a report that was looked at: saved, e-mailed, printed, or copied for Word.

Each keeps the window free; a file that was written is noted among those outside the locked records.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui import dialogs
from ui.pages import report_print, report_work
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.reports.model import ReportInput
    from desktop_app.services.profile import Profile
    from ui.pages.reports import ReportsPage

SHAREABLE, AS_IT_IS = 0, 1


@dataclass(frozen=True)
class Finished:
    """A report as its pages were shown. ``audience`` is "" for a paper that holds no record."""

    given: ReportInput
    data: bytes
    title: str
    pages: int
    audience: str

    @property
    def union(self) -> bool:
        return self.audience == "union"


def ask_which(parent: QWidget) -> int | None:
    """Before a PDF for the union only is e-mailed: the shareable version, or this one."""
    return dialogs.choose(
        parent,
        "This PDF is for the union only.",
        [
            "An e-mail is easily passed on, so start from the shareable version: you see every page of it first.",
            "Send this one only to somebody in the union who needs all of it.",
        ],
        ["Make the shareable version", "E-mail this one"],
    )


class Keeping:
    """Works for the page of reports, whose busy line it uses; `page.hold` lets the page stop what is under way."""

    def __init__(self, page: ReportsPage) -> None:
        self._page = page
        self._app = page.app

    def save(self, made: Finished) -> None:
        """Where to keep it, then write it."""
        path = dialogs.save_file(self._page, "Save the PDF", _name(made), "PDF (*.pdf)")
        if path is not None:
            self._write(made, path, self._saved, mail=False)

    def mail(self, made: Finished) -> None:
        """Write it where it is easy to find, open the e-mail, and ask."""
        from ui.pages import outbox

        locked = bool(self._page.keep.secret())

        def written(path: Path) -> None:
            named = path.stem.partition(" (")[0]  # "Authority dossier Kent": for whom and of when the letter says itself
            self._page.mail_ask.open_mail(path, title=named, shareable=not made.union, locked=locked)
            self._page.scroll.verticalScrollBar().setValue(0)

        self._write(made, outbox.outbox_folder() / _name(made), written, mail=True)

    def print(self, made: Finished) -> None:
        """The system's box for printers, then the pages, one after another, off the window's thread."""
        printer = report_print.choose_printer(self._page, made.pages)
        if printer is None:
            return
        first, last = report_print.page_range(printer, made.pages)
        self._page.busy.start("Printing…")

        def work(_profile: Profile) -> Any:
            return report_work.print_pages(printer, made.data, first, last)

        def printed(count: int) -> None:
            self._done()
            self._app.toast(f"{number_of(count, 'page')} handed to the printer.")

        def step(at: tuple[int, int]) -> None:
            self._page.busy.progress(*at)

        self._page.hold(self._app.runner.db(work, printed, self._failed, priority="bulk", progress=step))

    def copy(self, made: Finished) -> None:
        """The report as rich text on the clipboard, with its headings, tables and references."""
        self._page.busy.start("Copying…")

        def copied(texts: tuple[str, str]) -> None:
            self._done()
            rich, plain = texts
            both = QMimeData()
            both.setHtml(rich)
            both.setText(plain)
            QGuiApplication.clipboard().setMimeData(both)
            union = " It is for the union only." if made.union else ""
            self._app.toast(f"Copied. Paste it into Word or an e-mail with Ctrl+V.{union}")

        self._page.hold(self._app.runner.process(report_work.rich_text, (made.given,), copied, self._failed))

    def text(self, made: Finished) -> None:
        """The report as plain text on the clipboard, for an e-mail or a letter."""
        self._page.busy.start("Copying…")

        def copied(words: str) -> None:
            self._done()
            QGuiApplication.clipboard().setText(words)
            union = " It is for the union only." if made.union else " Use your union account."
            self._app.toast(f"Copied. Paste it into an e-mail or a letter with Ctrl+V.{union}")

        self._page.hold(self._app.runner.process(report_work.plain_text, (made.given,), copied, self._failed))

    def _write(self, made: Finished, path: Path, then: Callable[[Path], None], *, mail: bool) -> None:
        password, why = self._page.keep.secret(), self._page.keep.why_open()
        self._page.busy.start("Writing the PDF…")

        def note(profile: Profile) -> None:
            from desktop_app.services import copies, reporting

            copies.note(
                profile, path, title=made.title, audience=made.audience, mail=mail, locked=bool(password), why_open=why
            )
            reporting.note_use(profile, made.given)

        def noted(_none: None) -> None:
            self._done()
            self._page.copies.refresh()
            then(path)

        def written(_none: None) -> None:
            self._page.hold(self._app.runner.db(note, noted, self._failed))

        work = (made.given, made.data, str(path), password)
        task = self._app.runner.process(report_work.write, work, written, self._failed)

        def stopped() -> None:
            from desktop_app import files

            # A process that is ended takes nothing away itself, and these words would lie about in the open.
            files.remove(files.AtomicWriter(path).part_path)
            if task.cut.is_set():
                words = f"“{path.name}” was not made, because the records were locked. Make it again."
                self._app.say_when_open(words, lambda: self._app.open_page("reports"), "Show")

        task.stopped = stopped
        self._page.hold(task)

    def _saved(self, path: Path) -> None:
        service = self._app.platform.is_synced(path.parent)
        also = f" This folder is copied to {service}, outside this computer." if service else ""
        self._app.toast(f"Saved as {path.name}.{also}", lambda: self._app.platform.open_file(path), "Open it")

    def _done(self) -> None:
        self._page.busy.end()
        self._page.hold(None)

    def _failed(self, problem: Exception) -> None:
        self._done()
        dialogs.show_error(self._page, problem)


def _name(made: Finished) -> str:
    from desktop_app.services import reporting

    return reporting.suggested_name(made.given)
