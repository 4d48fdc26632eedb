"""Putting records back: choose a backup (how old each is), unlock it, and read what was put back and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.toast import announce
from ui.widgets import Busy, button, flow, label
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.services.profile import Me, Profile
    from desktop_app.services.restoring import Choice, Rescued

_FILE = Qt.ItemDataRole.UserRole


class RestoreBox(QDialog):
    """Three steps in one box. Nothing is changed before "Put back", and nothing is ever overwritten."""

    def __init__(self, app: AppContext, entered: Callable[[Me], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from desktop_app.services.restoring import choices

        self.app = app
        self._entered = entered
        self._me: Me | None = None
        self.setWindowTitle("Put a backup back")
        self.setMinimumWidth(520)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(label("Put a backup back", "h2"))
        self.words = label(
            "What can still be read of the records here comes first; the backup fills in what cannot. The file that is "
            "there now is moved aside, not removed. What was deleted for good stays deleted."
        )
        column.addWidget(self.words)
        self.list = QListWidget()
        self.list.setAccessibleName("Backups, newest first")
        for choice in choices(app.paths):
            self._add(choice.path, _in_words(choice))
        self.none = label("There is no backup in the folder of the records. Choose one from another drive.", "muted")
        self.none.setVisible(self.list.count() == 0)
        column.addWidget(self.none)
        column.addWidget(self.list)
        self.list.setVisible(self.list.count() > 0)
        if self.list.count():
            self.list.setCurrentRow(0)
        self.elsewhere = button("Choose a backup from another place…", self._choose, "link")
        column.addWidget(flow([self.elsewhere]))
        self.asked = label("Passphrase, as it was on that day", "h3")
        column.addWidget(self.asked)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Passphrase, as it was on that day")
        self.field.returnPressed.connect(self.put_back)
        column.addWidget(self.field)
        self.wrong = label("", "error")
        self.wrong.hide()
        column.addWidget(self.wrong)
        self.busy = Busy()
        column.addWidget(self.busy)
        self.go = button("Put back", self.put_back, "primary")
        self.leave = button("Leave it", self.reject)
        column.addWidget(flow([self.go, self.leave]))

    def _add(self, path: Path, words: str) -> None:
        item = QListWidgetItem(words)
        item.setData(_FILE, str(path))
        self.list.addItem(item)

    def _choose(self) -> None:
        path = dialogs.open_file(self, "Choose a backup", "Backup (*.branchbackup)")
        if path is None:
            return
        self._add(path, f"{path.name}, from {path.parent}")
        self.none.hide()
        self.list.show()
        self.list.setCurrentRow(self.list.count() - 1)
        self.field.setFocus()

    def put_back(self) -> None:
        """Start on the worker; the box stays until it is done."""
        if self._me is not None:
            self._go_on()
            return
        typed, paths, item = self.field.text(), self.app.paths, self.list.currentItem()
        if not typed.strip():
            self._say_wrong("Type the passphrase.")
            return
        file = Path(str(item.data(_FILE))) if item is not None else None

        def opener() -> tuple[Profile, tuple[Me, Rescued]]:
            from desktop_app.services.restoring import put_back

            profile, told = put_back(paths, file, passphrase=typed)
            return profile, (profile.me, told)

        for widget in (self.go, self.leave, self.field, self.list, self.elsewhere):
            widget.setEnabled(False)
        self.busy.start("Reading what is there, and putting it back. A large set of records takes some minutes.")
        self.app.runner.open(opener, self._done, self._failed)

    def _done(self, said: tuple[Me, Rescued]) -> None:
        self.busy.end()
        self._me, told = said
        lines = [f"Put back: {number_of(told.records, 'record')} and {number_of(told.drafts, 'draft')}."]
        if told.backup_utc:
            lines.append(f"The backup is of {_date(told.backup_utc)}.")
        lines += ["Missing:", *told.missing] if told.missing else ["Nothing that was there is missing."]
        if told.aside is not None:
            lines.append(f"The file that was here before is kept as {told.aside.name}.")
        self.words.setText("\n".join(lines))
        announce(self.words, " ".join(lines))
        for widget in (self.list, self.elsewhere, self.asked, self.field, self.wrong, self.none, self.leave):
            widget.hide()
        self.go.setText("Go on")
        self.go.setEnabled(True)
        self.go.setFocus()

    def _failed(self, problem: Exception) -> None:
        self.busy.end()
        for widget in (self.go, self.leave, self.field, self.list, self.elsewhere):
            widget.setEnabled(True)
        if isinstance(problem, WorldError):
            self._say_wrong(str(problem))
            self.field.setFocus()
        else:
            dialogs.show_error(self, problem)

    def _say_wrong(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.show()
        announce(self.wrong, words)

    def _go_on(self) -> None:
        me, self._me = self._me, None
        self.accept()
        if me is not None:
            self._entered(me)

    def reject(self) -> None:
        """Escape: after the records were put back it goes on; while they are it waits."""
        if self._me is not None:
            self._go_on()
        elif self.go.isEnabled():
            super().reject()


def _date(utc: str) -> str:
    from desktop_app.forms.wording import british_date

    return british_date(utc[:10])


def _in_words(choice: Choice) -> str:
    age = "today" if choice.days == 0 else "a day old" if choice.days == 1 else f"{choice.days} days old"
    return f"{_date(choice.made_utc)}, {choice.made_utc[11:16]}, {age}, {choice.bytes / 1_000_000:.1f} MB"
