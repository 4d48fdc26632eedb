"""Ctrl+J: one box. What is written becomes an evidence draft with today's date; it is sorted later."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from ui.context import AppContext
from ui.forms import spelling
from ui.widgets import button, flow, label

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile


KEEP_MS = 1000  # after the last key, as on a record's page


class InHand(QObject):
    """Keeps what stands in a box of words while it is typed. `name` is the jotting's, wherever its words are; `gone` says
    that they are on their way elsewhere under it, and the next words are another jotting."""

    def __init__(self, app: AppContext, box: QPlainTextEdit) -> None:
        super().__init__(box)
        self._app, self._box = app, box
        self.name = str(uuid4())
        self._soon = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._soon.timeout.connect(lambda: self._keep(self._box.toPlainText()))
        box.textChanged.connect(self._soon.start)

    def gone(self) -> None:
        self._soon.stop()
        self.name = str(uuid4())

    def _keep(self, text: str) -> None:
        name = self.name

        def work(profile: Profile) -> None:
            from desktop_app.services import jottings

            jottings.keep(profile, name, text)

        if self._app.runner.is_open:
            # A full disk is said by the draft itself; the words are still in the box.
            self._app.runner.db(work, failed=lambda _problem: None, priority="draft")


class JotBox(QFrame):
    """Floats over the page; Ctrl+Enter keeps the jotting, Esc leaves without losing what was typed.

    What is typed and not kept stays in the box until the records are locked, and is then kept as a draft; so it is at
    the next start when the program died meanwhile.
    """

    _came_from: QWidget | None = None

    def __init__(self, app: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.app = app
        self.setObjectName("jot")
        self.setProperty("kind", "card")
        self.setAccessibleName("Jot something down")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.addWidget(label("Jot something down", "h2"))
        column.addWidget(label("Roles and kinds of school, not names. It becomes a draft under Evidence.", "muted"))
        self.box = QPlainTextEdit()
        self.box.setAccessibleName("What you want to remember")
        self.box.setTabChangesFocus(True)
        self.box.installEventFilter(self)
        self.in_hand = InHand(app, self.box)
        self.spelling = spelling.attach(self.box)
        spelling.begin(app)
        column.addWidget(self.box, 1)
        self.keep = button("Keep it", self.keep_it, "primary", hint="Ctrl+Enter")
        column.addWidget(
            flow([self.keep, button("Keep and open", lambda: self.keep_it(open_it=True)), button("Close", self.leave)])
        )
        app.flush_with(self)
        parent.installEventFilter(self)

    @classmethod
    def open_over(cls, app: AppContext, parent: QWidget) -> JotBox:
        """Show the box over `parent`, with whatever was left in it."""
        found = parent.findChild(cls)
        box = found if isinstance(found, cls) else cls(app, parent)
        focus = QApplication.focusWidget()
        if focus is not None and not box.isAncestorOf(focus):
            box._came_from = focus
        box._place()
        box.show()
        box.raise_()
        box.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return box

    def keep_it(self, *, open_it: bool = False) -> None:
        """Make a draft of it."""
        text = self.box.toPlainText().strip()
        if not text:
            self.leave()
            return

        from desktop_app.services.unsaved import Typed

        def kept(record_id: str) -> None:
            self.app.changed(record_id)
            if open_it:
                self.app.open_record(record_id)
            else:
                self.app.toast("Kept as a draft under Evidence.", lambda: self.app.open_record(record_id), "Open it")

        self.box.clear()
        # The box is empty from here on: until it is written, only the queue has the words.
        name = self.in_hand.name
        self.app.drafts.write(name, Typed(record=name, jotting=text), kept)
        self.in_hand.gone()
        self.leave()

    def flush(self) -> None:
        """Locking or closing: what was typed is kept rather than lost."""
        if self.box.toPlainText().strip() and not self._staying():
            self.keep_it()

    def _staying(self) -> bool:
        # Changing the page flushes too; only a window that is going away must take the words along.
        window = self.window()
        return self.isVisible() and window.isVisible() and getattr(window, "frame", None) is self.parentWidget()

    def leave(self) -> None:
        self.hide()
        back = self._came_from or self.parentWidget()
        if back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)  # on with what one was at
        elif self.parentWidget() is not None:
            self.parentWidget().setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self.box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
            ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.keep_it()
                return True
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        parent = self.parentWidget()
        width, height = min(560, parent.width() - 32), min(300, parent.height() - 48)
        self.setGeometry((parent.width() - width) // 2, max(16, (parent.height() - height) // 3), width, height)
