"""A form on screen: sections on the left, one column of questions, and beside them what to check.

The page owns a `FormSession` and keeps the screen in step with it. It saves nothing and opens nothing: it says
`edited`, and whoever made it (the record page, "try this form" at the office) does the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop_app.forms.earlier import EARLIER, earlier_answers
from ui.forms.blocks import Turn, row_id
from ui.forms.file_editor import FileEditor
from ui.forms.form_frame import FormFrame
from ui.forms.going_back import set_back
from ui.forms.journal import Journal, Step
from ui.forms.question_row import QuestionRow, kept_as_typed
from ui.forms.repeat_deeds import RepeatDeeds
from ui.forms.section_view import SectionView
from ui.forms.sections import divide, is_asked, progress
from ui.forms.suspects import Suspect
from ui.forms.text_editors import MultilineEditor
from ui.theme import Theme

if TYPE_CHECKING:
    from desktop_app.forms.session import FormProblem, FormSession, Item, Snapshot

MOST_LIVE = 60
_SURVEY_MS = 200
_TYPED_KINDS = frozenset({"text", "integer", "decimal", "date", "time", "datetime", "range", "geopoint", "barcode"})


class FormPage(FormFrame):
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
        super().__init__(theme, parent)
        self.session = session
        self._reopen = reopen
        self.turn = Turn()
        self._journal = Journal()
        self._errors: dict[str, str] = {}
        self._open_rows: dict[str, str] = {}
        self._aside = frozenset(session.aside())
        self._hidden_by: frozenset[str] = frozenset()
        self._kept_in = self._aside - frozenset(aside) if aside is not None else frozenset()
        self._kept_paths: frozenset[str] = frozenset()
        self._suspects: tuple[Suspect, ...] = ()
        self._all_sections = divide(session.form)
        self._views: dict[int, SectionView] = {}
        deeds = RepeatDeeds(self)
        self.add_row, self.remove_row = deeds.add, deeds.remove
        self.move_row, self.duplicate_row = deeds.move, deeds.duplicate
        self._current = -1
        self.panel.go_to.connect(self.go_to)
        self.chooser.activated.connect(lambda at: self.show_section(int(self.chooser.itemData(at))))
        self.list.chosen.connect(lambda index: self.show_section(index, focus=False))
        self.list.entered_section.connect(self.enter_section)
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.step_section(step))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SURVEY_MS)
        self._timer.timeout.connect(self.survey)
        self._find_kept_paths()
        self.survey()
        asked = self._asked_sections()
        self.show_section(asked[0] if asked else 0, focus=False)

    # sections ----------------------------------------------------------------------------------------------------

    @property
    def view(self) -> SectionView:
        """The section shown."""
        return self._views[self._current]

    def show_section(self, index: int, *, focus: bool = True) -> None:
        """Show a section by its place in the form, and put the keyboard into its first question."""
        if index not in self._views:
            self._make_room()
            view = SectionView(self, self._all_sections[index], self.stack)
            view.next_wanted.connect(lambda: self.step_section(1))
            view.grown.connect(self._mark_personal)
            self._views[index] = view
            self.stack.addWidget(view)
        else:
            self._views[index] = self._views.pop(index)  # most lately shown last
        self._current = index
        view = self._views[index]
        if view.stale:
            view.bring_up_to_date()
        self.stack.setCurrentWidget(view)
        view.go_on()
        if self.tabs.currentIndex() == 1:
            self.tabs.setCurrentIndex(0)
        self._show_progress()
        self._mark_personal()
        if focus:
            view.verticalScrollBar().setValue(0)
            self.enter_section()

    def step_section(self, step: int) -> None:
        """On to the next section that is asked, or back."""
        asked = self._asked_sections()
        later = [i for i in asked[::step] if (i - self._current) * step > 0]
        if later:
            self.show_section(later[0])

    def enter_section(self) -> None:
        """The keyboard to the first question of the section shown."""
        rows = (row for row in self.view.made_rows() if row.isVisibleTo(self.view))
        first = next((row for row in rows if row.editor.fields()), None)
        if first is not None:
            first.focus()
        else:
            self.view.next_button.setFocus()

    def _asked_sections(self) -> list[int]:
        return [
            index
            for index, section in enumerate(self._all_sections)
            if is_asked(self.session, section) or any(section.holds(path) for path in self._kept_paths)
        ]

    def _make_room(self) -> None:
        """Let go of the sections shown longest ago until about sixty editors are left (forms.md)."""
        live = sum(len(view.made_rows()) for view in self._views.values())
        for index in [i for i in self._views if i != self._current]:
            if live <= MOST_LIVE // 2:
                break
            view = self._views.pop(index)
            live -= len(view.made_rows())
            self.stack.removeWidget(view)
            view.deleteLater()

    def _show_progress(self) -> None:
        asked = self._asked_sections()
        shown = [(i, self._all_sections[i].title, progress(self.session, self._all_sections[i]).words()) for i in asked]
        self.list.show_sections(shown, self._current)
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for index, title, words in shown:
            self.chooser.addItem(f"{title} ({words})" if words else title, index)
        self.chooser.setCurrentIndex(self.chooser.findData(self._current))
        self.chooser.blockSignals(False)
        if self._current in self._views:
            later = [self._all_sections[i].title for i in asked if i > self._current]
            self.view.show_next(later[0] if later else "")

    # going to a question -----------------------------------------------------------------------------------------

    def go_to(self, path: str) -> bool:
        """Show the question at an instance path or leaf path and put the keyboard there. False: it is not asked now."""
        path = self.path_of(path)
        index = next((i for i, section in enumerate(self._all_sections) if section.holds(path)), None)
        if index is None or index not in self._asked_sections():
            return False
        self._open_row_of(path)
        if index != self._current or self.tabs.currentIndex() == 1:
            self.show_section(index, focus=False)
        else:
            self.view.bring_up_to_date()
        row = self.view.row(path)
        if row is None or not row.isVisibleTo(self.view):
            return False
        row.focus()
        self.view.bring_into_view(row)
        return True

    def path_of(self, leaf: str) -> str:
        """The instance path of a leaf path (an instance path is given back as it is)."""
        if leaf.startswith("/"):
            return leaf
        found = (node.path for node in self.session.nodes() if node.leaf == leaf)
        return next(found, f"/{self.session.form.root.name}/{leaf}")

    def _open_row_of(self, path: str) -> None:
        while "[" in path:
            row, _, _ = path.rpartition("]")
            repeat, _, number = row.rpartition("[")
            rows = self.session.children(repeat)
            if int(number) <= len(rows):
                self._open_rows[repeat] = row_id(self.session, rows[int(number) - 1])
            path = repeat

    # what the parts ask of their host (blocks.Host) -----------------------------------------------------------------

    def error_of(self, path: str) -> str:
        return self._errors.get(path, "")

    def is_kept_in(self, item: Item) -> bool:
        if not self._kept_paths:
            return False
        inside = (f"{item.path}/", f"{item.path}[")
        return any(path == item.path or path.startswith(inside) for path in self._kept_paths)

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

    def open_row_id(self, repeat: str) -> str:
        return self._open_rows.get(repeat, "")

    def set_open_row(self, repeat: str, row_id: str) -> None:
        """Open one card of a repeat (or none) and go there."""
        self._open_rows[repeat] = row_id
        self.view.bring_up_to_date()
        for cards in self.view.questions.cards():
            if cards.path == repeat:
                card = cards.card(row_id)
                if card is not None:
                    card.focus_first()
                    self.view.bring_into_view(card)
                else:
                    cards.add_button.setFocus()

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

    def forget_steps(self) -> None:
        """Empty undo and redo: what went off the record must not come back."""
        self._journal.forget()

    def _step(self, path: str) -> Step:
        return Step(self.session.snapshot(), path, self._kept_in)

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
        self._after_change(besides="")
        self.survey()
        self.go_to(step.path)
        return True

    # looking the whole record over ---------------------------------------------------------------------------------

    def survey(self) -> None:
        """Work out problems and progress for the whole record (a moment after the last change)."""
        self._timer.stop()
        self.panel.earlier.show_entries(earlier_answers({EARLIER: self.session.earlier}))
        problems = {p.path: self._words(p) for p in self.session.problems() if p.kind != "required"}
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
        """Show every problem beside its question, also where nobody has been yet."""
        for path, message in self.problems():
            self._errors[path] = message
        for row in self.view.rows():
            row.demand(self.error_of(row.path))

    def show_suspects(self, suspects: Sequence[Suspect]) -> None:
        """Likely personal data, in the panel and underlined in the answers."""
        self._suspects = tuple(suspects)
        self.panel.show_check(self._suspects)
        self._mark_personal()
        found = len(self._suspects)
        self.tabs.setTabText(1, f"Check and attachments ({found})" if found else "Check and attachments")

    def _mark_personal(self) -> None:
        if self._current not in self._views:
            return
        marks: dict[str, list[tuple[int, int]]] = {}
        for suspect in self._suspects:
            marks.setdefault(suspect.path, []).append((suspect.start, suspect.end))
        for row in self.view.made_rows():
            row.mark_personal(marks.get(row.path, ()))
