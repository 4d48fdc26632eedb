"""The window: first run or unlock, then sidebar, screens and a status line; locking; and getting out safely."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from desktop_app.errors import WorldError
from ui import dialogs, preferences, shortcuts
from ui.context import AppContext, Toast
from ui.instance import OneWindow
from ui.preferences import Preferences

if TYPE_CHECKING:
    from desktop_app.services.profile import Me, Profile
    from ui.frame import Frame
    from ui.system_lock import SystemLock

FRAME = QSize(16, 44)


class MainWindow(QMainWindow):
    """One window on one person's records."""

    def __init__(self, context: AppContext, kept: Preferences | None = None) -> None:
        super().__init__()
        self.context = context
        context.setParent(self)
        self.kept = kept or Preferences()
        context.preferences = self.kept
        self.file_waiting: Path | None = None
        self.frame: Frame | None = None
        self._leaving = False
        self.setWindowTitle("Branch Evidence")
        self.setMinimumSize(QSize(480, 320))
        self.stack = QStackedWidget()
        self.stack.setObjectName("content")
        self.setCentralWidget(self.stack)
        self._size_to_screen()
        self.keys = shortcuts.install(self, self.run_action)
        context.lock_wanted.connect(self.lock)
        context.anew_wanted.connect(self._start_anew)
        self._be_the_one()
        context.toast_wanted.connect(self._toast)
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self.lock)
        self._listening = False
        self._system: SystemLock | None = None
        context.drafts.waiting_changed.connect(self._say_unsaved)
        self._show_entrance()

    def _be_the_one(self) -> None:
        dialogs.crash_folder = self.context.paths
        self.one = OneWindow(self.context.paths, self)
        self.one.wanted.connect(self.come_forward)
        self.one.watch_soon()

    # entering ----------------------------------------------------------------------------------------------------

    def _show_entrance(self, *, again: bool = False) -> None:
        """First run when nothing is set up here, else the passphrase. `again`: records were open here a moment ago, and if
        they are not there now their drive is out."""
        page: QWidget
        if again or self.context.paths.exists():
            from ui.setup.unlock import UnlockPage

            page = UnlockPage(self.context, self.entered)
        else:
            from ui.setup.wizard import SetupPage

            page = SetupPage(self.context, self.entered)
        self._replace(page)
        self._enable_keys(False)
        page.setFocus()

    def entered(self, me: Me) -> None:
        """The records are open: put in what waited, then show the sidebar and Home."""
        self.context.blockSignals(False)
        self.context.drafts.unlocked(lambda: self._begin(me))

    def _begin(self, me: Me) -> None:
        from ui.frame import Frame

        self.one.watch()  # after first run there is a folder to watch
        self._listen()
        self.context.set_me(me)
        self.frame = Frame(self.context)
        self._replace(self.frame)
        self._enable_keys(True)
        self.note_activity()
        self.frame.open_page("home", {})
        QTimer.singleShot(4000, self._back_up)
        if self.file_waiting is not None:
            path, self.file_waiting = self.file_waiting, None
            self.context.open_page("inbox" if self.context.is_office else "send", files=[path])
        for toast in self.context.what_to_say():
            self._toast(toast)

    def _back_up(self) -> None:
        """The backup at the start, behind everything a person asks for, when something changed since the last."""
        if self.frame is None:
            return

        def work(profile: Profile) -> object:
            from desktop_app.services.keeping import keep_safe_steps
            from desktop_app.services.unsaved import keep_reserve

            keep_reserve(profile.paths)
            return keep_safe_steps(profile)  # a step at a time: what is typed and read goes in between

        def failed(problem: Exception) -> None:
            if isinstance(problem, WorldError) and self.frame is not None:
                self.context.toast(f"No backup could be made today: {problem.what} {problem.do}")

        self.context.runner.db(work, None, failed, priority="bulk")

    def _listen(self) -> None:
        """From the first unlocking on, every key and click counts for the lock, and our keys come before a field's.

        Not at start-up: a filter in Python sees objects whose types are private to Qt, and at the first of them the binding
        loads every type it might be, which took a quarter of the start.
        """
        application = QApplication.instance()
        if application is not None and not self._listening:
            self._listening = True
            application.installEventFilter(self)

    def hear_the_system(self) -> None:
        """Lock when the computer goes to sleep or its screen is locked; asked for once the window is on the screen."""
        from ui.system_lock import SystemLock

        if self._system is None:
            self._system = SystemLock(self.context.platform.lock_signals, self.lock, self)

    def _replace(self, page: QWidget) -> None:
        while self.stack.count():
            old = self.stack.widget(0)
            self.stack.removeWidget(old)
            old.deleteLater()
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)

    def _enable_keys(self, on: bool) -> None:
        for action, shortcut in self.keys.items():
            shortcut.setEnabled(on or action in ("keys",))

    # locking -----------------------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Write what is being typed, close the records, forget every page, ask for the passphrase."""
        if self.frame is None:
            return
        self._idle.stop()
        # First of all out of sight, then written: a jotting in its box belongs to what is going away.
        frame, self.frame = self.frame, None
        frame.hide()
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QDialog) and box.isVisible():
                box.reject()
        self.context.runner.leave()  # the backup too: the next start makes it
        self.context.flush()
        practice = self.context.is_practice
        self.context.set_me(None)
        # What is still being written answers to pages on their way out: they must ask for nothing more.
        self.context.blockSignals(True)
        # With a full disk the last words cannot be written: then they are sealed, and the key is dropped all the same.
        self.context.drafts.lock()
        self._show_entrance(again=not practice)

    def _say_unsaved(self) -> None:
        problem = self.context.drafts.problem
        if problem is not None and self.frame is not None:
            why = f": {problem}" if isinstance(problem, WorldError) else "."
            self.frame.toast(Toast(f"What you typed last could not be saved yet, and is tried again{why}"))

    def _lose_typing(self) -> bool:
        answers = ["Leave it open", "Close, and lose what was typed last"]
        said = ["What you typed last could not be saved: the disk is full or cannot be written to. Your records are safe.",
                "Make room, or put the drive back: it is tried again every few seconds."]  # fmt: skip
        return dialogs.choose(self, "Not everything is saved", said, answers) == 1

    def _start_anew(self) -> None:
        """These records were wiped, or lie in another folder now: nothing is written any more here."""
        self._idle.stop()
        self.frame = None
        self.context.drafts.forget()
        self.context.what_to_say()
        self.context.set_me(None)
        self.context.runner.close()
        self.one.leave()
        self._be_the_one()
        self._show_entrance()

    def come_forward(self, file: str = "") -> None:
        """The program was started a second time: show this window, and what that start was to open."""
        self.setWindowState(self.windowState() & ~QtCore.Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        if file and self.frame is not None:
            self.context.open_page("inbox" if self.context.is_office else "send", files=[Path(file)])
        elif file:
            self.file_waiting = Path(file)

    def note_activity(self) -> None:
        if self.frame is not None:
            self.frame.ahead.wait()
        if self.frame is not None and self.kept.lock_minutes > 0 and not self.context.is_practice:
            self._idle.start(self.kept.lock_minutes * 60_000)
        else:
            self._idle.stop()

    def eventFilter(self, watched: QObject, event: QtCore.QEvent) -> bool:
        # Opening a page sends thousands of events through here: what is no key, click or wheel goes by at the first word.
        if not isinstance(event, QtGui.QInputEvent):
            return False
        if self.frame is not None and event.type() in _activity():
            self.note_activity()
        if isinstance(event, QtGui.QKeyEvent):
            return shortcuts.ours_first(event)
        if isinstance(event, QtGui.QWheelEvent) and isinstance(watched, QComboBox):
            return _scroll_beyond(watched, event)
        return False

    def warm_up(self) -> None:
        """On the worker's thread: remove what a run that died left open in other programs, which lies in the clear and must
        not wait for a passphrase; then import what unlocking needs while the person types."""
        paths = self.context.paths

        def work() -> None:
            from desktop_app.services.tidying import wipe_opened_copies

            if self.frame is None:
                wipe_opened_copies(paths)
            _import_core()

        self.context.runner.call(work)

    # the keys ----------------------------------------------------------------------------------------------------

    def run_action(self, action: str) -> None:
        """Do what a key or a menu asks for (the names in `shortcuts.KEYS`)."""
        if action == "keys":
            from ui.pages.key_list import KeyListDialog

            dialogs.run(KeyListDialog(self))
        elif self.frame is not None:
            self.frame.run_action(action)

    # the rest ----------------------------------------------------------------------------------------------------

    def _toast(self, toast: Toast) -> None:
        if self.frame is not None:
            self.frame.toast(toast)

    def _size_to_screen(self) -> None:
        # The system puts a title bar and borders round what is sized here.
        room = self.screen().availableGeometry().size() - FRAME
        width = self.kept.width or 1180
        height = self.kept.height or 760
        self.resize(min(width, room.width()), min(height, room.height()))
        self._whole_screen = self.kept.maximised or room.width() < 1000

    def appear(self) -> None:
        """Show the window as it was left; over the whole screen where there is little room."""
        if self._whole_screen:
            self.showMaximized()
        else:
            self.show()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Drafts are written, the records are closed, the window goes. Asked is only before typing would be lost."""
        if not self._leaving:
            self._leaving = True
            frame, self.frame = self.frame, None
            if frame is not None:
                frame.hide()
            self.context.flush()
            if self.context.drafts.unwritten() and not self._lose_typing():
                self._leaving, self.frame = False, frame
                if frame is not None:
                    frame.show()
                event.ignore()
                return
            self.kept.maximised = self.isMaximized()
            if not self.kept.maximised:
                self.kept.width, self.kept.height = self.width(), self.height()
            preferences.save(self.context.paths, self.kept)
            application = QApplication.instance()
            if application is not None:
                application.removeEventFilter(self)
            self.context.runner.shut_down()
            self.one.leave()
        event.accept()


def _scroll_beyond(box: QWidget, event: QtCore.QEvent) -> bool:
    """A wheel over a closed list must not choose something else: what the list stands on scrolls."""
    above = box.parentWidget()
    while above is not None and not isinstance(above, QAbstractScrollArea):
        above = above.parentWidget()
    if isinstance(above, QAbstractScrollArea):
        QApplication.sendEvent(above.verticalScrollBar(), event)
    return True


@cache
def _activity() -> frozenset[QtCore.QEvent.Type]:
    """What counts as somebody being there."""
    kinds = QtCore.QEvent.Type
    return frozenset((kinds.KeyPress, kinds.MouseButtonPress, kinds.MouseMove, kinds.Wheel, kinds.TouchBegin))


def _import_core() -> None:
    """What the first page after unlocking needs; the forms are parsed once and kept."""
    import desktop_app.services.recording
    import desktop_app.services.sending  # noqa: F401
    from desktop_app.services.form_library import SHIPPED, shipped_form

    for form in SHIPPED:
        shipped_form(form)


__all__ = ["MainWindow"]
