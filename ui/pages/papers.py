"""The shelf of papers: the union's briefings to open, print and hand out; at the office also to put there and take off."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from ui import dialogs
from ui.context import AppContext
from ui.forms.file_editor import file_size
from ui.navigation import Screen
from ui.page import Page
from ui.pages import report_print
from ui.widgets import Card, button, clear, flow, hline, label, set_name
from ui.words import long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.papers import Paper
    from desktop_app.services.profile import Profile

EMPTY = {
    True: "There is no paper on the shelf. What you put here goes to every branch with its next reply.",
    False: "There is no paper on the shelf yet. Papers come with the national office's replies.",
}


class PapersPage(Page):
    """Rows of papers, the newest first. At the office a card asks for the title of a paper before it is put there."""

    help_topic = "papers"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Papers", "The union's briefings: open them, print them, hand them out.")
        self.app = app
        self.papers: list[Paper] = []
        self.put = self.add_action(button("Put a paper on the shelf…", self._choose, "primary"))
        self.put.setVisible(app.is_office)
        self.agenda = self.add_action(button("Agenda item with these papers…", self._agenda))
        self.agenda.hide()
        self._file: Path | None = None
        self.asking = Card("A title for the list")
        self.file_words = label("", "muted")
        self.heavy_words = label("", "warn")
        self.paper_title = QLineEdit()
        self.paper_title.setMaxLength(200)
        set_name(self.paper_title, "Title of the paper")
        self.paper_title.returnPressed.connect(self._put)
        self.put_it = button("Put it on the shelf", self._put, "primary")
        self.asking.add(self.file_words)
        self.asking.add(self.heavy_words)
        self.asking.add(self.paper_title)
        self.asking.add(flow([self.put_it, button("Leave it", self._leave)]))
        self.asking.hide()
        self.add(self.asking)
        self.card = Card()
        self.rows = QVBoxLayout()
        self.rows.setSpacing(6)
        self.card.body.addLayout(self.rows)
        self.add(self.card)

    def refresh(self) -> None:
        def read(profile: Profile) -> list[Paper]:
            from desktop_app.services import papers

            return papers.shelf(profile)

        self.app.runner.db(read, self.show_papers)

    def show_papers(self, found: list[Paper]) -> None:
        """A row for each: title, when it was put there, how large it is, and what can be done."""
        self.papers = found
        clear(self.rows)
        for place, paper in enumerate(found):
            if place:
                self.rows.addWidget(hline())
            self.rows.addWidget(label(paper.title, "h3"))
            waits = "" if paper.here else " · comes with the office's next reply"
            about = f"{paper.name} · {file_size(paper.len)} · on the shelf since {long_date(paper.put_utc)}{waits}"
            self.rows.addWidget(label(about, "muted"))
            deeds = []
            if paper.here:
                deeds += [
                    button("Open", partial(self.open, paper), name=f"Open {paper.title}"),
                    button("Save a copy…", partial(self.save, paper), name=f"Save a copy of {paper.title}"),
                ]
                if paper.name.lower().endswith(".pdf"):
                    deeds.insert(1, button("Print…", partial(self.print, paper), name=f"Print {paper.title}"))
            if self.app.is_office:
                deeds.append(button("Take off", partial(self.take_off, paper), "link", name=f"Take off {paper.title}"))
            if deeds:
                self.rows.addWidget(flow(deeds))
        if not found:
            self.rows.addWidget(label(EMPTY[self.app.is_office], "muted"))
        self.agenda.setVisible(bool(found) and not self.app.is_office)

    def open(self, paper: Paper) -> None:
        """A copy in its usual program, where it can be printed; it is wiped when the records close."""

        def copy(profile: Profile) -> Path:
            from desktop_app.services import papers

            return papers.open_copy(profile, paper)

        def show(path: Path) -> None:
            if not self.app.platform.open_file(path):
                self.app.toast(f"No program opened “{paper.name}”.")

        self.app.runner.db(copy, show, self._failed)

    def print(self, paper: Paper) -> None:
        """The system's box for printers, then the pages as pictures; nothing is written beside the records."""

        def read(profile: Profile) -> tuple[bytes, int]:
            from desktop_app.services import papers

            data = papers.read(profile, paper)
            return data, report_print.pages_of(data)

        def ask(found: tuple[bytes, int]) -> None:
            data, pages = found
            printer = report_print.choose_printer(self, pages)
            if printer is not None:
                self._print(printer, data, pages)

        self.app.runner.db(read, ask, self._failed)

    def _print(self, printer: Any, data: bytes, pages: int) -> None:
        from ui.pages import report_work

        first, last = report_print.page_range(printer, pages)

        def work(_profile: Profile) -> Any:
            return report_work.print_pages(printer, data, first, last)

        def printed(count: int) -> None:
            self.app.toast(f"{number_of(count, 'page')} handed to the printer.")

        self.app.runner.db(work, printed, self._failed, priority="bulk")

    def save(self, paper: Paper) -> None:
        """A copy where the person chooses."""
        out = dialogs.save_file(self, "Save a copy", paper.name, "All files (*)")
        if out is None:
            return

        def write(profile: Profile) -> None:
            from desktop_app.services import papers

            papers.save_copy(profile, paper, out)

        self.app.runner.db(write, lambda _none: self.app.toast(f"Saved as {out.name}."), self._failed)

    def take_off(self, paper: Paper) -> None:
        """Asked first: what was put there is deleted here, and cannot be had back but from the file it came from."""
        answer = dialogs.choose(
            self,
            f"Take “{paper.title}” off the shelf?",
            ["With the next replies it goes from the branches too. Copies that were saved or printed stay."],
            ["Take it off"],
        )
        if answer != 0:
            return

        def work(profile: Profile) -> None:
            from desktop_app.services import papers

            papers.take_off(profile, paper.sha256)

        def done(_none: None) -> None:
            self.refresh()
            self.app.toast(f"“{paper.title}” is off the shelf.")

        self.app.runner.db(work, done, self._failed)

    def _choose(self) -> None:
        found = dialogs.open_file(
            self, "Put a paper on the shelf", "Papers (*.pdf *.docx *.odt *.xlsx *.pptx);;All files (*)"
        )
        if found is None:
            return
        self._file = found
        from desktop_app.services import papers

        size = found.stat().st_size if found.is_file() else 0
        self.file_words.setText(f"{found.name} · {file_size(size)}" if size else found.name)
        warning = papers.heavy(size) if size <= papers.LARGEST else ""  # a larger one is refused anyway
        self.heavy_words.setText(warning)
        self.heavy_words.setVisible(bool(warning))
        self.paper_title.setText(found.stem.replace("_", " "))
        self.asking.show()
        self.paper_title.selectAll()
        self.paper_title.setFocus()

    def _leave(self) -> None:
        self._file = None
        self.asking.hide()
        self.put.setFocus()

    def _put(self) -> None:
        file, title = self._file, self.paper_title.text()
        if file is None:
            return

        def work(profile: Profile) -> Paper:
            from desktop_app.services import papers

            return papers.put(profile, file, title)

        def done(paper: Paper) -> None:
            self._leave()
            self.refresh()
            self.app.toast(f"“{paper.title}” is on the shelf. It goes to branches with the next replies.")

        self.app.runner.db(work, done, self._failed)

    def _agenda(self) -> None:
        self.app.open_page("reports", kind="branch_agenda_item")

    def _failed(self, problem: Exception) -> None:
        dialogs.show_error(self, problem)
