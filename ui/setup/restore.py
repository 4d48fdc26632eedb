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
from ui.setup.ways_in import WaysIn
from ui.toast import announce
from ui.widgets import Busy, button, flow, label
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.services.profile import Me, Profile
    from desktop_app.services.restoring import Choice, Rescued

_FILE = Qt.ItemDataRole.UserRole
MOST_IN_SIGHT = 5  # backups; the others are scrolled to
HERE = (
    "What can still be read of the records here comes first; the backup fills in what cannot. The file that is there now "
    "is moved aside, not removed. What was deleted for good stays deleted."
)
NEW = (
    "A backup of your own records, or the file your predecessor made for you, holds everything up to its day. It opens "
    "with the passphrase or the spare key that belongs to it. What was deleted for good stays deleted."
)


class RestoreBox(QDialog):
    """Three steps in one box. Nothing is changed before "Put back", and nothing is ever overwritten."""

    def __init__(self, app: AppContext, entered: Callable[[Me], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from desktop_app.services.restoring import choices

        self.app = app
        self._entered = entered
        self._me: Me | None = None
        self.setWindowTitle("Put a backup back - Branch Evidence")
        self.setAccessibleName("Put a backup back")
        self.setMinimumWidth(520)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        column.addWidget(label("Put a backup back", "h2"))
        self.words = label(HERE if app.paths.exists() else NEW)
        column.addWidget(self.words)
        self.list = QListWidget()
        self.list.setAccessibleName("Backups, newest first")
        for choice in choices(app.paths):
            self._add(choice.path, _in_words(choice))
        self.none = label("There is no backup in the folder of the records. Choose one from another drive.", "muted")
        column.addWidget(self.none)
        self.none.setVisible(self.list.count() == 0)
        column.addWidget(self.list)
        self.list.setVisible(self.list.count() > 0)
        if self.list.count():
            self.list.setCurrentRow(0)
        self.elsewhere = button("Choose a backup from another place…", self._choose, "link")
        column.addWidget(flow([self.elsewhere]))
        self.ways = WaysIn(self._took)
        self.ways.entered.connect(self.put_back)
        column.addWidget(self.ways)
        self.field: QLineEdit = self.ways.field
        self.wrong = label("", "error")
        self.wrong.hide()
        self.ways.changed.connect(self.wrong.hide)
        self.ways.rearranged.connect(lambda: dialogs.grow(self))
        column.addWidget(self.wrong)
        self.busy = Busy()
        column.addWidget(self.busy)
        self.go = button("Put back", self.put_back, "primary")
        self.leave = button("Leave it", self.reject)
        column.addWidget(flow([self.go, self.leave]))
        column.addStretch(1)
        self.go.setDefault(True)  # now that it is in the box: Return in the field would else press its first button
        (self.field if self.list.count() else self.elsewhere).setFocus()

    def _add(self, path: Path, words: str) -> None:
        item = QListWidgetItem(words)
        item.setData(_FILE, str(path))
        self.list.addItem(item)
        shown = min(self.list.count(), MOST_IN_SIGHT)
        self.list.setFixedHeight(shown * max(self.list.sizeHintForRow(0), 20) + 2 * self.list.frameWidth() + 4)

    def _choose(self) -> None:
        path = dialogs.open_file(self, "Choose a backup", "Backup (*.branchbackup);;All files (*)")
        if path is None:
            return

        def look() -> Choice:
            from desktop_app.services.restoring import choice

            return choice(path)

        self._wait("Reading the backup through once…")
        self.app.runner.call(look, self._chosen, self._failed)

    def _chosen(self, found: Choice) -> None:
        self._go_free()
        self.wrong.hide()
        self._add(found.path, f"{_in_words(found)}: {found.path.name}")
        self.none.hide()
        self.list.show()
        self.list.setCurrentRow(self.list.count() - 1)
        dialogs.grow(self)
        self.field.setFocus()

    def _took(self) -> None:
        """The file from the office was asked for."""
        path = dialogs.open_file(self, "The file from the office", "From the office (*.branchrescue);;All files (*)")
        if path is not None:
            self.ways.take_office_file(path)

    def put_back(self) -> None:
        """Start on the worker; the box stays until it is done."""
        if self._me is not None:
            self._go_on()
            return
        missing = self.ways.missing()
        if missing:
            self._say_wrong(missing)
            self.field.setFocus()
            return
        given, paths, item = self.ways.given(), self.app.paths, self.list.currentItem()
        file = Path(str(item.data(_FILE))) if item is not None else None
        if file is None and not paths.exists():
            self._say_wrong("Choose a backup first.")
            self.elsewhere.setFocus()
            return

        def opener() -> tuple[Profile, tuple[Me, Rescued]]:
            from desktop_app.services.restoring import put_back

            profile, told = put_back(
                paths, file, passphrase=given.passphrase, spare_key=given.spare_key, office_file=given.office_file
            )
            return profile, (profile.me, told)

        self._wait("Reading what is there, and putting it back. A large set of records takes some minutes.")
        self.app.runner.open(opener, self._done, self._failed)

    def _done(self, said: tuple[Me, Rescued]) -> None:
        self.busy.end()
        self._me, told = said
        lines = [f"Put back: {number_of(told.records, 'record')} and {number_of(told.drafts, 'draft')}."]
        if told.backup_utc:
            lines.append(f"The backup is of {_date(told.backup_utc)}, {_time(told.backup_utc)}.")
        lines += ["Missing:", *told.missing] if told.missing else ["Nothing that was there is missing."]
        if told.deleted:
            lines.append(
                f"{number_of(told.deleted, 'record')} that had been deleted for good since then was deleted again."
                if told.deleted == 1
                else f"{number_of(told.deleted, 'record')} that had been deleted for good since then were deleted again."
            )
        if told.aside is not None:
            lines.append(f"The file that was here before is kept as {told.aside.name}.")
        self.words.setText("\n".join(lines))
        announce(self.words, " ".join(lines))
        for widget in (self.list, self.elsewhere, self.ways, self.wrong, self.none, self.leave):
            widget.hide()
        dialogs.grow(self)
        self.go.setText("Go on")
        self.go.setEnabled(True)
        self.go.setFocus()

    def _failed(self, problem: Exception) -> None:
        self._go_free()
        if isinstance(problem, WorldError):
            self._say_wrong(str(problem))
            self.field.setFocus()
            self.field.selectAll()
        else:
            dialogs.show_error(self, problem)

    def _wait(self, words: str) -> None:
        for widget in (self.go, self.leave, self.ways, self.list, self.elsewhere):
            widget.setEnabled(False)
        self.busy.start(words)

    def _go_free(self) -> None:
        self.busy.end()
        for widget in (self.go, self.leave, self.ways, self.list, self.elsewhere):
            widget.setEnabled(True)

    def _say_wrong(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.show()
        dialogs.grow(self)
        announce(self.wrong, words)

    def _go_on(self) -> None:
        me, self._me = self._me, None
        spare = self.ways.given().spare_key or ""
        self.accept()
        if me is not None:
            self._entered(me)
            if spare:
                # Whoever needs the paper has no passphrase any more: a new one is the next step.
                self.app.open_page("settings", part="passphrase", spare=spare)

    def reject(self) -> None:
        """Escape: after the records were put back it goes on; while they are it waits."""
        if self._me is not None:
            self._go_on()
        elif self.go.isEnabled():
            super().reject()


def _date(utc: str) -> str:
    from desktop_app.forms.wording import british_date

    return british_date(_local(utc)[:10])


def _time(utc: str) -> str:
    return _local(utc)[11:16]


def _local(utc: str) -> str:
    from datetime import datetime

    return datetime.fromisoformat(utc.replace("Z", "+00:00")).astimezone().isoformat()


def _in_words(choice: Choice) -> str:
    age = "today" if choice.days == 0 else "a day old" if choice.days == 1 else f"{choice.days} days old"
    return f"{_date(choice.made_utc)}, {_time(choice.made_utc)}, {age}, {choice.bytes / 1_000_000:.1f} MB"
