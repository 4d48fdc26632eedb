"""Long lists - the 153 authorities - by typing: three letters of a name, a short name or an old name, then Enter.

What is chosen stands above the box as chips; a chip is a button that takes itself away.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from ui.forms.editor import Editor, muted, say
from ui.forms.flow import FlowLayout
from ui.forms.plain_tip import plain_tip

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

_MOST_SHOWN = 8
_AUTHORITIES = "local_authorities.csv"


def plain(text: str) -> str:
    """Lower case without accents, apostrophes or full stops: "St. Helens" is found by "st helens"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c) and c not in ".'’,")


def matching(choices: Sequence[Choice], words: str, also: Callable[[str], Sequence[str]]) -> list[Choice]:
    """The choices `words` mean, best first: begins with, a word begins with, an alias (from `also`), contains."""
    wanted = plain(words).strip()
    if not wanted:
        return list(choices)
    found_by_alias = set(also(words))

    def rank(choice: Choice) -> int | None:
        other = [choice.extra.get("short_name", ""), *choice.extra.get("aliases", "").split(";")]
        names = [plain(choice.label), *(plain(text).strip() for text in other if text.strip())]
        if any(name.startswith(wanted) for name in names):
            return 0
        if any(f" {wanted}" in name for name in names):
            return 1
        if choice.name in found_by_alias:
            return 2
        return 3 if len(wanted) > 2 and any(wanted in name for name in names) else None

    ranked = [(place, index, choice) for index, choice in enumerate(choices) if (place := rank(choice)) is not None]
    return [choice for _place, _index, choice in sorted(ranked, key=lambda r: r[:2])]


def authority_aliases(words: str) -> list[str]:
    """The codes of the authorities an old or short name stands for ("BCP", "Hull")."""
    from desktop_app.records import authorities

    return [authority.code for authority in authorities.find(words)]


class _Finder(QLineEdit):
    """The box one types in; its list stands in a frame under it, and the keyboard never leaves the box."""

    picked = Signal(str)
    backed = Signal()
    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(False)
        self.list = QListWidget(self)
        self.list.setWindowFlags(Qt.WindowType.ToolTip)
        self.list.setProperty("kind", "popup")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.itemClicked.connect(self._clicked)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show these choices under the box; none hides the list."""
        self.list.clear()
        for choice in choices:
            item = QListWidgetItem(choice.label)
            item.setData(Qt.ItemDataRole.UserRole, choice.name)
            self.list.addItem(item)
        if not choices or not self.isVisible():
            self.list.hide()
            return
        self.list.setCurrentRow(0)
        row = max(self.list.sizeHintForRow(0), self.fontMetrics().lineSpacing() + 8)
        self.list.setFixedSize(self.width(), row * min(_MOST_SHOWN, self.list.count()) + 8)
        below = self.mapToGlobal(self.rect().bottomLeft())
        screen = self.screen().availableGeometry()
        if below.y() + self.list.height() > screen.bottom():
            below = self.mapToGlobal(self.rect().topLeft())
            below.setY(below.y() - self.list.height())
        self.list.move(below)
        self.list.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        shown = self.list.isVisible()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if not shown:
                self.all_wanted.emit()
            else:
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                self.setAccessibleDescription(self.list.currentItem().text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shown:
            self._clicked(self.list.currentItem())
        elif key == Qt.Key.Key_Escape and shown:
            self.list.hide()
        elif key == Qt.Key.Key_Backspace and not self.text():
            self.backed.emit()
        else:
            super().keyPressEvent(event)

    def _clicked(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.list.hide()
            self.picked.emit(item.data(Qt.ItemDataRole.UserRole))


class TypeAheadEditor(Editor):
    """Some (or, for ``select_one``, one) of a long list. Chosen ones are chips, first chosen first."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self._one = question.kind == "select_one"
        self._choices: tuple[Choice, ...] = ()
        self._labels: dict[str, str] = {}
        self._chosen: list[str] = []
        self._aliases = authority_aliases if question.list_file == _AUTHORITIES else _no_aliases
        self._readonly = False
        self._name = ""
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, across=6, down=6)
        self.chips: dict[str, QPushButton] = {}
        self.field = _Finder()
        self.field.setPlaceholderText("Type three letters of a name")
        self.field.textEdited.connect(self._look)
        self.field.all_wanted.connect(lambda: self._offer(self.field.text()))
        self.field.picked.connect(self._add)
        self.field.backed.connect(self._last_chip)
        self._watch(self.field)
        self._said = muted()
        self.column.addWidget(self._chips)
        self.column.addWidget(self.field)
        self.column.addWidget(self._said)

    def fields(self) -> list[QWidget]:
        return [*self.chips.values(), self.field]

    def focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def describe(self, name: str, description: str, error: str) -> None:
        self._name = name
        super().describe(name, description, error)

    def _set_readonly(self, readonly: bool) -> None:
        self._readonly = readonly
        self.field.setReadOnly(readonly)
        for chip in self.chips.values():
            chip.setEnabled(not readonly)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and watched is self.field:
            self.field.list.hide()
            self._explain()
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
            and watched in self.chips.values()
        ):
            self._remove(next(name for name, chip in self.chips.items() if chip is watched))
            return True
        return super().eventFilter(watched, event)

    def _look(self, words: str) -> None:
        # An empty box offers nothing until the down arrow asks for the whole list.
        if words.strip():
            self._offer(words)
        else:
            self.field.offer(())
            say(self._said, "")

    def _offer(self, words: str) -> None:
        if self._readonly:
            return
        found = [choice for choice in matching(self._choices, words, self._aliases) if choice.name not in self._chosen]
        self.field.offer(found)
        say(self._said, "" if found else "No name in the list matches.")

    def _explain(self) -> None:
        left = self.field.text().strip()
        say(self._said, f"“{left}” is not chosen yet: pick a name from the list." if left else "")

    def _add(self, name: str) -> None:
        self.field.clear()
        say(self._said, "")
        self._chosen = [name] if self._one else [*self._chosen, name]
        self._draw()
        self._say(" ".join(self._chosen))

    def _remove(self, name: str) -> None:
        self._chosen = [other for other in self._chosen if other != name]
        self._draw()
        self.field.setFocus()
        self._say(" ".join(self._chosen))

    def _last_chip(self) -> None:
        if self._chosen and not self._readonly:
            self.chips[self._chosen[-1]].setFocus()

    def _draw(self) -> None:
        wanted = list(self._chosen)
        for name in [name for name in self.chips if name not in wanted]:
            chip = self.chips.pop(name)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for name in wanted:
            if name in self.chips:
                continue
            label = self._labels.get(name, name)
            chip = QPushButton(f"{label}  ×")
            chip.setProperty("kind", "chip")
            chip.setProperty("own_name", True)
            chip.setAccessibleName(f"{label}. Press to remove")
            chip.setToolTip(plain_tip(f"Remove {label}"))
            chip.clicked.connect(lambda _on=False, name=name: self._remove(name))
            self._watch(chip)
            self.chips[name] = chip
            self._flow.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(wanted))
        self._flow.invalidate()

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self._labels = {choice.name: choice.label for choice in choices}
            for chip in self.chips.values():
                chip.deleteLater()
            self.chips = {}
        self._chosen = text.split()
        self._draw()


def _no_aliases(_words: str) -> list[str]:
    return []
