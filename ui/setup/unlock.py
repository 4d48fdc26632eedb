"""The way in to records that are there: passphrase, or the spare key on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop_app.errors import KeySlotError, WorldError
from ui import dialogs
from ui.context import AppContext
from ui.forms.flow import LinesLayout
from ui.setup.entrance import Entrance
from ui.widgets import Busy, button, flow, label

if TYPE_CHECKING:
    from desktop_app.services.profile import Me, Profile


class UnlockPage(Entrance):
    """Takes keys at once; everything dear is imported by the worker while the person types."""

    def __init__(self, app: AppContext, entered: Callable[[Me], None]) -> None:
        super().__init__(app)
        self._entered = entered
        self._with_spare = False
        self.heading = self.put(label("Unlock your records", "h1"))
        self.asked = label("Passphrase", "h3")
        self.put(self.asked)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Passphrase")
        self.field.returnPressed.connect(self.unlock)
        self.field.textEdited.connect(lambda _text: self.wrong.hide())
        self.show_it = button("Show", self._toggle_echo, "quiet", name="Show the passphrase")
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.field, 1)
        across.addWidget(self.show_it)
        self.put(row)
        self.wrong = label("", "error")
        self.wrong.hide()
        self.put(self.wrong)
        self.busy = Busy()
        self.put(self.busy)
        self.go = button("Unlock", self.unlock, "primary")
        self.other = button("Use the spare key on paper", self._switch, "link")
        self.put(flow([self.go, self.other], 14, LinesLayout))
        self.help = button("I have neither", self._neither, "link")
        self.restore = button("Put a backup back", self._restore, "link")
        self.rescue = button("I have a file from the office", self._from_office, "link")
        self.put(flow([self.help, self.restore, self.rescue], 14, LinesLayout))
        self.put(label(f"The records are in {app.paths.folder}", "muted", select=True))
        self.setFocusProxy(self.field)

    def unlock(self) -> None:
        """Try what was typed."""
        typed = self.field.text()
        if not typed.strip():
            self._say_wrong("Type the spare key." if self._with_spare else "Type your passphrase.")
            return
        paths, spare = self.app.paths, self._with_spare

        def opener() -> tuple[Profile, Me]:
            from desktop_app.services import profile

            opened = profile.unlock(paths, spare_key=typed) if spare else profile.unlock(paths, passphrase=typed)
            return opened, opened.me

        def right() -> None:
            from desktop_app.storage import keys

            if spare:
                keys.open_with_spare_key(paths, typed)
            else:
                keys.open_with_passphrase(paths, typed)

        self._wait(True)
        # While typing waits to be written or sealed, a wrong passphrase must not close the records under it.
        first = right if self.app.drafts.unsealed else None
        self.app.runner.open(opener, self._opened, self._refused, first)

    def _opened(self, me: Me) -> None:
        spare = self.field.text() if self._with_spare else ""
        self.field.clear()
        self._entered(me)
        if spare:
            # Whoever needs the paper has no passphrase any more: a new one is the next step.
            self.app.open_page("settings", part="passphrase", spare=spare)

    def _refused(self, problem: Exception) -> None:
        self._wait(False)
        self.app.drafts.lock()
        if isinstance(problem, KeySlotError):
            self._say_wrong(str(problem))
            self.field.selectAll()
        elif isinstance(problem, WorldError):
            self._say_wrong(str(problem))
        else:
            dialogs.show_error(self, problem)
        self.field.setFocus()

    def _wait(self, on: bool) -> None:
        for widget in (self.field, self.go, self.other, self.show_it):
            widget.setEnabled(not on)
        if on:
            self.busy.start("Opening your records. This takes a moment on purpose: it slows down anyone who guesses.")
        else:
            self.busy.end()

    def _say_wrong(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.show()
        from ui.toast import announce

        announce(self.wrong, words)

    def _switch(self) -> None:
        self._with_spare = not self._with_spare
        spare = self._with_spare
        self.asked.setText("Spare key: eight groups of five letters and digits" if spare else "Passphrase")
        self.field.setAccessibleName("Spare key" if spare else "Passphrase")
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if spare else QLineEdit.EchoMode.Password)
        self.show_it.setVisible(not spare)
        self.other.setText("Use the passphrase" if spare else "Use the spare key on paper")
        self.wrong.hide()
        self.field.clear()
        self.field.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def _toggle_echo(self) -> None:
        hidden = self.field.echoMode() == QLineEdit.EchoMode.Password
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.show_it.setText("Hide" if hidden else "Show")
        self.show_it.setAccessibleName("Hide the passphrase" if hidden else "Show the passphrase")

    def _restore(self) -> None:
        from ui.setup.restore import RestoreBox

        box = RestoreBox(self.app, self._entered, self)
        dialogs.run(box)

    def _neither(self) -> None:
        dialogs.inform(
            self,
            "Without the passphrase or the spare key",
            "Your records are safe, but they cannot be opened here: they are encrypted, and nobody can go round that.",
            "Look for the printed sheet first. If you let the national office unlock your records when you set them up, "
            "ring the office: it sends you a file and reads out eight groups. Everything you sent is there in any case.",
            "To go on working meanwhile, move the folder of your records somewhere safe and set up new ones.",
        )

    def _from_office(self) -> None:
        """Take the file the office made, and ask for the groups it reads out."""
        path = dialogs.open_file(self, "The file from the office", "From the office (*.branchrescue);;All files (*)")
        if path is None:
            return
        from desktop_app.storage import office_slots

        try:
            office_slots.add_rescue_slot(self.app.paths, path.read_bytes())
        except WorldError as problem:
            self._say_wrong(str(problem))
            return
        except OSError as problem:
            self._say_wrong(f"This file cannot be read: {problem.strerror}. Your records are untouched.")
            return
        if not self._with_spare:
            self._switch()
        self.asked.setText("The eight groups the office reads out")
        self.field.setAccessibleName("The eight groups the office reads out")


