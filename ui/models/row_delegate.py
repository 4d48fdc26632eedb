"""How a record looks in a list: title, a muted line, its standing in words at the right (or below, where it is narrow)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.models.record_table import RowRole, SecondLineRole
from ui.words import standing_kind

if TYPE_CHECKING:
    from ui.context import AppContext

NARROW = 520


class RowDelegate(QStyledItemDelegate):
    """Paints one row. `narrow` puts the standing on a line of its own; set it before the view lays out its rows."""

    def __init__(self, app: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._app = app
        self.narrow = False
        self._bold_of: tuple[QFont, QFont, QFontMetrics] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, self.height(option.font))

    def height(self, font: QFont) -> int:
        line = QFontMetrics(font).lineSpacing()
        return line * 2 + 22 + (line + 10 if self.narrow else 0)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours = self._app.theme.colours
        row = index.data(RowRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        ground = colours.tint if chosen else colours.hover if hovered else colours.ground
        painter.fillRect(rect, QColor(ground))
        painter.setPen(QColor(colours.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if focused:
            painter.setPen(QPen(QColor(colours.focus), 2))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -3), 6, 6)
        inner = rect.adjusted(12, 9, -12, -9)
        if row is None:
            painter.setPen(QColor(colours.muted))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, "…")
            painter.restore()
            return
        words = row.standing_words or row.standing
        metrics = option.fontMetrics
        line = metrics.lineSpacing()
        most = inner.width() if self.narrow else inner.width() // 2
        pill_width = min(metrics.horizontalAdvance(words) + 22, most)
        if self.narrow:
            pill = QRect(inner.left(), inner.bottom() - line - 5, pill_width, line + 6)
            text_width = inner.width()
        else:
            pill = QRect(inner.right() - pill_width, inner.center().y() - line // 2 - 3, pill_width, line + 6)
            text_width = inner.width() - pill_width - 16
        self._pill(painter, pill, words, standing_kind(row.standing), metrics)
        bold, bold_metrics = self._bold(option.font)
        title = f"◆ {row.title}" if row.two_versions else row.title
        painter.setFont(bold)
        painter.setPen(QColor(colours.text))
        top = QRect(inner.left(), inner.top(), text_width, line + 2)
        painter.drawText(
            top, Qt.AlignmentFlag.AlignVCenter, bold_metrics.elidedText(title, Qt.TextElideMode.ElideRight, text_width)
        )
        painter.setFont(option.font)
        painter.setPen(QColor(colours.muted))
        below = QRect(inner.left(), inner.top() + line + 2, text_width, line + 2)
        second = index.data(SecondLineRole)
        painter.drawText(
            below, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(second, Qt.TextElideMode.ElideRight, text_width)
        )
        painter.restore()

    def _bold(self, font: QFont) -> tuple[QFont, QFontMetrics]:
        """The font in bold, made once as long as it stays the same."""
        if self._bold_of is None or self._bold_of[0] != font:
            bold = QFont(font)
            bold.setBold(True)
            self._bold_of = (QFont(font), bold, QFontMetrics(bold))
        return self._bold_of[1:]

    def _pill(self, painter: QPainter, rect: QRect, words: str, kind: str, metrics: QFontMetrics) -> None:
        colours = self._app.theme.colours
        ground, ink = {
            "warn": (colours.warn_tint, colours.warn),
            "good": (colours.good_tint, colours.good),
            "bad": (colours.bad_tint, colours.bad),
            "accent": (colours.tint, colours.accent),
        }.get(kind, (colours.plain_tint, colours.muted))
        painter.setPen(QColor(colours.line))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setPen(QColor(ink))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width() - 20)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)
        painter.setBrush(Qt.BrushStyle.NoBrush)
