"""A spreadsheet that may become a form: what is wrong with it by cell, trying it, what would change, publishing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.forms.file_editor import DropBox
from ui.forms.form_changes import changes_view
from ui.theme import set_kind
from ui.toast import announce
from ui.widgets import Busy, Card, button, clear, flow, label, notice
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.forms.compiler_words import Problem
    from desktop_app.forms.definition import FormDefinition
    from desktop_app.services.form_workshop import Candidate, Looked
    from desktop_app.services.profile import Profile

_PATTERN = "Spreadsheets and forms (*.xlsx *.xls *.xml *.md);;All files (*)"
MOST_SHOWN = 40


def place_words(problem: Problem) -> str:
    """Where a problem is, as Excel shows it: "survey, row 12, column relevant"."""
    where = problem.where
    parts = [str(where["sheet"]) if where.get("sheet") else ""]
    parts += [f"{name} {where[name]}" for name in ("row", "column") if where.get(name)]
    return ", ".join(part for part in parts if part) or "The whole form"


class CandidateCard(Card):
    """`published`: a form was taken into use. `looked_at`: a spreadsheet was compiled and compared, or found wanting."""

    published = Signal()
    looked_at = Signal()

    def __init__(self, app: AppContext, parent: QWidget | None = None) -> None:
        super().__init__("Add a form, or a new version of one", parent=parent)
        self.app = app
        self.path: Path | None = None
        self.candidate: Candidate | None = None
        self.problems: tuple[Problem, ...] = ()
        self.add(
            label(
                "Save the spreadsheet of a form below, change it in Excel, and choose it here. Nothing reaches a branch "
                "before you publish it.",
                "muted",
            )
        )
        self.box = DropBox("Drop a spreadsheet here, or")
        self.box.dropped.connect(lambda paths: self.look(paths[0]))
        self.choose_button = button("Choose a spreadsheet…", self._choose, "primary")
        self.again_button = button("Look at it again", lambda: self.look(self.path))
        self.again_button.hide()
        self.box.column.addWidget(flow([self.choose_button, self.again_button]))
        self.add(self.box)
        self.add(flow([button("How to change a question", self._help, "link")]))
        self.busy = Busy()
        self.add(self.busy)
        self._found = QVBoxLayout()
        self._found.setSpacing(10)
        self.body.addLayout(self._found)

    def _help(self) -> None:
        self.app.open_page("help", topic="change-a-question")

    def _choose(self) -> None:
        path = dialogs.open_file(self, "A form's spreadsheet", _PATTERN)
        if path is not None:
            self.look(path)

    # looking -----------------------------------------------------------------------------------------------------

    def look(self, path: Path | None) -> None:
        """Compile the spreadsheet in a process of its own, and show what came of it."""
        if path is None:
            return
        from desktop_app.services import form_workshop

        self.path = path
        self.candidate, self.problems = None, ()
        clear(self._found)
        self.busy.start(f"Looking at {path.name}…")
        self.app.runner.process(form_workshop.look_at, (path,), self._looked, self._refused)

    def _refused(self, problem: Exception) -> None:
        self.busy.end()
        self.again_button.show()
        if isinstance(problem, WorldError):
            self._found.addWidget(notice(f"{problem.what} {problem.do}", "notice-bad"))
            announce(self, problem.what)
        else:
            dialogs.show_error(self, problem)
        self.looked_at.emit()

    def _looked(self, looked: Looked) -> None:
        self.again_button.show()
        self.problems = looked.problems
        if looked.form is None or looked.problems:
            self.busy.end()
            self._show_problems(looked)
            self.looked_at.emit()
            return
        form = looked.form

        def weigh(profile: Profile) -> Candidate:
            from desktop_app.services import form_workshop

            return form_workshop.candidate(profile, form)

        self.app.runner.db(weigh, self._show_candidate, self._refused)

    def _show_problems(self, looked: Looked) -> None:
        found = len(looked.problems)
        words = f"{looked.name}: {number_of(found, 'thing')} to put right before branches can fill it."
        self._found.addWidget(notice(words, "notice-bad"))
        announce(self, words)
        for problem in looked.problems[:MOST_SHOWN]:
            line = QWidget()
            column = QVBoxLayout(line)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(label(place_words(problem), "h3", select=True))
            column.addWidget(label(problem.what, select=True))
            column.addWidget(label(problem.do, "muted", select=True))
            line.setAccessibleName(f"{place_words(problem)}. {problem.what} {problem.do}")
            self._found.addWidget(line)
        if found > MOST_SHOWN:
            self._found.addWidget(label(f"And {found - MOST_SHOWN} more.", "muted"))
        if looked.form is not None:
            form = looked.form
            self._found.addWidget(flow([button("Try it as it is", lambda: self.try_form(form))]))

    def _show_candidate(self, found: Candidate) -> None:
        self.busy.end()
        self.candidate = found
        form = found.form
        version = f", version {form.version}" if form.version else ""
        self._found.addWidget(label(f"{form.title}{version}", "h3"))
        if found.comparison is None:
            self._found.addWidget(
                label("A new form: nothing wrong was found. Branches list its records by their names.")
            )
        else:
            self._found.addWidget(label(f"Beside the form in use: {found.comparison.summary()}"))
            if found.comparison.changes:
                text = changes_view(found.comparison, self.app.theme.colours)
                lines = 4 * len(found.comparison.changes) + 2
                text.setFixedHeight(min(260, text.fontMetrics().lineSpacing() * lines))
                self._found.addWidget(text)
        for doubt in found.doubts:
            self._found.addWidget(notice(doubt, "notice"))
        if found.refused:
            self._found.addWidget(notice(found.refused, "notice-bad"))
        publish = button("Publish with the next replies", self.publish, "primary")
        publish.setEnabled(not found.refused)
        self.publish_button = publish
        self._found.addWidget(flow([button("Try it", lambda: self.try_form(form)), publish]))
        announce(self, f"{form.title}: {found.comparison.summary() if found.comparison else 'a new form'}")
        self.looked_at.emit()

    # deeds -------------------------------------------------------------------------------------------------------

    def try_form(self, form: FormDefinition) -> None:
        from ui.forms.try_form import TryForm

        try:
            dialogs.run(TryForm(self.app.theme, form, self))
        except WorldError as problem:
            dialogs.show_error(self, problem)

    def publish(self) -> None:
        """Take the form into use here; the replies written from now on carry it."""
        if self.candidate is None:
            return
        form = self.candidate.form

        def work(profile: Profile) -> None:
            from desktop_app.services import form_workshop

            form_workshop.publish(profile, form)

        def done(_none: None) -> None:
            clear(self._found)
            self.candidate = None
            self.again_button.hide()
            said = notice(f"{form.title} is in use here and goes to every branch with its next reply.", "notice-good")
            set_kind(said, "notice-good")
            self._found.addWidget(said)
            self.choose_button.setFocus()  # the button that was pressed is gone
            self.published.emit()

        self.app.runner.db(work, done, lambda problem: dialogs.show_error(self, problem))
