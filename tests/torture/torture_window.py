"""A session of the real window for the search for planted words: `python -m tests.torture.torture_window FOLDER WORD PASSPHRASE`.

Says each step on standard output when it is done, so that it can be killed between any two, and ends with "end".
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from desktop_app.paths import ProfilePaths
from desktop_app.platform.fake import FakePlatform
from ui import dialogs
from ui.app import application, build
from ui.main_window import MainWindow
from ui.setup.unlock import UnlockPage


def settle(window: MainWindow) -> None:
    """Until everything asked for is answered."""
    loop = QEventLoop()
    timer = QTimer(interval=5)
    quiet = 0

    def look() -> None:
        nonlocal quiet
        quiet = 0 if window.context.runner.busy else quiet + 1
        if quiet > 3:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    loop.exec()


def unlock(window: MainWindow, passphrase: str) -> None:
    page = window.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    page.field.setText(passphrase)
    page.unlock()
    settle(window)


def session(folder: Path, word: str, passphrase: str) -> None:
    shown: list[object] = []
    dialogs.run = lambda dialog: shown.append(dialog) or 0  # type: ignore[assignment,func-returns-value]
    app = application()
    window = build(app, ProfilePaths(folder), "light")
    window.context.platform = FakePlatform()
    window.show()
    records: list[str] = []

    def jot() -> None:
        from desktop_app.services import recording

        window.context.runner.db(lambda profile: recording.jot(profile, f"{word} jotted"), records.append)

    def open_it() -> None:
        window.context.open_record(records[-1])

    def write() -> None:
        assert window.frame is not None
        page = window.frame._pages["evidence"].record
        page.form.set_answer("/data/about/summary", f"{word} in the window")
        page.form.set_answer("/data/about/title", word.title())
        page.flush()

    def search() -> None:
        assert window.frame is not None
        window.frame.open_page("evidence", {"words": word})

    def crash() -> None:
        dialogs.show_error(window, KeyError(f"{word} in a message"))

    def preview() -> None:
        from desktop_app.services import reporting

        window.context.runner.db(lambda profile: reporting.preview(reporting.prepare(profile, "record", records[-1:])))

    def copy() -> None:
        app.clipboard().setText(word)

    steps: list[Callable[[], None]] = [
        lambda: unlock(window, passphrase), jot, open_it, write, search, crash, preview, copy, window.lock,
        lambda: unlock(window, passphrase), jot, open_it, write,
    ]  # fmt: skip
    for step in steps:
        step()
        settle(window)
        print(getattr(step, "__name__", "step"), flush=True)
    print("end", flush=True)
    sys.stdin.read()  # stays open until it is killed


if __name__ == "__main__":
    session(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
