"""The parts a section is made of: questions under one another, groups with a heading, repeats as cards.

Widgets are made when a question is first asked, so a page holds editors only for what can be seen (forms.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.forms.wording import asked_about
from ui.forms.breakable import breakable
from ui.forms.editor import muted, say
from ui.forms.flow import FlowLayout
from ui.forms.host import Host
from ui.forms.question_row import QuestionRow, heading
from ui.forms.row_words import is_untouched, row_id, row_words
from ui.forms.sections import is_shown
from ui.forms.turn import laid_out_once
from ui.theme import set_kind

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice
    from desktop_app.forms.session import FormSession, Item


def choices_for(session: FormSession, item: Item) -> list[Choice]:
    """The choices of a question as they are now; none for other kinds."""
    return session.choices(item.path) if item.question.kind in ("select_one", "select_multiple", "rank") else []


class Questions(QWidget):
    """The children of a group or row (or the given parts of a section), one under another."""

    def __init__(self, host: Host, items: list[Item], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(20)
        self._parts: dict[str, QWidget] = {}
        self.update_items(items)

    def rows(self) -> list[QuestionRow]:
        """Every question made so far, in the page's order."""
        found: list[QuestionRow] = []
        for index in range(self._column.count()):
            item = self._column.itemAt(index)
            part = item.widget() if item is not None else None
            if isinstance(part, QuestionRow):
                found.append(part)
            elif isinstance(part, (Group, Cards)):
                found += part.rows()
        return found

    def cards(self) -> list[Cards]:
        """Every repeat here, also within groups."""
        found: list[Cards] = []
        for part in self._parts.values():
            if isinstance(part, Cards):
                found.append(part)
            elif isinstance(part, Group):
                found += part.questions.cards()
        return found

    def update_items(self, items: list[Item], *, besides: str = "") -> None:
        """Show what is asked now and hide what is not. The editor at `besides` is left as the person left it."""
        with laid_out_once(self._column):
            self._update_items(items, besides)

    def _update_items(self, items: list[Item], besides: str) -> None:
        at = 0
        for item in items:
            shown = (item.relevant or self._host.is_kept_in(item)) and is_shown(item.question)
            part = self._parts.get(item.path)
            if part is None:
                if not shown or not self._host.turn.may_make(item.path):
                    continue
                part = self._make(item)
                self._parts[item.path] = part
                self._column.insertWidget(at, part)
            elif shown and not (self._host.turn.only_make and isinstance(part, QuestionRow)):
                self._update(part, item, besides)
            if not shown:
                part.hide()
            elif self.isVisible() or part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
                part.show()  # a part made before the page is shown comes up with it: showing it now would cost twice
            at = self._column.indexOf(part) + 1

    def _make(self, item: Item) -> QWidget:
        if item.kind == "group":
            return Group(self._host, item)
        if item.kind == "repeat":
            return Cards(self._host, item)
        assert item.node is not None
        session = self._host.session
        about = asked_about(session.form, item.question)
        row = QuestionRow(self._host.theme, item.node, choices_for(session, item), about)
        self._host.row_made(row)
        self._update(row, item, "")
        return row

    def _update(self, part: QWidget, item: Item, besides: str) -> None:
        if isinstance(part, (Group, Cards)):
            part.update_item(item, besides=besides)
        elif isinstance(part, QuestionRow) and item.node is not None:
            error = self._host.error_of(item.path)
            if item.path == besides:
                part.typed_into(item.node, error)
            else:
                kept = self._host.is_kept_in(item)
                part.show_node(item.node, choices_for(self._host.session, item), error=error, kept_in=kept)


