"""Everything about a word: each record with it, where it stands, and what can be done: open, give out, delete."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Page
from ui.widgets import Busy, Card, button, clear, flow, hline, label, pill
from ui.words import FORM_WORDS, number_of

if TYPE_CHECKING:
    from desktop_app.services.erasing import Before
    from desktop_app.services.profile import Profile
    from desktop_app.services.rights import Found, Search
    from ui.tasks import Task

MOST = 100


class EverythingAboutPage(Page):
    """`found`: the records of the last search. None is ticked to begin with."""

    help_topic = "rights"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Everything about a word", "Parts of words count; capitals and accents do not matter.")
        self.app = app
        self.found: list[Found] = []
        self.boxes: dict[str, QCheckBox] = {}
        self._task: Task | None = None
        self.word = QLineEdit()
        self.word.setAccessibleName("A word, a name or a number")
        self.word.returnPressed.connect(self.find)
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.word)
        self.inside = QCheckBox("Also inside attached files (text, Word, Excel, PDF with text)")
        self.inside.setChecked(True)
        column.addWidget(self.inside)
        self.go = button("Find everything", self.find, "primary")
        column.addWidget(flow([self.go, button("Back", lambda: app.open_page("data_protection"))]))
        self.add(line)
        self.busy = Busy(can_cancel=True)
        self.busy.cancelled.connect(self._stop)
        self.add(self.busy)
        self.said = label("", select=True)
        self.add(self.said)
        self.tick_all = button("Tick all", self._tick_all, "link")
        self.give_json = button("Give out as data…", self.give_out)
        self.give_pdf = button("Give out as PDF…", self.make_pdfs)
        self.delete = button("Delete for good, everywhere…", self.delete_ticked)
        self.deeds = flow([self.tick_all, self.give_json, self.give_pdf, self.delete])
        self.deeds.hide()
        self.add(self.deeds)
        self.card = Card()
        self.rows = QVBoxLayout()
        self.rows.setSpacing(6)
        self.card.body.addLayout(self.rows)
        self.card.hide()
        self.add(self.card)
        self.setFocusProxy(self.word)

    # what the window calls ---------------------------------------------------------------------------------------

    def show_page(self, words: str = "", **_options: object) -> None:
        if words:
            self.word.setText(words)
            self.find()
        else:
            self.word.setFocus()

    def refresh(self) -> None:
        if self.found:
            self.find()

    def do_find(self) -> None:
        self.word.setFocus()
        self.word.selectAll()

    # finding -----------------------------------------------------------------------------------------------------

    def find(self) -> None:
        """Look through everything; it can be stopped."""
        words, inside = self.word.text(), self.inside.isChecked()
        if self._task is not None:
            self._task.cancel()
        self.busy.start("Looking through everything…")

        def look(profile: Profile) -> Search:
            from desktop_app.services import rights

            return rights.find(profile, words, inside=inside)  # type: ignore[return-value]  # stepped through by the worker

        self._task = self.app.runner.db(look, self._show, self._failed, priority="bulk", progress=self._progress)

    def _progress(self, search: Search) -> None:
        self.busy.progress(search.looked, search.total)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self.busy.end()

    def _failed(self, problem: Exception) -> None:
        self.busy.end()
        if isinstance(problem, WorldError):
            self.said.setText(str(problem))
        else:
            dialogs.show_error(self, problem)

    def _show(self, search: Search) -> None:
        self._task = None
        self.busy.end()
        self.found = search.found
        self.boxes = {}
        clear(self.rows)
        looked = number_of(search.total, "record")
        found = f"{number_of(len(self.found), 'record')} of {looked}." if self.found else f"Nothing in {looked}."
        self.said.setText(f"{found} {_inside_words(search, asked=self.inside.isChecked())}")
        for place, one in enumerate(self.found[:MOST]):
            if place:
                self.rows.addWidget(hline())
            self._row(one)
        if len(self.found) > MOST:
            self.rows.addWidget(label(f"And {len(self.found) - MOST:,} more: look for a longer word.", "muted"))
        self.card.setVisible(bool(self.found))
        self.deeds.setVisible(bool(self.found))
        self._ticked()

    def _row(self, one: Found) -> None:
        box = QCheckBox(f"{one.reference} · {FORM_WORDS.get(one.form, one.form)}")
        box.setAccessibleName(f"{one.title}, {one.reference}")
        box.toggled.connect(self._ticked)
        self.boxes[one.record] = box
        self.rows.addWidget(flow([box, pill(one.standing)]))
        self.rows.addWidget(label(one.title, "h3"))
        for where in one.places[:6]:
            old = " (earlier version)" if where.earlier else ""
            self.rows.addWidget(label(f"{where.where}{old} · {where.words}", "muted", select=True))
        if len(one.places) > 6:
            self.rows.addWidget(label(f"And {len(one.places) - 6} more places.", "muted"))
        self.rows.addWidget(
            flow([button("Open and correct", partial(self.app.open_record, one.record), "link")])
        )

    # doing -------------------------------------------------------------------------------------------------------

    def ticked(self) -> list[str]:
        return [record for record, box in self.boxes.items() if box.isChecked()]

    def _ticked(self) -> None:
        some = bool(self.ticked())
        for made in (self.give_json, self.give_pdf, self.delete):
            made.setEnabled(some)
        all_on = bool(self.boxes) and len(self.ticked()) == len(self.boxes)
        self.tick_all.setText("Tick none" if all_on else "Tick all")

    def _tick_all(self) -> None:
        on = len(self.ticked()) < len(self.boxes)
        for box in self.boxes.values():
            box.setChecked(on)

    def give_out(self) -> None:
        """The records whole, as JSON: not encrypted, and it says so."""
        path = dialogs.save_file(self, "Give out as data (not encrypted)", "What we hold.json", "Data (*.json)")
        if path is not None:
            self._write_data(path)

    def _write_data(self, path: Path) -> None:
        ids = self.ticked()

        def work(profile: Profile) -> int:
            from desktop_app.services import rights

            return rights.export_found(profile, ids, path)

        def done(count: int) -> None:
            self.app.toast(
                f"{number_of(count, 'record')} written. The file is not encrypted: give it only to the person.",
                lambda: self.app.platform.open_folder(path.parent),
                "Show the folder",
            )

        self.app.runner.db(work, done, self._failed)

    def make_pdfs(self) -> None:
        """To the report page with these records."""
        self.app.open_page("reports", ids=self.ticked())

    def delete_ticked(self) -> None:
        """Why, and a word typed by hand; then they are gone."""
        ids = self.ticked()

        def look(profile: Profile) -> tuple[list[Before], str]:
            from desktop_app.services import erasing

            told = [erasing.before(profile, record) for record in ids]
            return told, told[0].officer if told else ""

        self.app.runner.db(look, self._decide, self._failed)

    def _decide(self, found: tuple[list[Before], str]) -> None:
        from ui.pages.delete_dialog import DeleteDialog

        told, officer = found
        dialog = DeleteDialog(told, officer, self)
        if not dialogs.run(dialog) or not dialog.code:
            return
        ids, code, files_too = [each.record for each in told], dialog.code, dialog.files_too.isChecked()
        self.busy.start("Deleting…")

        def work(profile: Profile) -> bool:
            from desktop_app.services import erasing, rights

            done = [erasing.erase(profile, record, code, files_too=files_too) for record in ids]
            rights.note(profile, "deleted", len(done))
            return any(each.travels for each in done)

        def done(travels: bool) -> None:
            self.busy.end()
            self.app.changed(*ids)
            self.find()
            self.app.toast(
                f"{number_of(len(ids), 'record')} deleted for good here."
                + (" The next file tells the other side to delete it too." if travels else "")
            )

        self.app.if_locked(
            self.app.runner.db(work, done, self._failed, priority="bulk"),
            "Deleting was ended, because the records were locked. Each record is deleted for good, or here as it was: look "
            "again.",
            "everything_about",
            too_late=f"{number_of(len(ids), 'record')} deleted for good here.",
        )


def _inside_words(search: Search, *, asked: bool) -> str:
    """What was and was not read inside attached files: nobody should believe that a scan was searched."""
    if not asked:
        return "The text inside attached files was not read."
    if not search.read and not search.unread:
        return "There are no attached files."
    read = f"{number_of(search.read, 'attached file was', 'attached files were')} read inside"
    if not search.unread:
        return f"{read}."
    return f"{read}; {number_of(search.unread, 'other', 'others')} could not be (scans, pictures): look at them yourself."
