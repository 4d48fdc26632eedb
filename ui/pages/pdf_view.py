"""A PDF shown page by page, as pictures drawn on the worker's thread; the words of each page are spoken."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QKeySequence, QPainter, QPixmap, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.context import AppContext
from ui.pages.report_work import PagePicture
from ui.tasks import Task
from ui.toast import announce
from ui.widgets import button, flow, label, set_name

RATIO = 297 / 210
FULL_SIZE = round(210 / 25.4 * 96)  # an A4 page at 100 %, in logical pixels
ZOOMS: tuple[tuple[int, str], ...] = (
    (0, "Fit width"), (50, "50 %"), (75, "75 %"), (100, "100 %"), (150, "150 %"), (200, "200 %"), (300, "300 %"),
)  # fmt: skip
MOST_PIXELS = 3600  # a page wider than this is drawn smaller and stretched: a picture of 50 MB helps nobody


class _Port(QScrollArea):
    """The page, in a frame that scrolls when it is larger; Page Up and Page Down go on at its ends."""

    def __init__(self, view: PdfView) -> None:
        super().__init__()
        self._view = view
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCornerWidget(QWidget())  # the style draws a stray mark there

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown and bar.value() >= bar.maximum():
            self._view.turn(1)
        elif event.key() == Qt.Key.Key_PageUp and bar.value() <= bar.minimum():
            self._view.turn(-1, at_end=True)
        elif event.key() == Qt.Key.Key_Home:
            self._view.turn_to(0)
        elif event.key() == Qt.Key.Key_End:
            self._view.turn_to(self._view.pages() - 1)
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 0)


class PdfView(QFrame):
    """One page at a time: buttons, Page Up and Page Down, Home and End; Ctrl with + - 0 for its size."""

    def __init__(self, app: AppContext) -> None:
        super().__init__()
        self.app = app
        self.setProperty("kind", "card")
        self.setAccessibleName("Preview")
        self._data = b""
        self._pages = 0
        self._page = 0
        self._task: Task | None = None
        self._at_end = False
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        self.where = label("", "muted", wrap=False)
        self.before = button("‹", lambda: self.turn(-1), name="Page before", hint="Page Up")
        self.after = button("›", lambda: self.turn(1), name="Next page", hint="Page Down")
        self.before.setToolTip("Page before (Page Up)")
        self.after.setToolTip("Next page (Page Down)")
        self.zoom = QComboBox()
        set_name(self.zoom, "Size of the page")
        self.zoom.setToolTip("Size of the page (Ctrl + and Ctrl -, Ctrl 0 fits the width)")
        for percent, words in ZOOMS:
            self.zoom.addItem(words, percent)
        self.zoom.currentIndexChanged.connect(self._draw)
        column.addWidget(flow([label("Preview", "h2", wrap=False), self.where, self.before, self.after, self.zoom]))
        self.words = label("", "muted")
        column.addWidget(self.words)
        self.sheet = QLabel()
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.port = _Port(self)
        self.port.setWidget(self.sheet)
        column.addWidget(self.port)
        self.clear_pages("")

    def shortcuts_on(self, page: QWidget) -> None:
        """Ctrl with + - 0 change the size wherever the keyboard is on `page`."""
        for keys, by in (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1), ("Ctrl+0", 0)):
            made = QShortcut(QKeySequence(keys), page)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(lambda by=by: self.zoom_by(by))

    def show_pdf(self, data: bytes, pages: int) -> None:
        """Show the first page of `data`."""
        self._data, self._pages, self._page, self._at_end = data, pages, 0, False
        self.words.hide()
        self.port.show()
        self._draw()

    def clear_pages(self, words: str) -> None:
        """No pages; say why, or what to choose."""
        self._data, self._pages, self._page = b"", 0, 0
        if self._task is not None:
            self._task.cancel()
        self.sheet.clear()
        self.port.hide()
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._say_where()

    def page(self) -> int:
        """Which page is shown, from 0."""
        return self._page

    def pages(self) -> int:
        return self._pages

    def turn(self, by: int, *, at_end: bool = False) -> None:
        """Go `by` pages on; at the ends nothing happens. `at_end`: show the foot of it, when reading backwards."""
        self.turn_to(self._page + by, at_end=at_end)

    def turn_to(self, page: int, *, at_end: bool = False) -> None:
        if 0 <= page < self._pages and page != self._page:
            self._page, self._at_end = page, at_end
            self._draw()

    def zoom_by(self, by: int) -> None:
        """One size larger (1) or smaller (-1); 0 fits the width."""
        place = self.zoom.currentIndex()
        if by == 0:
            place = 0
        elif self.percent() == 0:
            # From "fit width", the next size that is really larger or smaller than what is seen.
            now = 100 * self._room() / FULL_SIZE
            sizes = [n for n, (percent, _words) in enumerate(ZOOMS) if percent and (percent - now) * by > 1]
            place = (min(sizes) if by > 0 else max(sizes)) if sizes else place
        else:
            place = min(max(1, place + by), self.zoom.count() - 1)
        self.zoom.setCurrentIndex(place)

    def percent(self) -> int:
        """The size chosen; 0 fits the width."""
        return int(self.zoom.currentData() or 0)

    def _room(self) -> int:
        return max(120, self.width() - 30)

    def _draw(self) -> None:
        self._say_where()
        if not self._data:
            return
        data, page = self._data, self._page
        width = self._room() if self.percent() == 0 else round(FULL_SIZE * self.percent() / 100)
        factor = self.devicePixelRatioF()
        pixels = min(int(width * factor), MOST_PIXELS)
        self._set_height(width, round(width * RATIO))
        if self._task is not None:
            self._task.cancel()

        def work() -> PagePicture:
            from ui.pages import report_work

            return report_work.page_picture(data, page, pixels)

        def show(found: PagePicture) -> None:
            image = QImage(found.raw, found.width, found.height, found.width * 3, QImage.Format.Format_RGB888)
            picture = _with_edge(QPixmap.fromImage(image))
            picture.setDevicePixelRatio(found.width / width)
            self.sheet.setPixmap(picture)
            high = round(width * found.height / found.width)
            self.sheet.resize(width, high)
            self._set_height(width, high)
            bar = self.port.verticalScrollBar()
            bar.setValue(bar.maximum() if self._at_end else 0)
            said = f"Page {page + 1} of {self._pages}"
            self.sheet.setAccessibleName(said)
            self.port.setAccessibleName(said)
            self.port.setAccessibleDescription(found.words)
            announce(self.port, said)

        self._task = self.app.runner.call(work, show)

    def _set_height(self, width: int, high: int) -> None:
        """A page that fits is shown whole and the screen scrolls; a larger one scrolls in a frame as high as fits."""
        room = self._room()
        if width <= room:
            self.port.setFixedHeight(high + 2)
        else:
            self.port.setFixedHeight(min(high, round(room * RATIO), max(260, self.window().height() - 200)))

    def _say_where(self) -> None:
        self.where.setText(f"Page {self._page + 1} of {self._pages}" if self._pages else "")
        for widget in (self.before, self.after, self.zoom):
            widget.setVisible(self._pages > 0)
        self.before.setEnabled(self._page > 0)
        self.after.setEnabled(self._page + 1 < self._pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._data and event.size().width() != event.oldSize().width():
            self._draw()


def _with_edge(picture: QPixmap) -> QPixmap:
    """The sheet with a hairline round it: white paper on a white card has no end otherwise."""
    painter = QPainter(picture)
    painter.setPen(QColor(128, 128, 128, 130))
    painter.drawRect(0, 0, picture.width() - 1, picture.height() - 1)
    painter.end()
    return picture
