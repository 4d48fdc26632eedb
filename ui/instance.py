"""One window for one set of records: a second start brings the first to the front, and hands it the file it was given.

The lock is the operating system's, so it ends with the program however that ends. The message is a small file beside the
records that the first window watches: no network, not even within the computer.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from desktop_app import files
from desktop_app.errors import WorldError
from desktop_app.paths import ProfilePaths

LOCK, MESSAGE = "window.lock", "come-forward.txt"
SAID = "Branch Evidence is open already: its window comes to the front."


class OneWindow(QObject):
    """`wanted` is emitted in the first window when the program is started again; it carries a file's path or nothing."""

    wanted = Signal(str)

    def __init__(self, paths: ProfilePaths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths = paths
        self._lock = files.InstanceLock(paths.folder / LOCK)
        self._watcher: QFileSystemWatcher | None = None

    def first(self) -> bool:
        """True when no other window has these records; then this one is the first from now on.

        Where nothing is set up yet there is nothing to share, and any number of windows may set up.
        """
        if self._lock.held or not self._paths.folder.is_dir():
            return True
        try:
            self._lock.acquire()
        except WorldError as problem:
            return problem.code != "E-INUSE"  # a folder that cannot be written to says so when it is opened
        return True

    def call_the_other(self, file: str = "") -> None:
        """Ask the first window to come forward."""
        files.write_atomic(self._paths.folder / MESSAGE, str(Path(file).absolute()).encode() if file else b"")

    def watch_soon(self) -> None:
        """Be the first from now on; listen once the window is on the screen and takes keys."""
        if self._paths.folder.is_dir():
            self.first()
        soon = QTimer(self, singleShot=True, interval=150)
        soon.timeout.connect(self.watch)
        soon.start()

    def watch(self) -> None:
        """Listen for a second start; call it in the first window, again after set-up made the folder."""
        if self._watcher is None and self._paths.folder.is_dir() and self.first():
            self._watcher = QFileSystemWatcher([str(self._paths.folder)], self)
            self._watcher.directoryChanged.connect(self._look)
            self._look()

    def _look(self) -> None:
        message = self._paths.folder / MESSAGE
        if not message.exists():
            return
        try:
            file = message.read_text(encoding="utf-8")
            files.remove(message)
        except (OSError, ValueError, WorldError):
            return  # being written, or gone: the next change tells
        self.wanted.emit(file)

    def leave(self) -> None:
        """Let the next start be the first."""
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None
        self._lock.release()
