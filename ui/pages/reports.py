"""Reports: which, for whom, of what; looked at page by page before anything is kept; saved or e-mailed.

The records are read on the worker's thread, the PDF is made in another process, and the pages shown are those of the very
bytes that are saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.authority_picker import AuthorityPicker
from ui.context import AppContext
from ui.navigation import Screen
from ui.pages.pdf_view import PdfView
from ui.tasks import Task
from ui.widgets import Busy, Card, Columns, Page, button, flow, label, set_name
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.reports.model import ReportInput
    from desktop_app.services.profile import Profile
    from desktop_app.services.reporting import Kind
    from desktop_app.storage.projection import Row

REASONS = (
    ("", "Choose…"),
    ("stays", "It stays on this computer, or is printed"),
    ("meeting", "I hand it over in person"),
    ("cannot", "The receiver cannot open a locked PDF"),
)


class ReportsPage(Page):
    """Choose, look, keep."""

    help_topic = "reports"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Reports", "PDF summaries. You see every page before you keep one.")
        self.app = app
        self._kinds: list[Kind] = []
        self._ids: list[str] = []
        self._filters: dict[str, Any] = {}
        self._given: ReportInput | None = None
        self._data = b""
        self._task: Task | None = None
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._make_choice())
        column.addWidget(self._make_keep())
        self.view = PdfView(app)
        self.add(Columns(left, self.view, (2, 3), narrow=760))
        # A choice is followed by a look without being asked, once the person pauses.
        self._pause = QTimer(self, singleShot=True, interval=250)
        self._pause.timeout.connect(self.look)

    def _make_choice(self) -> Card:
        card = Card("What")
        self.kind = QComboBox()
        set_name(self.kind, "Report")
        self.kind.currentIndexChanged.connect(self._kind_changed)
        card.add(self.kind)
        self.what = label("", "muted")
        card.add(self.what)
        self.of_words = label("Of what", "h3")
        card.add(self.of_words)
        self.record = QComboBox()
        set_name(self.record, "Record")
        self.record.currentIndexChanged.connect(self._choice_changed)
        card.add(self.record)
        self.authority = AuthorityPicker("Authority", one=True)
        self.authority.changed.connect(self._choice_changed)
        card.add(self.authority)
        self.form = QComboBox()
        set_name(self.form, "Form")
        self.form.currentIndexChanged.connect(self._choice_changed)
        card.add(self.form)
        self.chosen = label("", "muted")
        card.add(self.chosen)
        self.drop_chosen = button("All records instead", self._drop_chosen, "link")
        card.add(flow([self.drop_chosen]))
        self.whom = label("For whom", "h3")
        card.add(self.whom)
        self.union = QRadioButton("For the union only")
        self.shareable = QRadioButton("Shareable")
        self.union.setAccessibleDescription("Everything, with names of authorities and the words as recorded.")
        self.shareable.setAccessibleDescription("Only what was agreed may be used; small counts of people are hidden.")
        self.audience = QButtonGroup(self)
        for radio in (self.union, self.shareable):
            self.audience.addButton(radio)
            card.add(radio)
        self.audience.buttonClicked.connect(lambda _button: self._choice_changed())
        self.audience_words = label("None is chosen for you. Only “Shareable” may leave the union.", "muted")
        card.add(self.audience_words)
        self.busy = Busy(can_cancel=True)
        self.busy.cancelled.connect(self._stop)
        card.add(self.busy)
        return card

    def _make_keep(self) -> Card:
        self.keep = Card("Keep it")
        self.withheld = label("", "muted")
        self.keep.add(self.withheld)
        self.lock_words = label("For the union only: give it a password, or say why not.", "h3")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("Password for the PDF")
        self.password.setAccessibleName("Password for the PDF")
        self.reason = QComboBox()
        set_name(self.reason, "Why no password")
        for code, words in REASONS:
            self.reason.addItem(words, code)
        for widget in (self.lock_words, self.password, self.reason):
            self.keep.add(widget)
        self.save = button("Save the PDF…", self.save_pdf, "primary")
        self.mail = button("E-mail it…", self.mail_pdf)
        self.keep.add(flow([self.save, self.mail]))
        self.said = label("", "error")
        self.said.hide()
        self.keep.add(self.said)
        self.keep.hide()
        return self.keep

    # what the window calls ---------------------------------------------------------------------------------------

    def show_page(
        self,
        ids: Sequence[str] = (),
        kind: str = "",
        filters: dict[str, Any] | None = None,
        audience: str = "",
        form: str = "",
        **_options: object,
    ) -> None:
        """`ids`: these records; `filters`: what they find; `kind` and `audience` as `reporting.make` names them."""
        if ids or filters:
            self._ids, self._filters = list(ids), dict(filters or {})
        if audience == "shareable":
            self.shareable.setChecked(True)
        elif audience == "union":
            self.union.setChecked(True)
        self._wanted = (kind or ("record" if len(self._ids) == 1 else ""), form)
        if self._kinds:
            self._fill()
        else:
            self.app.runner.call(_kinds, self._take_kinds)

    def refresh(self) -> None:
        self._fill_records()

    def do_print(self) -> None:
        if self._data:
            self.save_pdf()
        else:
            self.kind.setFocus()

    def do_save(self) -> None:
        self.do_print()

    # choosing ----------------------------------------------------------------------------------------------------

    def _take_kinds(self, found: list[Kind]) -> None:
        self._kinds = found
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem("Choose a report…", "")
        for each in found:
            self.kind.addItem(each.title, each.kind)
        self.kind.blockSignals(False)
        self._fill()

    def _fill(self) -> None:
        kind, form = self._wanted
        if kind:
            self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self._form_wanted = form
        self._kind_changed()

    def chosen_kind(self) -> Kind | None:
        return next((each for each in self._kinds if each.kind == self.kind.currentData()), None)

    def _kind_changed(self) -> None:
        kind = self.chosen_kind()
        self.what.setText(kind.what if kind else "")
        self.what.setVisible(kind is not None)
        of_one = kind is not None and kind.one
        of_authority = kind is not None and kind.kind == "authority_dossier"
        of_form = kind is not None and kind.kind == "blank_form"
        several = kind is not None and not kind.one and not kind.paper
        self.record.setVisible(of_one)
        self.authority.setVisible(of_authority)
        self.form.setVisible(of_form)
        self.of_words.setVisible(kind is not None)
        for widget in (self.whom, self.union, self.shareable, self.audience_words):
            widget.setVisible(kind is None or not kind.paper)
        self.chosen.setVisible(several)
        self.chosen.setText(self._chosen_words())
        self.drop_chosen.setVisible(several and bool(self._ids or self._filters))
        if of_authority and not self.authority.codes():
            mine = self.app.me.authorities if self.app.me else ()
            wanted = self._filters.get("authority") or (mine[0] if len(mine) == 1 else "")
            if wanted:
                self.authority.set_codes((str(wanted),))
        if of_one:
            self._fill_records()
        if of_form and not self.form.count():
            from ui.words import FORM_WORDS

            for code, words in FORM_WORDS.items():
                self.form.addItem(words, code)
        if of_form and self._form_wanted:
            self.form.setCurrentIndex(max(0, self.form.findData(self._form_wanted)))
        self._choice_changed()

    def _chosen_words(self) -> str:
        if self._ids:
            return f"Of the {number_of(len(self._ids), 'record')} you chose."
        if self._filters:
            return "Of the records your filters find."
        return "Of all records that fit."

    def _drop_chosen(self) -> None:
        self._ids, self._filters = [], {}
        self._kind_changed()

    def _fill_records(self) -> None:
        kind = self.chosen_kind()
        if kind is None or not kind.one:
            return
        ids, forms = list(self._ids), kind.forms

        def read(profile: Profile) -> list[Row]:
            return _rows_for(profile, forms, ids)

        self.app.runner.db(read, self._show_records)

    def _show_records(self, rows: list[Row]) -> None:
        before = self._ids[0] if len(self._ids) == 1 else self.record.currentData()
        self.record.blockSignals(True)
        self.record.clear()
        self.record.addItem("Choose a record…", "")
        for row in rows:
            self.record.addItem(row.title, row.id)
        place = self.record.findData(before) if before else 0
        self.record.setCurrentIndex(max(0, place))
        self.record.blockSignals(False)
        self._choice_changed()

    def _choice_changed(self) -> None:
        self._forget()
        if self.problem() == "":
            self._pause.start()

    def problem(self) -> str:
        """What is still to be chosen, in words; empty when a report can be made."""
        kind = self.chosen_kind()
        if kind is None:
            return "Choose a report."
        if kind.one and not self.record.currentData():
            return "Choose a record."
        if kind.kind == "authority_dossier" and not self.authority.codes():
            return "Choose an authority."
        if not kind.paper and self.audience.checkedButton() is None:
            return "Choose for whom it is."
        return ""

    def who(self) -> str:
        return "shareable" if self.shareable.isChecked() else "union"

    # looking -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Make it in memory and show its pages."""
        kind = self.chosen_kind()
        if kind is None or self.problem():
            return
        ids = [self.record.currentData()] if kind.one else list(self._ids)
        filters = dict(self._filters)
        options: dict[str, Any] = {}
        if kind.kind == "authority_dossier":
            filters["authority"] = self.authority.codes()[0]
        if kind.kind == "blank_form":
            options["form"] = self.form.currentData()
        name, who = kind.kind, self.who()
        self._forget()
        self.busy.start("Reading the records…")

        def read(profile: Profile) -> ReportInput:
            from desktop_app.services import reporting
            from desktop_app.storage.projection import Filters

            wanted = Filters(**filters) if filters else None
            return reporting.prepare(profile, name, ids, wanted, who, options)

        self._task = self.app.runner.db(read, self._draw, self._failed)

    def _draw(self, given: ReportInput) -> None:
        self._given = given
        self.busy.start("Drawing the pages…")
        self._task = self.app.runner.process(draw, (given,), self._drawn, self._failed)

    def _drawn(self, made: tuple[bytes, int, list[str]]) -> None:
        self.busy.end()
        self._data, pages, withheld = made
        self.view.show_pdf(self._data, pages)
        self.keep.show()
        kind = self.chosen_kind()
        union = self.who() == "union" and kind is not None and not kind.paper
        for widget in (self.lock_words, self.password, self.reason):
            widget.setVisible(union)
        if withheld:
            self.withheld.setText(f"Left out: {'; '.join(withheld[:12])}" + ("…" if len(withheld) > 12 else ""))
        else:
            self.withheld.setText("Nothing had to be left out." if self.who() == "shareable" else "")
        self.withheld.setVisible(bool(self.withheld.text()))

    def _forget(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.busy.end()
        self._data, self._given = b"", None
        self.keep.hide()
        self.said.hide()
        self.view.clear_pages(self.problem() or "")

    def _stop(self) -> None:
        self._forget()

    def _failed(self, problem: Exception) -> None:
        self.busy.end()
        if isinstance(problem, WorldError):
            self.view.clear_pages(str(problem))
        else:
            dialogs.show_error(self, problem)

    # keeping -----------------------------------------------------------------------------------------------------

    def _may_keep(self) -> bool:
        union = self.who() == "union" and self.password.isVisibleTo(self.keep)
        if union and not self.password.text() and not self.reason.currentData():
            self.said.setText("Type a password, or choose why this one has none.")
            self.said.show()
            self.password.setFocus()
            return False
        self.said.hide()
        return True

    def save_pdf(self) -> None:
        """Where to keep it, then write it."""
        if not self._data or self._given is None or not self._may_keep():
            return
        from desktop_app.services import reporting

        name = reporting.suggested_name(self._given)
        path = dialogs.save_file(self, "Save the PDF", name, "PDF (*.pdf)")
        if path is not None:
            self._write(path, self._saved)

    def mail_pdf(self) -> None:
        """Write it where it is easy to find, and open an e-mail with it."""
        if not self._data or self._given is None or not self._may_keep():
            return
        from desktop_app.services import reporting
        from ui.pages.send import outbox_folder

        self._write(outbox_folder() / reporting.suggested_name(self._given), self._mailed)

    def _write(self, path: Path, then: Any) -> None:
        self.busy.start("Writing the PDF…")
        password = self.password.text() if self.password.isVisibleTo(self.keep) else ""

        def failed(problem: Exception) -> None:
            self.busy.end()
            dialogs.show_error(self, problem)

        self.app.runner.process(write, (self._data, str(path), password), lambda _none: then(path), failed)

    def _saved(self, path: Path) -> None:
        self.busy.end()
        self.app.toast(f"Saved as {path.name}.", lambda: self.app.platform.open_file(path), "Open it")

    def _mailed(self, path: Path) -> None:
        self.busy.end()
        from desktop_app.services import mailing

        title = self.kind.currentText()
        try:
            letter = mailing.report_letter(path, title=title, shareable=self.who() == "shareable")
            route = mailing.open_letter(letter, self.app.platform)
        except WorldError as problem:
            dialogs.show_error(self, problem)
            return
        self.app.toast(
            f"{route.say} {letter.warning}".strip(), lambda: self.app.platform.open_folder(path), "Show the folder"
        )


def _kinds() -> list[Kind]:
    from desktop_app.services import reporting

    return reporting.kinds()


def _rows_for(profile: Profile, forms: Sequence[str], ids: Sequence[str]) -> list[Row]:
    """The newest records a report can be about; those asked for are always among them."""
    from desktop_app.services import recording
    from desktop_app.storage import projection
    from desktop_app.storage.projection import Filters

    asked = [row for record in ids if (row := projection.get(profile.store, record)) is not None and row.form in forms]
    rows = {row.id: row for row in asked}
    for form in forms:
        for row in recording.list_records(profile, Filters(form=form), 60).rows:
            rows.setdefault(row.id, row)
    return list(rows.values())


def draw(given: ReportInput) -> tuple[bytes, int, list[str]]:
    """In a process of its own: the finished PDF in memory."""
    from desktop_app.services import reporting

    return reporting.preview(given)


def write(data: bytes, path: str, password: str) -> None:
    """In a process of its own: lock it when a password is given, and write it."""
    from desktop_app import files

    if password:
        from desktop_app.reports.page import finish

        data, _pages = finish(data, password)
    files.make_dirs(Path(path).parent)
    files.write_atomic(Path(path), data)


__all__ = ["ReportsPage", "draw", "write"]
