"""Choosing from a drop-down: one of a longer list, or - each with its check mark - some of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPalette, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from ui.forms.editor import Editor, muted, say
from ui.forms.plain_tip import plain_tip
from ui.theme import set_kind

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

_OPENING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F4)
_TICKING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CalmCombo(QComboBox):
    """A drop-down the wheel does not change - scrolling the page must not alter an answer - whose words end in …"""

    def words(self) -> str:
        """What is said on the closed box; empty where nothing is chosen."""
        return self.currentText()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = ""  # type: ignore[attr-defined]
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        words = self.words()
        role = QPalette.ColorRole.Text if words else QPalette.ColorRole.PlaceholderText
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, role))
        shown = self.fontMetrics().elidedText(
            words or self.placeholderText(), Qt.TextElideMode.ElideRight, field.width()
        )
        painter.drawText(field, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class DropDownEditor(Editor):
    """One of a longer list. Nothing chosen shows "Choose one"; "Clear answer" takes the choice back."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self._choices: tuple[Choice, ...] = ()
        self.field = CalmCombo()
        self.field.setPlaceholderText("Choose one")
        self.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.field.setMinimumContentsLength(12)
        self.field.setMaxVisibleItems(14)
        self.field.activated.connect(self._picked)
        self._watch(self.field)
        self.clear_button = QPushButton("Clear answer")
        set_kind(self.clear_button, "link")
        self.clear_button.clicked.connect(self._clear)
        self.field.setMaximumWidth(self.fontMetrics().horizontalAdvance("n") * 48)
        self.column.addWidget(self.field)
        self.column.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.notice = muted()
        self.column.addWidget(self.notice)

    def fields(self) -> list[QWidget]:
        return [self.field]

    def describe(self, name: str, description: str, error: str) -> None:
        # A combo box would otherwise be announced by its current item alone.
        super().describe(name, description, error)
        self.clear_button.setAccessibleName(f"Clear answer: {name}")

    def _picked(self, index: int) -> None:
        self.clear_button.setVisible(index >= 0)
        self._say(self.field.itemData(index) or "")

    def _clear(self) -> None:
        self.field.setCurrentIndex(-1)
        self.clear_button.hide()
        self.field.setFocus()
        self._say("")

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self.field.clear()
            for choice in choices:
                self.field.addItem(choice.label, choice.name)
        index = self.field.findData(text) if text else -1
        self.field.setCurrentIndex(index)
        self.clear_button.setVisible(index >= 0)
        say(self.notice, f"Also answered: “{text}” (no longer one of the choices)" if text and index < 0 else "")


class CheckCombo(CalmCombo):
    """A drop-down in which any number of lines are ticked; it stays open until Esc, Tab or a press elsewhere.

    `ticked(name, on)`: a line was ticked, or its tick taken away. Closed, it says what is ticked.
    """

    ticked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = QStandardItemModel(self)
        self.setModel(self.lines)
        self._chosen: tuple[str, ...] = ()
        self.view().installEventFilter(self)
        self.view().viewport().installEventFilter(self)

    def offer(self, choices: Sequence[Choice]) -> None:
        self.lines.clear()
        for choice in choices:
            item = QStandardItem(choice.label)
            item.setData(choice.name, Qt.ItemDataRole.UserRole)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
            self.lines.appendRow(item)
        self.setCurrentIndex(-1)

    def tick(self, names: Sequence[str]) -> None:
        """Show these as ticked, and their words on the closed box."""
        for row in range(self.lines.rowCount()):
            item = self.lines.item(row)
            item.setCheckState(
                Qt.CheckState.Checked if item.data(Qt.ItemDataRole.UserRole) in names else Qt.CheckState.Unchecked
            )
        labels = {self.lines.item(row).data(Qt.ItemDataRole.UserRole): self.lines.item(row).text()
                  for row in range(self.lines.rowCount())}  # fmt: skip
        self._chosen = tuple(labels[name] for name in names if name in labels)
        self.update()

    def words(self) -> str:
        """What is ticked, in words; empty for nothing."""
        words = "; ".join(self._chosen)
        return f"{len(self._chosen)} chosen: {words}" if len(self._chosen) > 1 else words

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Letters and arrows would choose a single line in a closed box: here they open it, or do nothing.
        if event.key() in _OPENING:
            self.showPopup()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        super().showPopup()
        if not self.view().currentIndex().isValid() and self.lines.rowCount():
            self.view().setCurrentIndex(self.lines.index(0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        view = self.view()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in _TICKING:
            event.accept()  # Qt's own list would take Enter for a choice here already, and close
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is view:
            if event.key() in _TICKING:
                self._turn(view.currentIndex().row())
                return True
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self.hidePopup()
                self.setFocus()
                return True
        if watched is view.viewport() and event.type() == QEvent.Type.MouseButtonRelease:
            index = view.indexAt(event.position().toPoint())  # type: ignore[attr-defined]
            if index.isValid():
                self._turn(index.row())
            return True  # the list stays open for the next tick
        return super().eventFilter(watched, event)

    def _turn(self, row: int) -> None:
        item = self.lines.item(row)
        if item is not None:
            on = item.checkState() != Qt.CheckState.Checked
            self.ticked.emit(item.data(Qt.ItemDataRole.UserRole), on)


class CheckDropDownEditor(Editor):
    """Any number of a list that takes one line of the page (``minimal``), in the order they were ticked."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self._choices: tuple[Choice, ...] = ()
        self._ticked: list[str] = []
        self._spoken = ("", "", "")
        self.field = CheckCombo()
        self.field.setPlaceholderText("Choose all that apply")
        self.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.field.setMinimumContentsLength(12)
        self.field.setMaxVisibleItems(14)
        self.field.setMaximumWidth(self.fontMetrics().horizontalAdvance("n") * 48)
        self.field.ticked.connect(self._toggled)
        self._watch(self.field)
        self.clear_button = QPushButton("Clear answer")
        set_kind(self.clear_button, "link")
        self.clear_button.clicked.connect(self._clear)
        self.column.addWidget(self.field)
        self.column.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.notice = muted()
        self.column.addWidget(self.notice)

    def fields(self) -> list[QWidget]:
        return [self.field]

    def describe(self, name: str, description: str, error: str) -> None:
        self._spoken = (name, description, error)
        words = self.field.words()
        chosen = f"{words}." if words else "Nothing chosen."
        super().describe(name, f"{chosen} {description}".strip(), error)
        self.clear_button.setAccessibleName(f"Clear answer: {name}")

    def _set_readonly(self, readonly: bool) -> None:
        self.field.setEnabled(not readonly)
        self.clear_button.setEnabled(not readonly)

    def _toggled(self, name: str, on: bool) -> None:
        if on and name not in self._ticked:
            self._ticked.append(name)
        elif not on and name in self._ticked:
            self._ticked.remove(name)
        self._shown()
        self._say(" ".join(self._ticked))

    def _clear(self) -> None:
        self._ticked = []
        self._shown()
        self.field.setFocus()
        self._say("")

    def _shown(self) -> None:
        self.field.tick(self._ticked)
        self.field.setToolTip(plain_tip(self.field.words()))
        self.clear_button.setVisible(bool(self._ticked))
        self.describe(*self._spoken)

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self.field.offer(choices)
        self._ticked = text.split()
        names = {choice.name for choice in choices}
        gone = ", ".join(f"“{name}”" for name in self._ticked if name not in names)
        say(self.notice, f"Also answered: {gone} (no longer one of the choices)" if gone else "")
        self._shown()
