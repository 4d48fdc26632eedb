"""Starting the window and ending it: the application object, errors nobody caught, and one copy of the program at a time.

Nothing on the way to the unlock page may name `PySide6.QtCore.Qt`: at its first mention the binding builds that namespace's
ninety enumerations, a tenth of the whole start. Where an enumeration is needed there, Qt takes its value by name through
`setProperty`; a test holds this. What no key needs (the program's icon, typefaces of other scripts,
the database) waits until the window stands (`SOON_MS`).
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from desktop_app.paths import ProfilePaths, default_profile_dir, followed, resource
from ui import dialogs, preferences
from ui.context import AppContext
from ui.instance import SAID, OneWindow
from ui.main_window import MainWindow
from ui.runner import TaskRunner
from ui.theme import FUSION, SOON_MS, Theme


def application() -> QApplication:
    """The one application object, named so that the desktop knows it."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication([*sys.argv[:1], "-style", FUSION])
    made.setProperty("style", FUSION)
    made.setApplicationName("branch-evidence")
    made.setApplicationDisplayName("Branch Evidence")
    made.setDesktopFileName("branch-evidence")
    made.setQuitOnLastWindowClosed(True)
    font = made.font()
    font.setHintingPreference(QFont.HintingPreference.PreferFullHinting)
    made.setFont(font)
    return made


def build(app: QApplication, paths: ProfilePaths, look: str = "") -> MainWindow:
    """The window on the records in `paths`, set up or not, not yet shown."""
    kept = preferences.load(paths)
    theme = Theme(app, look or kept.look, kept.text)  # type: ignore[arg-type]
    context = AppContext(TaskRunner(), theme, paths)
    dialogs.crash_folder = paths
    return MainWindow(context, kept)


def stay(window: MainWindow | None) -> int:
    """Stay until the window is closed; say so where there is another. Returns the exit status."""
    if window is None:
        print(SAID, file=sys.stderr)
        return 0
    status = QApplication.exec()
    window.context.runner.shut_down()
    return status


def start(profile: str = "", look: str = "", file: str = "") -> MainWindow | None:
    """Put the window on the screen; None when these records' window is open already, which then comes to the front."""
    paths = ProfilePaths(followed(Path(profile) if profile else default_profile_dir()))
    one = OneWindow(paths)
    if not one.first():
        one.call_the_other(file)
        return None
    one.leave()
    app = application()
    window = build(app, paths, look)
    _catch_our_errors(window)
    window.appear()
    # Without a window manager nobody else gives the window the keyboard.
    window.activateWindow()
    if file:
        window.file_waiting = Path(file)
    # The dear imports (the database, the forms) begin once the window is on the screen and takes keys.
    QTimer.singleShot(SOON_MS, window, lambda: _furnish(app, window))
    QTimer.singleShot(1000, window, window.hear_the_system)
    return window


def _furnish(app: QApplication, window: MainWindow) -> None:
    from PySide6.QtGui import QIcon

    gc.enable()  # put off since the start (`ui.__main__`)
    icon = resource("icons", "app.svg")
    if icon.exists():
        app.setWindowIcon(QIcon(str(icon)))
    window.warm_up()


def _catch_our_errors(window: MainWindow) -> None:
    window.context.runner.unhandled = lambda problem: dialogs.show_error(window, problem)

    def hook(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, problem, trace)
            return
        # A desktop may keep what is printed here in a log: where it happened, and nothing of what somebody wrote.
        print(dialogs.crash_report(problem.with_traceback(trace)), file=sys.stderr)
        dialogs.show_error(window, problem)

    sys.excepthook = hook
