"""Marking a line of the notes by a key or two: evidence of what, an action of whom by when, what may be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.forms.flow import FlowLayout
from ui.forms.quick_choice import QuickChoice
from ui.pages.senco_lines import CATEGORIES, PERMISSIONS
from ui.pages.senco_parts import DueBox
from ui.theme import set_kind

if TYPE_CHECKING:
    from ui.pages.senco_notes import NotesBoard


KEYS = (
    ("Enter", "next line"),
    ("Alt+E", "evidence"),
    ("Alt+A", "action"),
    ("Alt+P", "permission"),
    ("Alt+O", "off the record"),
    ("Alt+↓", "next item"),
    ("Ctrl+Z", "undo"),
)


def keys_card() -> QFrame:
    """The keys, beside the agenda where there is room."""
    card = QFrame()
    card.setProperty("kind", "card")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(12, 8, 12, 8)
    said = (f"<b>{key}</b>&nbsp;{words}".replace(" ", "&nbsp;") for key, words in KEYS)
    keys = QLabel(" · ".join(said))
    keys.setWordWrap(True)
    keys.setProperty("kind", "muted")
    inside.addWidget(keys)
    return card


class LineMarks:
    """Asks under the entry of one board; `question` and `due` are hidden until they are wanted."""

    def __init__(self, board: NotesBoard) -> None:
        self._board = board
        self._asked_for = ""
        self._what = ""
        self.question = QuickChoice()
        self.question.chosen.connect(self._answered)
        self.question.left.connect(board.focus_entry)
        self.due = DueBox()
        self.due.given.connect(self._due_given)
        self.due.left.connect(board.focus_entry)

    def buttons_row(self) -> QWidget:
        """The same by mouse, each with its key."""
        row = QWidget()
        flow = FlowLayout(row, across=8, down=6)
        self.buttons: dict[str, QPushButton] = {}
        for words, key, act in (
            ("Evidence", "Alt+E", self.ask_category),
            ("Action", "Alt+A", self.ask_action),
            ("Permission", "Alt+P", self.ask_permission),
            ("Off the record", "Alt+O", self._board.take_off_record),
        ):
            button = QPushButton(f"{words}   {key}")
            button.setAccessibleName(words)
            button.setAccessibleDescription(key)
            set_kind(button, "quiet")
            button.clicked.connect(lambda _on=False, act=act: act())
            self.buttons[words] = button
            flow.addWidget(button)
        return row

    def ask_category(self) -> None:
        """Alt+E: what is this line evidence about?"""
        categories = [(c.name, CATEGORIES.get(c.name, c.label)) for c in self._board.lines.choices("line_category")]
        self._ask("category", "Evidence about what?", [*categories, ("", "Not evidence after all")])

    def ask_action(self) -> None:
        """Alt+A: who does it, and by when?"""
        self._ask("role", "Who will do it?", [*self._board.roles.items(), ("", "Not an action after all")])

    def ask_permission(self) -> None:
        """Alt+P: what may be done with this line?"""
        self._ask("permission", "What may be done with this line?", list(PERMISSIONS.items()))

    def _ask(self, what: str, title: str, choices: list[tuple[str, str]]) -> None:
        row = self._board.target()
        if not row:
            self._board.focus_entry()
            return
        self._asked_for = row
        line = self._board.lines.line(row)
        assert line is not None
        current = {"category": line.category, "role": line.action_role, "permission": line.permission}[what]
        self._what = what
        self.question.ask(f"Line {line.number}: {title}", choices, current)
        self._board.area.ensureWidgetVisible(self.question)

    def _answered(self, name: str) -> None:
        row = self._asked_for
        if self._what == "category":
            self._board.lines.set(row, mark="evidence" if name else "note", category=name)
        elif self._what == "permission":
            self._board.lines.set(row, permission=name)
        else:
            self._board.lines.set(row, mark="action" if name else "note", action_role=name)
        self._board.refresh()
        if self._what == "role" and name:
            line = self._board.lines.line(row)
            self.due.ask(line.action_due if line is not None else "")
            self._board.area.ensureWidgetVisible(self.due)
        else:
            self._board.focus_entry()

    def _due_given(self, due: str) -> None:
        self._board.lines.set(self._asked_for, action_due=due)
        self._board.refresh()
        self._board.focus_entry()
