"""A form on screen: sections on the left, one column of questions, and beside them what to check.

The page owns a `FormSession` and keeps the screen in step with it. It saves nothing and opens nothing: it says
`edited`, and whoever made it (the record page, "try this form" at the office) does the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.forms.earlier import EARLIER, earlier_answers
from ui.forms.file_editor import FileEditor
from ui.forms.form_sections import FormSections
from ui.forms.going_back import set_back
from ui.forms.journal import Journal, Step
from ui.forms.question_row import QuestionRow, kept_as_typed
from ui.forms.repeat_deeds import RepeatDeeds
from ui.forms.suspects import Suspect
from ui.forms.text_editors import MultilineEditor
from ui.theme import Theme

if TYPE_CHECKING:
    from desktop_app.forms.session import FormProblem, FormSession, Snapshot

_SURVEY_MS = 200
_TYPED_KINDS = frozenset({"text", "integer", "decimal", "date", "time", "datetime", "range", "geopoint", "barcode"})


class FormPage(FormSections):
    """A session on screen.

    `edited`: an answer, a row or what is put aside changed. `undoable(words)`: something was done that a person may
    want to take back at once. `surveyed`: problems and progress were worked out anew (a moment after typing).
    """

    edited = Signal()
    undoable = Signal(str)
    surveyed = Signal()
    files_wanted = Signal(str)
    files_given = Signal(str, list)
    file_open_wanted = Signal(str)
    row_added = Signal(object)  # a QuestionRow that was made

    def __init__(
        self,
        theme: Theme,
        session: FormSession,
        reopen: Callable[[Snapshot], FormSession],
        *,
        aside: Iterable[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`reopen` makes a session of a snapshot (undo). `aside`: the leaf paths the record says are put aside."""
        super().__init__(theme, session, parent)
        self._reopen = reopen
        self._journal = Journal()
        self._beside: tuple[Callable[[], object], Callable[[object], None]] | None = None
        self._errors: dict[str, str] = {}
        self._demanded = False
        self._aside = frozenset(session.aside())
        self._hidden_by: frozenset[str] = frozenset()
        self._kept_in = self._aside - frozenset(aside) if aside is not None else frozenset()
        self._suspects: tuple[Suspect, ...] = ()
        deeds = RepeatDeeds(self)
        self.add_row, self.remove_row = deeds.add, deeds.remove
        self.move_row, self.duplicate_row = deeds.move, deeds.duplicate
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SURVEY_MS)
        self._timer.timeout.connect(self.survey)
        self._find_kept_paths()
        self.survey()
        self.show_section(self._asked[0] if self._asked else 0, focus=False)

    # what the parts ask of their host (blocks.Host) -----------------------------------------------------------------

    def error_of(self, path: str) -> str:
        return self._errors.get(path, "")

    def row_made(self, row: QuestionRow) -> None:
        row.editor.edited.connect(self.answer)
        if isinstance(row.editor, MultilineEditor):
            row.editor.field.cursor_moved.connect(lambda row=row: self._follow_cursor(row))
        row.hiding_answered.connect(lambda keep, row=row: self._keep_hidden(row, keep))
        if isinstance(row.editor, FileEditor):
            row.editor.files_wanted.connect(self.files_wanted)
            row.editor.files_given.connect(self.files_given)
            row.editor.open_wanted.connect(self.file_open_wanted)
        self.row_added.emit(row)

    def _follow_cursor(self, row: QuestionRow) -> None:
        """Keep the line being written in sight: a growing box can be higher than the window."""
        if isinstance(row.editor, MultilineEditor) and row.editor.field.hasFocus() and self._current in self._views:
            box = row.editor.field
            at = box.mapTo(self.view.widget(), box.cursorRect().center())
            self.view.ensureVisible(at.x(), at.y(), 0, 2 * box.fontMetrics().lineSpacing())

    def rows_changed(self) -> None:
        """Rows came, went or moved: what was wrong at a path may be at another now."""
        self._errors.clear()
        self._after_change(besides="")

    # answers -----------------------------------------------------------------------------------------------------

    def set_answer(self, path: str, text: str) -> None:
        """Answer a question from outside an editor (replacing a name, a file's name)."""
        self.begin_step(path)
        self._set(path, text)
        self._after_change(besides="")

    def change(self, path: str, do: Callable[[], object]) -> None:
        """Do anything to the session as one step that undo takes back (`path` says where it was)."""
        self.begin_step(path)
        do()
        self._after_change(besides="")

    def answer(self, path: str, text: str) -> None:
        """What an editor says: typing goes on in one step until the person pauses or goes elsewhere."""
        node = self.session.node(path)
        typing = node.question.kind in _TYPED_KINDS
        if self._journal.starts_step(path, time.monotonic(), typing=typing):
            self._journal.push(self._step(path))
        changed = self._set(path, text)
        row = self.view.row(path)
        if changed - {path}:
            self._after_change(besides=path, asked_by=row)
        else:
            if row is not None:
                row.typed_into(self.session.node(path), self.error_of(path))
            if "[" in path:
                for cards in self.view.questions.cards():
                    cards.say_summaries()
            self._changed()

    def _set(self, path: str, text: str) -> frozenset[str]:
        outcome = self.session.set(path, text)
        node = self.session.node(path)
        if outcome.status in ("constraint", "required"):
            self._errors[path] = outcome.message
        elif node.typed:
            self._errors[path] = kept_as_typed(node.question.kind, node.typed)
        else:
            self._errors.pop(path, None)
        return frozenset(outcome.changed)

    def _after_change(self, *, besides: str, asked_by: QuestionRow | None = None) -> None:
        aside = frozenset(self.session.aside())
        newly = aside - self._aside
        self._aside = aside
        self._kept_in &= aside
        self._find_kept_paths()
        if asked_by is not None:
            labels = [self._label(node.path) for node in self.session.nodes() if node.leaf in newly]
            asked_by.ask_about_hidden(labels)
            self._hidden_by = newly
        self.view.bring_up_to_date(besides=besides)
        for index, view in self._views.items():
            if index != self._current:
                view.stale = True
        self._show_progress()
        self._changed()

    def _changed(self) -> None:
        self._timer.start()
        self.edited.emit()

    def _keep_hidden(self, row: QuestionRow, keep: bool) -> None:
        if keep:
            self.begin_step(row.path)
            self._kept_in |= self._hidden_by & self._aside
            self._find_kept_paths()
            self.view.bring_up_to_date()
            self._show_progress()
            self._changed()

    def _find_kept_paths(self) -> None:
        leaves = self._kept_in
        self._kept_paths = (
            frozenset(node.path for node in self.session.nodes() if node.leaf in leaves) if leaves else frozenset()
        )

    def _label(self, path: str) -> str:
        node = self.session.node(path)
        return node.label or node.question.name

    def aside(self) -> tuple[str, ...]:
        """The leaf paths put aside: hidden by other answers, less those the person keeps in (record.md)."""
        return tuple(leaf for leaf in self.session.aside() if leaf not in self._kept_in)

    def snapshot(self) -> Snapshot:
        """What the record says now, with the person's choice of what is put aside."""
        return replace(self.session.snapshot(), aside=list(self.aside()))

    # undo --------------------------------------------------------------------------------------------------------

    def undo(self) -> bool:
        """Take the last step back, wherever in the record it was, and go there. False: there is none."""
        return self._go_back(self._journal.undo(self._step("")))

    def redo(self) -> bool:
        """Do again what was taken back last."""
        return self._go_back(self._journal.redo(self._step("")))

    def goes_with(self, read: Callable[[], object], put_back: Callable[[object], None]) -> None:
        """What undo takes back together with the answers although it is none, such as attachments."""
        self._beside = (read, put_back)

    def forget_steps(self) -> None:
        """Empty undo and redo: what went off the record must not come back."""
        self._journal.forget()

    def _step(self, path: str) -> Step:
        beside = self._beside[0]() if self._beside is not None else None
        return Step(self.session.snapshot(), path, self._kept_in, beside)

    def begin_step(self, path: str) -> None:
        self._journal.starts_step(path, time.monotonic(), typing=False)
        self._journal.push(self._step(path))

    def _go_back(self, step: Step | None) -> bool:
        if step is None:
            return False
        if not set_back(self.session, step.snapshot):
            self.session = self._reopen(step.snapshot)
        self._kept_in = step.kept_in
        self._aside = frozenset(self.session.aside())
        self._errors.clear()
        if self._beside is not None:
            self._beside[1](step.beside)
        self._after_change(besides="")
        self.survey()
        self.go_to(step.path)
        return True

    # looking the whole record over ---------------------------------------------------------------------------------

    def survey(self) -> None:
        """Work out problems and progress for the whole record (a moment after the last change)."""
        self._timer.stop()
        self.panel.earlier.show_entries(earlier_answers({EARLIER: self.session.earlier}))
        problems = {p.path: self._words(p) for p in self.session.problems() if self._demanded or p.kind != "required"}
        if problems != self._errors:
            changed = [p for p in problems.keys() | self._errors.keys() if problems.get(p) != self._errors.get(p)]
            self._errors = problems
            for row in self.view.made_rows() if self._current in self._views else []:
                if row.path in changed:
                    row.show_error(self.error_of(row.path))
        self._show_progress()
        self.surveyed.emit()

    def problems(self) -> list[tuple[str, str]]:
        """What stands in the summary: (path, message), in the same words as beside the question."""
        return [(p.path, self._words(p)) for p in self.session.problems()]

    def _words(self, problem: FormProblem) -> str:
        if problem.kind != "type":
            return problem.message
        node = self.session.node(problem.path)
        return kept_as_typed(node.question.kind, node.typed or node.value)

    def demand(self) -> None:
        """Show every problem beside its question, also where nobody has been yet, until it is answered."""
        self._demanded = True
        for path, message in self.problems():
            self._errors[path] = message
        for row in self.view.rows():
            row.demand(self.error_of(row.path))

    def demand_no_more(self) -> None:
        """It is ready all the same: what has no answer is no longer told as an error."""
        self._demanded = False
        self.survey()

    def show_suspects(self, suspects: Sequence[Suspect]) -> None:
        """Likely personal data, in the panel and underlined in the answers."""
        self._suspects = tuple(suspects)
        self.panel.show_check(self._suspects)
        self._mark_personal()
        self.say_found(len(self._suspects))

    def _mark_personal(self) -> None:
        if self._current not in self._views:
            return
        marks: dict[str, list[tuple[int, int]]] = {}
        for suspect in self._suspects:
            marks.setdefault(suspect.path, []).append((suspect.start, suspect.end))
        for row in self.view.made_rows():
            row.mark_personal(marks.get(row.path, ()))
