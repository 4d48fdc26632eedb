"""The sections of a form on screen: which is shown, how far each has come, and the way to any one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.forms.form_frame import FormFrame
from ui.forms.row_words import row_id
from ui.forms.section_view import SectionView
from ui.forms.sections import divide, is_asked, progress
from ui.forms.turn import Turn
from ui.theme import Theme

if TYPE_CHECKING:
    from desktop_app.forms.session import FormSession, Item
    from ui.forms.question_row import QuestionRow

MOST_LIVE = 60


class FormSections(FormFrame):
    """A session's sections, each made when it is first shown.

    What is answered is the business of `FormPage`, which is a whole `host.Host`.
    """

    def __init__(self, theme: Theme, session: FormSession, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.session = session
        self.turn = Turn()
        self._open_rows: dict[str, str] = {}
        self._kept_paths: frozenset[str] = frozenset()
        self._all_sections = divide(session.form)
        self._asked: list[int] = []
        self._views: dict[int, SectionView] = {}
        self._current = -1
        self.panel.go_to.connect(self.go_to)
        self.chooser.activated.connect(lambda at: self.show_section(int(self.chooser.itemData(at))))
        self.list.chosen.connect(lambda index: self.show_section(index, focus=False))
        self.list.entered_section.connect(self.enter_section)
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.step_section(step))

    # sections ----------------------------------------------------------------------------------------------------

    @property
    def view(self) -> SectionView:
        """The section shown."""
        return self._views[self._current]

    def show_section(self, index: int, *, focus: bool = True, first: str = "") -> None:
        """Show a section by its place in the form, and put the keyboard into its first question.

        `first`: the question someone wants to be at, made before those above it.
        """
        if index not in self._views:
            self._make_room()
            view = SectionView(self, self._all_sections[index], first, self.stack)
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
        self._show_current()
        self._mark_personal()
        if focus:
            view.verticalScrollBar().setValue(0)
            self.enter_section()

    def step_section(self, step: int) -> None:
        """On to the next section that is asked, or back."""
        later = [i for i in self._asked[::step] if (i - self._current) * step > 0]
        if later:
            self.show_section(later[0])

    def enter_section(self) -> None:
        """The keyboard to the first question of the section shown."""
        first = self._first_field()
        while first is None and self.view.unfinished:
            self.view.make_more()  # notes and the heads of tables come before it
            first = self._first_field()
        if first is not None:
            first.focus()
        else:
            self.view.next_button.setFocus()

    def _first_field(self) -> QuestionRow | None:
        rows = (row for row in self.view.made_rows() if row.isVisibleTo(self.view))
        return next((row for row in rows if row.editor.fields()), None)

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
        """Work out which sections are asked and how far each has come, and show it."""
        self._asked = asked = self._asked_sections()
        shown = [(i, self._all_sections[i].title, progress(self.session, self._all_sections[i]).words()) for i in asked]
        self.list.show_sections(shown)
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for index, title, words in shown:
            self.chooser.addItem(f"{title} ({words})" if words else title, index)
        self.chooser.blockSignals(False)
        self._show_current()

    def _show_current(self) -> None:
        """Say where one is. Going elsewhere changes no count, so none is worked out anew."""
        self.list.show_current(self._current)
        self.chooser.blockSignals(True)
        self.chooser.setCurrentIndex(self.chooser.findData(self._current))
        self.chooser.blockSignals(False)
        if self._current in self._views:
            later = [self._all_sections[i].title for i in self._asked if i > self._current]
            self.view.show_next(later[0] if later else "")

    # going to a question -----------------------------------------------------------------------------------------

    def go_to(self, path: str) -> bool:
        """Show the question at an instance path or leaf path and put the keyboard there. False: it is not asked now."""
        path = self.path_of(path)
        index = next((i for i, section in enumerate(self._all_sections) if section.holds(path)), None)
        if index is None or index not in self._asked:
            return False
        opens = self._open_row_of(path)
        if index != self._current or self.tabs.currentIndex() == 1:
            if opens and index in self._views:
                self._views[index].stale = True
            self.show_section(index, focus=False, first=path)
        elif opens:
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

    def _open_row_of(self, path: str) -> bool:
        """Open the cards a question stands in, inner ones first; whether any was not open."""
        opened = False
        while "[" in path:
            row, _, _ = path.rpartition("]")
            repeat, _, number = row.rpartition("[")
            rows = self.session.children(repeat)
            if int(number) <= len(rows):
                wanted = row_id(self.session, rows[int(number) - 1])
                opened = opened or self._open_rows.get(repeat) != wanted
                self._open_rows[repeat] = wanted
            path = repeat
        return opened

    # rows of repeats -----------------------------------------------------------------------------------------------

    def is_kept_in(self, item: Item) -> bool:
        if not self._kept_paths:
            return False
        inside = (f"{item.path}/", f"{item.path}[")
        return any(path == item.path or path.startswith(inside) for path in self._kept_paths)

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
