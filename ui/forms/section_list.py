"""The sections of a form with how far each has come, in a list beside the questions."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme import Theme, set_kind

_STATE = Qt.ItemDataRole.UserRole + 1
_SECTION = Qt.ItemDataRole.UserRole + 2
_PAD, _GAP = 10, 8


class SectionList(QListWidget):
    """`chosen(index)`: the person wants that section; `entered_section`: and to be in its first question (Enter)."""

    chosen = Signal(int)
    entered_section = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "rows")
        self.setAccessibleName("Sections")
        self.setItemDelegate(_SectionDelegate(theme, self))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSpacing(1)
        self.currentRowChanged.connect(self._row_changed)
        self.currentRowChanged.connect(self.scheduleDelayedItemsLayout)
        theme.changed.connect(self.viewport().update)

    def show_sections(self, sections: list[tuple[int, str, str]]) -> None:
        """Sections as (index in the form, title, state in words)."""
        self.blockSignals(True)
        if [self._index(row) for row in range(self.count())] != [index for index, _title, _state in sections]:
            self.clear()
            for index, title, _state in sections:
                item = QListWidgetItem(title)
                item.setData(_SECTION, index)
                self.addItem(item)
        for row, (_index, title, state) in enumerate(sections):
            item = self.item(row)
            if item.data(_STATE) != state:
                item.setData(_STATE, state)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {state}" if state else title)
        self.blockSignals(False)

    def show_current(self, current: int) -> None:
        """Mark the section that is shown."""
        self.blockSignals(True)
        for row in range(self.count()):
            if self._index(row) == current and self.currentRow() != row:
                self.setCurrentRow(row)
                self.scheduleDelayedItemsLayout()
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.entered_section.emit()
        else:
            super().keyPressEvent(event)

    def _index(self, row: int) -> int:
        return int(self.item(row).data(_SECTION))

    def _row_changed(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(self._index(row))


class _SectionDelegate(QStyledItemDelegate):
    """Title on as many lines as it needs, state to its right."""

    def __init__(self, theme: Theme, parent: QListWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        font = self._font(index.row() == self._list.currentRow())  # as painted: the chosen one is bold, and wider
        option.font = font  # type: ignore[attr-defined]
        width = self._list.viewport().width() - 2
        words = self._words_rect(QRect(0, 0, width, 10_000), str(index.data(_STATE) or ""))
        needed = QPainterMetrics(font, self._list).height_of(str(index.data()), words.width())
        return QSize(width, needed + 16)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours = self._theme.colours
        state = option.state  # type: ignore[attr-defined]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.tint if chosen else colours.hover))
            painter.drawRoundedRect(rect, 7, 7)
        words = str(index.data(_STATE) or "")
        painter.setPen(QColor(colours.accent if chosen else colours.text))
        painter.setFont(self._font(chosen))
        wrap = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(self._words_rect(rect, words), wrap, str(index.data()))
        painter.setPen(QColor(colours.accent if chosen else colours.muted))
        painter.setFont(self._list.font())
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(rect.adjusted(_PAD, 0, -_PAD, 0), right, words)
        painter.restore()

    def _font(self, bold: bool) -> QFont:
        font = QFont(self._list.font())
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def _words_rect(self, rect: QRect, state: str) -> QRect:
        beside = self._list.fontMetrics().horizontalAdvance(state) + _GAP if state else 0
        return rect.adjusted(_PAD, 0, -_PAD - beside, 0)


class QPainterMetrics:
    """How high wrapped words are in a font."""

    def __init__(self, font: QFont, widget: QWidget) -> None:
        from PySide6.QtGui import QFontMetrics

        self._metrics = QFontMetrics(font, widget)

    def height_of(self, words: str, width: int) -> int:
        box = QRect(0, 0, max(20, width), 10_000)
        return self._metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), words).height()
