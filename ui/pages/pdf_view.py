"""A PDF shown page by page, as pictures drawn on the worker's thread; the words of each page are spoken."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.context import AppContext
from ui.tasks import Task
from ui.widgets import button, label

RATIO = 297 / 210


class PdfView(QFrame):
    """One page at a time, with buttons and the Page Up and Page Down keys."""

    def __init__(self, app: AppContext) -> None:
        super().__init__()
        self.app = app
        self.setProperty("kind", "card")
        self.setAccessibleName("Preview")
        self._data = b""
        self._pages = 0
        self._page = 0
        self._task: Task | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        self.where = label("", "muted", wrap=False)
        self.before = button("‹", lambda: self.turn(-1), name="Page before")
        self.after = button("›", lambda: self.turn(1), name="Next page")
        row.addWidget(label("Preview", "h2", wrap=False))
        row.addStretch(1)
        row.addWidget(self.where)
        row.addWidget(self.before)
        row.addWidget(self.after)
        column.addWidget(bar)
        self.words = label("", "muted")
        column.addWidget(self.words)
        self.sheet = QLabel()
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.sheet.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self.sheet)
        self.clear_pages("")

    def show_pdf(self, data: bytes, pages: int) -> None:
        """Show the first page of `data`."""
        self._data, self._pages, self._page = data, pages, 0
        self.words.hide()
        self.sheet.show()
        self._draw()

    def clear_pages(self, words: str) -> None:
        """No pages; say why, or what to choose."""
        self._data, self._pages, self._page = b"", 0, 0
        if self._task is not None:
            self._task.cancel()
        self.sheet.clear()
        self.sheet.setFixedHeight(0)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._say_where()

    def page(self) -> int:
        """Which page is shown, from 0."""
        return self._page

    def turn(self, by: int) -> None:
        """Go `by` pages on; at the ends nothing happens."""
        if 0 <= self._page + by < self._pages:
            self._page += by
            self._draw()

    def _draw(self) -> None:
        self._say_where()
        data, page = self._data, self._page
        width = max(200, self.width() - 30)
        factor = self.devicePixelRatioF()
        pixels = int(width * factor)
        self.sheet.setFixedHeight(int(width * RATIO))
        if self._task is not None:
            self._task.cancel()

        def work() -> tuple[bytes, int, int, str]:
            from desktop_app.services import reporting

            picture = reporting.page_picture(data, page, pixels).convert("RGB")
            return picture.tobytes(), picture.width, picture.height, ""

        def show(found: tuple[bytes, int, int, str]) -> None:
            raw, wide, high, _words = found
            picture = QPixmap.fromImage(QImage(raw, wide, high, wide * 3, QImage.Format.Format_RGB888))
            picture.setDevicePixelRatio(factor)
            self.sheet.setPixmap(picture)
            self.sheet.setFixedHeight(int(high / factor))
            self.sheet.setAccessibleName(f"Page {page + 1} of {self._pages}")

        self._task = self.app.runner.call(work, show)

    def _say_where(self) -> None:
        self.where.setText(f"Page {self._page + 1} of {self._pages}" if self._pages else "")
        self.before.setEnabled(self._page > 0)
        self.after.setEnabled(self._page + 1 < self._pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._data and event.size().width() != event.oldSize().width():
            self._draw()
