"""Notes of a SENCO meeting at the pace of talk, by keyboard alone.

The line being typed is in the record from its first letter. Enter ends it and begins the next; a key marks it as
evidence or an action, says what may be done with it, or takes it off the record, at once and for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.forms import spelling
from ui.forms.drop_down import CalmCombo
from ui.forms.section_list import SectionList
from ui.forms.tab_order import follow_layout
from ui.pages.senco_drawn import DrawnLines
from ui.pages.senco_lines import PERMISSIONS, MeetingLines, NoteLine
from ui.pages.senco_marks import LineMarks, keys_card
from ui.pages.senco_parts import Entry, LineRow, mark_words
from ui.theme import Theme, set_kind
from ui.widgets import label

if TYPE_CHECKING:
    from ui.forms.form_page import FormPage


class NotesBoard(QWidget):
    """Agenda at the left, lines of the chosen item at the right, the entry under them.

    Where there is no room for the agenda, `chooser` takes its place; whoever shows the board puts it beside the tabs.

    `off_the_record(row)`: a line is to go, from history too. `lines_changed`: the marks to count may have changed.
    `record_wanted(id)`: the record made of a line is to be opened.
    """

    off_the_record = Signal(str)
    lines_changed = Signal()
    record_wanted = Signal(str)

    def __init__(self, theme: Theme, form: FormPage, made: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lines = MeetingLines(form)
        self._made = made
        self.roles = {choice.name: choice.label for choice in self.lines.choices("line_action_role")}
        self._topics = self.lines.topics()
        self.topic = self._topics[0].name
        self.row = ""  # the line in the entry, "" for none yet
        self._last = ""  # the line marks go to while the entry is empty
        self._low = False
        self._shown = True
        self._filling = False
        self._adding = False
        self._all: list[NoteLine] = []  # as they were when this was last brought up to date, which each change does
        self._build()
        self.refresh()

    def _build(self) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(20)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        self.agenda = SectionList(self._theme)
        self.agenda.setAccessibleName("Agenda")
        self.agenda.chosen.connect(lambda index: self.go_to_topic(index, focus=False))
        self.agenda.entered_section.connect(self.focus_entry)
        left.addWidget(self.agenda, 1)
        self._keys = keys_card()
        left.addWidget(self._keys)
        across.addWidget(self._left)
        right = QVBoxLayout()
        right.setSpacing(8)
        self.chooser = CalmCombo()
        self.chooser.setAccessibleName("Agenda item")
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.activated.connect(lambda index: self.go_to_topic(index))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        set_kind(page, "page")
        holder = QVBoxLayout(page)
        holder.setContentsMargins(0, 0, 10, 10)
        card = QFrame()
        card.setProperty("kind", "card")
        self._card = QVBoxLayout(card)
        self._card.setContentsMargins(14, 10, 14, 14)
        self._card.setSpacing(0)
        self._drawn = DrawnLines(self.roles, self._made, lambda: follow_layout(page))
        self._drawn.edit_wanted.connect(self.edit)
        self._drawn.focused.connect(self._line_focused)
        self._drawn.record_wanted.connect(self.record_wanted)
        self._card.addWidget(self._drawn)
        self.editing = label("", "muted")
        self._card.addSpacing(6)
        self._card.addWidget(self.editing)
        self.entry = Entry()
        self.entry.set_fewest_lines(1)
        self.entry.setPlaceholderText("What is said. Enter ends the line.")
        self.entry.setAccessibleName("Next line")
        self.entry.setAccessibleDescription("Enter ends the line. Roles and kinds of school, not names.")
        self.entry.textChanged.connect(self._typed)
        self.entry.entered.connect(self.end_line)
        self.entry.up.connect(self._up)
        self.spelling = spelling.attach(self.entry)
        self._card.addWidget(self.entry)
        self.marks = label("", "muted")
        self._card.addWidget(self.marks)
        self.asking = LineMarks(self)
        self.question, self.due = self.asking.question, self.asking.due
        self._card.addWidget(self.question)
        self._card.addWidget(self.due)
        holder.addWidget(card)
        holder.addWidget(self.asking.buttons_row())
        self.buttons = self.asking.buttons
        holder.addStretch(1)
        self.area.setWidget(page)
        self.area.verticalScrollBar().rangeChanged.connect(self._keep_entry_in_sight)
        right.addWidget(self.area, 1)
        across.addLayout(right, 1)
        for keys_, act in (
            ("Alt+E", self.asking.ask_category),
            ("Alt+A", self.asking.ask_action),
            ("Alt+P", self.asking.ask_permission),
            ("Alt+O", self.take_off_record),
            ("Alt+Down", lambda: self.step_topic(1)),
            ("Alt+Up", lambda: self.step_topic(-1)),
        ):
            shortcut = QShortcut(QKeySequence(keys_), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def set_low(self, low: bool) -> None:
        """Little height: the agenda drops down instead of standing beside the lines."""
        self._low = low
        self._card.setContentsMargins(*((10, 2, 10, 6) if low else (14, 10, 14, 14)))
        self._arrange()

    def set_shown(self, shown: bool) -> None:
        """The notes are the tab the person is on: only then is the agenda's list beside the tabs."""
        self._shown = shown
        self._arrange()

    def _arrange(self) -> None:
        letter = max(1, self.fontMetrics().horizontalAdvance("n"))
        narrow = self._low or self.width() / letter < 70
        self._left.setVisible(not narrow)
        self._left.setFixedWidth(letter * 27)
        self.chooser.setVisible(narrow and self._shown)
        self.marks.setVisible(bool(self.marks.text()) or not self._low)
        self.editing.setVisible(bool(self.editing.text()))
        self._keys.setVisible(self.height() > 540)

    # what is shown -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the agenda's counts and the lines of the item, as the record has them now."""
        if self._adding:
            return
        self._all = self.lines.all()
        lines = [line for line in self._all if line.text.strip() or line.row == self.row]
        if self.row:
            mine = next((line for line in lines if line.row == self.row), None)
            if mine is None:
                self._fill_entry("", "")
            elif mine.text != self.entry.toPlainText():
                self._fill_entry(self.row, mine.text)  # undo
        counts = {choice.name: sum(line.topic == choice.name for line in lines) for choice in self._topics}
        shown = [
            (index, f"{index + 1}  {_topic_words(choice.label)}", str(counts[choice.name] or ""))
            for index, choice in enumerate(self._topics)
        ]
        here = next(index for index, choice in enumerate(self._topics) if choice.name == self.topic)
        self.agenda.show_sections(shown)
        self.agenda.show_current(here)
        self.chooser.clear()
        for _index, words, count in shown:
            self.chooser.addItem(f"{words} ({count})" if count else words)
        self.chooser.setCurrentIndex(here)
        self._drawn.show_lines([line for line in lines if line.topic == self.topic and line.row != self.row])
        self._say_marks()
        self.lines_changed.emit()

    def _keep_entry_in_sight(self, *_range: int) -> None:
        for part in (self.due, self.question, self.entry):
            if part.isVisible() and (part is self.entry or part.isAncestorOf(self.focusWidget() or part)):
                self.area.ensureWidgetVisible(part, 0, 40)
                return

    def marked(self) -> list[NoteLine]:
        """The lines that are to become records."""
        return [line for line in self._all if line.mark in ("evidence", "action") and line.text.strip()]

    def rows(self) -> list[LineRow]:
        """The lines on the screen, in order."""
        return self._drawn.rows()

    def _say_marks(self) -> None:
        line = next((line for line in self._all if line.row == self.row), None) if self.row else None
        said = []
        if line is not None:
            said.append(f"Line {line.number}")
            if line.mark in ("evidence", "action"):
                said.append(mark_words(line, self.roles))
            said.append(PERMISSIONS.get(line.permission, line.permission))
        self.marks.setText(" · ".join(said))
        self._arrange()

    # writing -----------------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        if self._filling:
            return
        text = self.entry.toPlainText()
        if not self.row:
            if not text.strip():
                return
            self._adding = True
            self.row = self.lines.add(self.topic, text)
            self._adding = False
            self.refresh()
        else:
            self.lines.type_text(self.row, text)
        self._say_marks()
        self._keep_entry_in_sight()

    def end_line(self) -> None:
        """The line is done; the next begins. An emptied line is taken away."""
        row = self.row
        if not row:
            return
        if not self.entry.toPlainText().strip():
            self.lines.remove(row)
        else:
            self._last = row
        self._fill_entry("", "")
        self.refresh()
        self.focus_entry()

    def edit(self, row: str) -> None:
        """Bring a line that was written back into the entry."""
        line = self.lines.line(row)
        if line is None:
            return
        if self.row:
            self.end_line()
        self._fill_entry(row, line.text)
        self.editing.setText(f"Changing line {line.number}; Enter when done")
        self._arrange()
        self.refresh()
        self.focus_entry()

    def _fill_entry(self, row: str, text: str) -> None:
        self.row = row
        self._filling = True
        self.entry.setPlainText(text)
        self._filling = False
        cursor = self.entry.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.entry.setTextCursor(cursor)
        self.editing.setText("")
        self.marks.setText("")
        self._arrange()

    def focus_entry(self) -> None:
        self.entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.area.ensureWidgetVisible(self.entry)

    def _up(self) -> None:
        if rows := self.rows():
            rows[-1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _line_focused(self, row: str) -> None:
        self._last = row

    def target(self) -> str:
        """The line a mark goes to: the one with the keyboard, the one being written, else the last one written."""
        focused = next((row.line.row for row in self.rows() if row.hasFocus()), "")
        return focused or self.row or (self._last if self.lines.line(self._last) is not None else "")

    # the agenda --------------------------------------------------------------------------------------------------

    def go_to_topic(self, index: int, *, focus: bool = True) -> None:
        """On to an agenda item; a line half-written stays under its own."""
        if self.row:
            self.end_line()
        self.topic = self._topics[index].name
        self.refresh()
        if focus:
            self.focus_entry()

    def step_topic(self, step: int) -> None:
        """Alt+Down and Alt+Up."""
        here = next(index for index, choice in enumerate(self._topics) if choice.name == self.topic)
        there = max(0, min(len(self._topics) - 1, here + step))
        if there != here:
            self.go_to_topic(there)

    # off the record ---------------------------------------------------------------------------------------------

    def take_off_record(self) -> None:
        """Alt+O: the line goes at once, from history and undo too."""
        row = self.target()
        if row:
            self._last = ""
            if row == self.row:
                self._fill_entry("", "")
            self.off_the_record.emit(row)
            self.refresh()
        self.focus_entry()


def _topic_words(words: str) -> str:
    """The agenda item's words without the "Item 2:" the form puts before them."""
    bare = words.split(": ", 1)[-1]
    return bare[:1].upper() + bare[1:]
