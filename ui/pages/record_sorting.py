"""Sorting a jotting: words are selected, a key says which section they belong to, and they are there as well.

Alt+1 to Alt+7 choose the section. Enter then puts the words into its "what other …" question; the list also offers the
section's other open questions, and a record of its own, linked both ways. Undo takes each step back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui import dialogs
from ui.forms.editor import muted, show_if
from ui.forms.flow import FlowLayout
from ui.forms.question_row import QuestionRow
from ui.forms.quick_choice import QuickChoice
from ui.forms.text_editors import MultilineEditor
from ui.pages.senco_lines import CATEGORIES
from ui.theme import set_kind

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice
    from desktop_app.services.profile import Profile
    from ui.pages.record import RecordPage

OWN_RECORD = "own record"
_MOST_QUESTIONS = 8
_HINT = "Select some words to sort them into a section (Alt+1 to Alt+7)."


class SortingBar(QWidget):
    """Under the story: the sections to sort into while words are selected, and the list that asks where exactly."""

    def __init__(self, sorting: RecordSorting, categories: list[Choice]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        self.hint = muted(_HINT)
        column.addWidget(self.hint)
        holder = QWidget()
        flow = FlowLayout(holder, across=6, down=4)
        self.buttons: list[QPushButton] = []
        for place, choice in enumerate(categories, start=1):
            words = CATEGORIES.get(choice.name, choice.label)
            button = QPushButton(f"{place}  {words}")
            set_kind(button, "chip")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Alt and the digit: seven stops fewer for the Tab key
            button.setToolTip(f"Alt+{place}")
            button.setAccessibleName(f"Sort the selected words into: {choice.label}")
            button.setAccessibleDescription(f"Alt+{place}")
            button.clicked.connect(lambda _on=False, name=choice.name: sorting.ask(name))
            self.buttons.append(button)
            flow.addWidget(button)
        self.chips = holder
        column.addWidget(holder)
        self.question = QuickChoice()
        self.question.chosen.connect(sorting.sort_into)
        self.question.left.connect(sorting.leave)
        column.addWidget(self.question)
        self.follow(written=False, selected=False)

    def follow(self, *, written: bool, selected: bool) -> None:
        """A word of explanation where there is something to sort, the sections where words are selected."""
        show_if(self.hint, written and not selected)
        show_if(self.chips, selected)


class RecordSorting:
    """Works for one record page, over all its loadings; does nothing where a form has no categories."""

    def __init__(self, page: RecordPage) -> None:
        self._page = page
        self.bar: SortingBar | None = None
        self._row: QuestionRow | None = None
        self._category = ""
        self._passage = ""
        for digit in range(1, 8):
            shortcut = QShortcut(QKeySequence(f"Alt+{digit}"), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda digit=digit: self._by_key(digit))

    def load(self) -> None:
        """A form was put on the page: the bar goes under its story, now and whenever that is made anew."""
        form = self._page.form
        assert form is not None
        self.bar = self._row = None
        form.row_added.connect(self._row_added)
        for row in form.view.made_rows():
            self._row_added(row)

    def _row_added(self, row: QuestionRow) -> None:
        from desktop_app.services import sorting

        form = self._page.form
        if form is None or not isinstance(row.editor, MultilineEditor) or row.path != self._story():
            return
        self._row = row
        self.bar = SortingBar(self, sorting.categories(form.session))
        row.add_below(self.bar)
        box = row.editor.field
        box.selectionChanged.connect(self._follow)
        box.textChanged.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        if self._is_there and self._row is not None and isinstance(self._row.editor, MultilineEditor):
            cursor = self._row.editor.field.textCursor()
            assert self.bar is not None
            self.bar.follow(written=not self._row.editor.field.document().isEmpty(), selected=cursor.hasSelection())

    @property
    def _is_there(self) -> bool:
        """Whether the bar still stands on the page: sections shown long ago are let go of."""
        return self.bar is not None and shiboken6.isValid(self.bar)

    def _story(self) -> str:
        """The path of the question a jotting goes into."""
        from desktop_app.services import sorting

        form = self._page.form
        assert form is not None
        if sorting.topics_question(form.session) is None:
            return ""
        return next((q.path for q in form.session.form.questions if q.name == "summary"), "")

    # asking ------------------------------------------------------------------------------------------------------

    def _by_key(self, digit: int) -> None:
        from desktop_app.services import sorting

        form = self._page.form
        if form is not None and self._is_there and self.bar is not None and self.bar.isVisible():
            found = sorting.categories(form.session)
            if digit <= len(found):
                self.ask(found[digit - 1].name)

    def passage(self) -> str:
        """The words selected in the story, or the paragraph with the cursor."""
        if self._row is None or not isinstance(self._row.editor, MultilineEditor):
            return ""
        cursor = self._row.editor.field.textCursor()
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        return cursor.selectedText().replace("\u2029", "\n").strip()

    def ask(self, category: str) -> None:
        """Where in this section do the words go?"""
        from desktop_app.services import sorting

        form, bar = self._page.form, self.bar
        self._passage = self.passage()
        if form is None or bar is None or not self._passage:
            return
        self._category = category
        offered = sorting.questions_for(form.session, category)[:_MOST_QUESTIONS]
        choices = [(question.path, question.label) for question in offered]
        title = next(choice.label for choice in sorting.categories(form.session) if choice.name == category)
        shown = self._passage if len(self._passage) <= 60 else f"{self._passage[:57].rstrip()}…"
        bar.question.ask(f"{title}: where does “{shown}” go?", [*choices, (OWN_RECORD, "A record of its own, linked")])
        form.view.bring_into_view(bar.question)

    def leave(self) -> None:
        """Back to the story; nothing was sorted."""
        if self._is_there and self._row is not None:
            self._row.focus()

    # sorting -----------------------------------------------------------------------------------------------------

    def sort_into(self, where: str) -> None:
        """Put the words there; the person goes on in the story."""
        if where == OWN_RECORD:
            self._own_record()
        else:
            self._into_question(where)
        self.leave()

    def _into_question(self, path: str) -> None:
        from desktop_app.services import sorting

        page, form = self._page, self._page.form
        assert form is not None
        question = form.session.form.question(path)
        form.change(self._story(), lambda: sorting.put_into(form.session, self._passage, self._category, question))
        page.app.toast(f"These words also stand under “{question.label}”.", page.undo)

    def _own_record(self) -> None:
        page, record_id = self._page, self._page.record_id
        passage, category = self._passage, self._category
        page.flush()

        def make(profile: Profile) -> str:
            from desktop_app.services import sorting

            return sorting.own_record(profile, record_id, passage, category)

        def made(record: str) -> None:
            page.app.changed(record)
            page.changed_by_us()
            page.app.toast("A record of its own was made, as a draft.", lambda: self._undo_own(record))

        page.app.runner.db(make, made, lambda problem: dialogs.show_error(page, problem), priority="draft")

    def _undo_own(self, made: str) -> None:
        page, record_id = self._page, self._page.record_id
        page.flush()

        def undo(profile: Profile) -> None:
            from desktop_app.services import sorting

            sorting.undo_own_record(profile, record_id, made)

        def done(_none: None) -> None:
            page.app.changed(made)
            page.changed_by_us()

        page.app.runner.db(undo, done, lambda problem: dialogs.show_error(page, problem), priority="draft")
