"""The only door to modal boxes. Tests replace these functions; no other module calls `exec`.

`show_error` sorts the three kinds of error (errors.py): the world's in its three sentences, ours with a report that holds
no answers, cancelled in silence.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from PySide6 import QtCore, QtWidgets
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.errors import Cancelled, WorldError
from desktop_app.paths import ProfilePaths
from ui.widgets import button, label

crash_folder: ProfilePaths | None = None  # set by the application; crash reports are kept there


def run(dialog: QDialog) -> int:
    """Show a modal dialog until it is answered."""
    fit(dialog)
    return int(dialog.exec())


def fit(dialog: QDialog) -> None:
    """As high as its wrapped words need at its width; Qt's own guess is for a squarer box and cuts the last line."""
    layout = dialog.layout()
    sized = dialog.testAttribute(QtCore.Qt.WidgetAttribute.WA_Resized)  # it knows itself how large it is to be
    if layout is not None and layout.hasHeightForWidth() and not dialog.isVisible() and not sized:
        dialog.ensurePolished()
        width = max(dialog.minimumWidth(), min(dialog.sizeHint().width(), 560))
        dialog.resize(width, layout.totalHeightForWidth(width))


def grow(dialog: QDialog) -> None:
    """Once more has come into a box that is shown: as high as it needs, and the screen allows, never lower."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        most = dialog.screen().availableSize().height() - 60
        dialog.resize(dialog.width(), min(most, max(dialog.height(), layout.totalHeightForWidth(dialog.width()))))


def show_error(parent: QWidget | None, problem: BaseException) -> None:
    """Say what happened, what is safe, what to do."""
    if isinstance(problem, Cancelled):
        return
    if isinstance(problem, WorldError):
        run(_box(parent, problem.what, [problem.safe, problem.do], details=problem.code))
    else:
        show_crash(parent, problem)


def show_crash(parent: QWidget | None, problem: BaseException) -> None:
    """An error of ours: everything saved is safe, a report without answers was kept."""
    report = crash_report(problem)
    kept = _keep(report)
    run(
        _box(
            parent,
            "Something in Branch Evidence went wrong.",
            [
                "Everything that was saved is safe; what you typed in the last five seconds may be missing.",
                "Close this and go on, or close the program and open it again. If it happens again, send the text below "
                "to the office: it holds no answers." + (f" It is kept in {kept}." if kept else ""),
            ],
            details=report,
        )
    )


def crash_report(problem: BaseException) -> str:
    """Where in our code it happened: files, lines and functions. No values and no message, so no answers."""
    from desktop_app import __version__

    lines = [f"Branch Evidence {__version__}, Python {sys.version.split()[0]}, {sys.platform}", type(problem).__name__]
    for frame in traceback.extract_tb(problem.__traceback__):
        lines.append(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}")
    return "\n".join(lines)


def _keep(report: str) -> str:
    if crash_folder is None or not crash_folder.folder.exists():
        return ""
    from datetime import datetime

    from desktop_app import files

    path = crash_folder.crashes / f"{datetime.now():%Y-%m-%d-%H%M%S}.txt"
    try:
        files.make_dirs(crash_folder.crashes)
        files.write_atomic(path, report.encode())
    except (WorldError, OSError):
        return ""  # the report is on the screen all the same
    return str(path)


def inform(parent: QWidget | None, title: str, *sentences: str, details: str = "") -> None:
    """One thing to read and close."""
    run(_box(parent, title, list(sentences), details=details))


def choose(parent: QWidget | None, title: str, sentences: Sequence[str], answers: Sequence[str]) -> int:
    """Ask; returns the place of the answer in `answers`, or -1 when the box was left. None is pre-selected."""
    dialog = _frame(parent, title, sentences)
    box = QtWidgets.QDialogButtonBox()
    for place, words in enumerate(answers):
        made = button(words, lambda place=place: dialog.done(place + 10))
        box.addButton(made, QtWidgets.QDialogButtonBox.ButtonRole.ActionRole)
    dialog.layout().addWidget(box)
    answer = run(dialog) - 10
    return answer if answer >= 0 else -1


def open_files(parent: QWidget | None, title: str, pattern: str = "All files (*)") -> list[Path]:
    """Files the person chooses; empty when they leave the box."""
    from PySide6.QtWidgets import QFileDialog

    found, _ = QFileDialog.getOpenFileNames(parent, title, str(Path.home()), pattern)
    return [Path(name) for name in found]


def open_file(parent: QWidget | None, title: str, pattern: str = "All files (*)") -> Path | None:
    from PySide6.QtWidgets import QFileDialog

    found, _ = QFileDialog.getOpenFileName(parent, title, str(Path.home()), pattern)
    return Path(found) if found else None


def save_file(parent: QWidget | None, title: str, name: str, pattern: str) -> Path | None:
    """Where to save; the box itself asks before an existing file is replaced."""
    from PySide6.QtWidgets import QFileDialog

    found, _ = QFileDialog.getSaveFileName(parent, title, str(Path.home() / name), pattern)
    return Path(found) if found else None


def choose_folder(parent: QWidget | None, title: str) -> Path | None:
    from PySide6.QtWidgets import QFileDialog

    found = QFileDialog.getExistingDirectory(parent, title, str(Path.home()))
    return Path(found) if found else None


def _frame(parent: QWidget | None, title: str, sentences: Sequence[str]) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle("Branch Evidence")
    dialog.setMinimumWidth(min(460, parent.window().width() - 40) if parent is not None else 460)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(24, 20, 24, 18)
    layout.setSpacing(10)
    layout.addWidget(label(title, "h2", select=True))
    for sentence in sentences:
        if sentence:
            layout.addWidget(label(sentence, select=True))
    dialog.setAccessibleName(title)
    return dialog


def _box(parent: QWidget | None, title: str, sentences: Sequence[str], details: str = "") -> QDialog:
    dialog = _frame(parent, title, sentences)
    if details:
        text = QtWidgets.QPlainTextEdit(details)
        text.setReadOnly(True)
        text.setAccessibleName("Details")
        text.setMaximumHeight(140)
        text.hide()

        def toggle() -> None:
            text.setVisible(not text.isVisible())
            dialog.resize(dialog.width(), dialog.layout().totalHeightForWidth(dialog.width()))

        more = button("Details", toggle, "link")
        dialog.layout().addWidget(more)
        dialog.layout().addWidget(text)
    box = QtWidgets.QDialogButtonBox()
    close = button("Close", dialog.accept, "primary")
    box.addButton(close, QtWidgets.QDialogButtonBox.ButtonRole.AcceptRole)
    dialog.layout().addWidget(box)
    close.setFocus()
    return dialog