class Group(QWidget):
    """A group inside a section: its heading and its questions."""

    def __init__(self, host: Host, item: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        if item.label or item.question.label:
            column.addWidget(heading(item.label or item.question.label))
        if item.question.hint:
            column.addWidget(muted(item.question.hint))
        self.questions = Questions(host, host.session.children(item.path))
        column.addWidget(self.questions)

    def rows(self) -> list[QuestionRow]:
        return self.questions.rows()

    def update_item(self, item: Item, *, besides: str = "") -> None:
        self.questions.update_items(self._host.session.children(item.path), besides=besides)


class Cards(QWidget):
    """A repeat: one card a row. One card is open and holds editors; the others say in a line what is in them."""

    def __init__(self, host: Host, item: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.path = item.path
        self._question = item.question
        self.cards: list[Card] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading(item.label or item.question.label or item.question.name, "h3"))
        self._hint = muted(item.question.hint)
        column.addWidget(self._hint)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        column.addLayout(self._list)
        self.add_button = QPushButton("Add a row")
        self.add_button.setAccessibleName(f"Add a row: {item.question.label}")
        self.add_button.clicked.connect(lambda: self._host.add_row(self.path))
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._draw()

    def rows(self) -> list[QuestionRow]:
        return [row for card in self.cards if card.questions is not None for row in card.questions.rows()]

    def update_item(self, item: Item, *, besides: str = "") -> None:
        """Bring the cards up to date; they are made anew only when rows came, went, moved, or another was opened."""
        rows = self._host.session.children(self.path)
        ids = [row_id(self._host.session, row) for row in rows]
        opened = self._host.open_row_id(self.path)
        same_rows = [card.row_id for card in self.cards] == ids
        if not same_rows or any(card.is_open != (card.row_id == opened) for card in self.cards):
            self._draw()
            return
        for card, row in zip(self.cards, rows, strict=True):
            card.update_row(row, besides=besides)

    def say_summaries(self) -> None:
        """Write the open card's line anew while someone types in it."""
        for card in self.cards:
            if card.is_open:
                card.say_summary()
                for inner in card.questions.cards() if card.questions is not None else ():
                    inner.say_summaries()

    def card(self, identity: str) -> Card | None:
        return next((card for card in self.cards if card.row_id == identity), None)

    def _draw(self) -> None:
        while (old := self._list.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        session = self._host.session
        rows = session.children(self.path)
        opened = self._host.open_row_id(self.path)
        self.cards = []
        for place, row in enumerate(rows):
            identity = row_id(session, row)
            card = Card(self._host, row, identity, place, len(rows), is_open=identity == opened)
            self.cards.append(card)
            self._list.addWidget(card)
            card.show()  # at once: the keyboard may be wanted in it before the event loop would show it
        # The row a form makes itself is no card until someone wants it.
        bare = len(rows) == 1 and not self.cards[0].is_open and is_untouched(session, rows[0].path)
        if bare:
            self.cards[0].hide()
        self.add_button.setText("Add another row" if rows and not bare else "Add a row")


class Card(QFrame):
    """One row of a repeat."""

    def __init__(
        self, host: Host, row: Item, identity: str, place: int, of: int, *, is_open: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._host = host
        self.path = row.path
        self.row_id = identity
        self._repeat = row.path.rsplit("[", 1)[0]
        self._place = place
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(10)
        top = QHBoxLayout()
        top.setSpacing(8)
        self.number = QLabel(f"{place + 1}.")
        set_kind(self.number, "h3")
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.toggle = QPushButton("Close" if is_open else "Open")
        set_kind(self.toggle, "link")
        self.toggle.clicked.connect(self._toggle)
        top.addWidget(self.number)
        top.addWidget(self.summary, 1)
        top.addWidget(self.toggle)
        column.addLayout(top)
        self.questions: Questions | None = None
        self.buttons: dict[str, QPushButton] = {}
        if is_open:
            self.questions = Questions(host, host.session.children(row.path))
            column.addWidget(self.questions)
            line = QWidget()
            flow = FlowLayout(line, across=4, down=4)
            for words, act, usable in (
                ("Move up", lambda: host.move_row(self.path, self._place), place > 0),
                ("Move down", lambda: host.move_row(self.path, self._place + 2), place < of - 1),
                ("Duplicate", lambda: host.duplicate_row(self.path), True),
                ("Remove", lambda: host.remove_row(self.path, self.words()), True),
            ):
                button = QPushButton(words)
                set_kind(button, "quiet")
                button.setEnabled(usable)
                button.clicked.connect(lambda _on=False, act=act: act())
                button.setAccessibleName(f"{words}: row {place + 1}")
                self.buttons[words] = button
                flow.addWidget(button)
            column.addWidget(line)
        self.say_summary()

    @property
    def is_open(self) -> bool:
        return self.questions is not None

    def words(self) -> str:
        """Row 2, or row 2 with the first of what it says."""
        said = row_words(self._host.session, self.path)
        return f"Row {self._place + 1}" + (f" ({said})" if said else "")

    def say_summary(self) -> None:
        said = row_words(self._host.session, self.path)
        say(self.summary, breakable(said) or "Nothing filled in yet")
        self.toggle.setAccessibleName(f"{self.toggle.text()} row {self._place + 1}. {said}")

    def update_row(self, row: Item, *, besides: str = "") -> None:
        self.path = row.path
        if self.questions is not None:
            self.questions.update_items(self._host.session.children(row.path), besides=besides)
        self.say_summary()

    def focus_first(self) -> None:
        """The keyboard to the first question of an open card, else to its "Open" button."""
        rows = self.questions.rows() if self.questions is not None else []
        if rows:
            rows[0].focus()
        else:
            self.toggle.setFocus()

    def _toggle(self) -> None:
        self._host.set_open_row(self._repeat, "" if self.questions is not None else self.row_id)
