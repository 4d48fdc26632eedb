"""Pictures of ten pages of the real window on real records: `python -m ui.pictures PROFILE OUTDIR --passphrase-file F`.

The demonstration and the bundle's check use it. The records are only read. With no display, set
``QT_QPA_PLATFORM=offscreen`` (done by itself on Linux when there is neither X nor Wayland).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.errors import WorldError
from desktop_app.paths import ProfilePaths

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from ui.main_window import MainWindow

WIDTH, HEIGHT = 1280, 800
PATIENCE_MS = 60_000
LOOKS = 40
Step = tuple[str, Callable[["MainWindow"], object]]


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0 when every page was pictured; 1, with the reason, when the records could not be opened."""
    parser = argparse.ArgumentParser(prog="ui.pictures", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("profile", type=Path)
    parser.add_argument("outdir", type=Path)
    parser.add_argument("--passphrase-file", type=Path, required=True)
    parser.add_argument("--look", choices=("light", "dark"), default="light")
    parser.add_argument("--size", default=f"{WIDTH}x{HEIGHT}", help="WIDTHxHEIGHT in logical pixels")
    found = parser.parse_args(argv)
    width, height = (int(part) for part in found.size.lower().split("x"))
    passphrase = found.passphrase_file.read_text(encoding="utf-8").splitlines()[0]
    try:
        for path in take(found.profile, found.outdir, passphrase, look=found.look, size=(width, height)):
            print(path)
    except WorldError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def take(
    profile: Path, outdir: Path, passphrase: str, *, look: str = "light", size: tuple[int, int] = (WIDTH, HEIGHT)
) -> list[Path]:
    """Open the window on `profile`, visit ten pages, write a PNG of each. Raises `WorldError`."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, Qt

    from desktop_app import files
    from desktop_app.platform.fake import FakePlatform
    from ui.app import application, build

    app = application()
    app.setCursorFlashTime(0)
    window = build(app, ProfilePaths(profile), look)
    window.context.platform = FakePlatform()
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(*size)
    window.show()
    problems: list[Exception] = []
    window.context.runner.unhandled = problems.append
    made = []
    try:
        _unlock(window, passphrase)
        files.make_dirs(outdir)
        steps = _office_steps() if window.context.is_office else _branch_steps()
        for number, (name, go) in enumerate(steps, 1):
            go(window)
            _settle(window)
            if problems:
                raise problems[0]
            window.resize(*size)
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            _at_rest(window).save(buffer, "PNG")  # type: ignore[call-overload]
            path = outdir / f"{number:02d}-{name}.png"
            files.write_atomic(path, bytes(buffer.data().data()), private=False)
            made.append(path)
    finally:
        window.close()
    return made


def _unlock(window: MainWindow, passphrase: str) -> None:
    from ui.setup.unlock import UnlockPage

    page = window.stack.currentWidget()
    if not isinstance(page, UnlockPage):
        raise WorldError("There are no records in this folder.", do="Give the folder that holds them.", code="E-NOPROFILE")
    page.field.setText(passphrase)
    page.unlock()
    _wait(lambda: window.frame is not None or page.wrong.isVisible())
    if window.frame is None:
        raise WorldError(page.wrong.text(), code="E-KEY")
    _settle(window)


def _open(name: str, **options: object) -> Callable[[MainWindow], object]:
    def go(window: MainWindow) -> None:
        assert window.frame is not None
        window.frame.open_page(name, dict(options))

    return go


def _first_record(name: str) -> Callable[[MainWindow], object]:
    """Open a list and the newest record in it."""

    def go(window: MainWindow) -> None:
        from ui.pages.record_list import RecordListPage

        assert window.frame is not None
        page = window.frame.open_page(name, {})
        _settle(window)
        if isinstance(page, RecordListPage) and (row := page.panel.model.row(0)) is not None:
            page.open(row.id)

    return go


def _report(kind: str, form: str = "") -> Callable[[MainWindow], object]:
    def go(window: MainWindow) -> None:
        assert window.frame is not None
        window.frame.open_page("reports", {"kind": kind, "form": form, "audience": "union"})
        _settle(window)
        _pause(400)  # the page waits a moment after a choice before it draws

    return go


def _branch_steps() -> list[Step]:
    return [
        ("home", _open("home")),
        ("evidence", _open("evidence")),
        ("evidence-record", _first_record("evidence")),
        ("senco-meeting", _first_record("senco_meetings")),
        ("plan", _first_record("plans")),
        ("actions", _open("actions")),
        ("reports", _report("authority_dossier")),
        ("send-and-receive", _open("send")),
        ("settings", _open("settings")),
        ("what-the-union-asked", _open("help", topic="asked")),
    ]


def _office_steps() -> list[Step]:
    return [
        ("home", _open("home")),
        ("inbox", _open("inbox")),
        ("records", _open("records")),
        ("record", _first_record("records")),
        ("overview", _open("overview")),
        ("records-of-concern", _open("records", filters={"concern": True})),
        ("reports", _report("authority_dossier")),
        ("blank-form", _report("blank_form", "evidence")),
        ("settings", _open("settings")),
        ("what-the-union-asked", _open("help", topic="asked")),
    ]


def _settle(window: MainWindow) -> None:
    """Wait until nothing asked for is unanswered, twice in a row: an answer may ask for more."""
    for _ in range(2):
        _wait(lambda: not window.context.runner.busy)
        _pause(80)


def _at_rest(window: MainWindow) -> QPixmap:
    """The window once two looks at it show the same: on a busy computer pages go on arranging themselves for a while."""
    before = None
    for _ in range(LOOKS):
        _pause(100)
        _wait(lambda: not window.context.runner.busy)
        picture = window.grab()
        image = picture.toImage()
        if image == before:
            break
        before = image
    return picture


def _wait(ready: Callable[[], bool]) -> None:
    from PySide6.QtCore import QElapsedTimer

    clock = QElapsedTimer()
    clock.start()
    while not ready():
        if clock.elapsed() > PATIENCE_MS:
            raise WorldError("The page did not come up in time.", do="Try again on a quieter computer.")
        _pause(20)


def _pause(milliseconds: int) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    import multiprocessing

    multiprocessing.freeze_support()
    sys.exit(main())
