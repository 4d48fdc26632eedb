"""An e-mail with a PDF: open it, then ask the only question whose answer no program can know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import dialogs
from ui.context import AppContext
from ui.toast import announce
from ui.widgets import button, clear, notice

if TYPE_CHECKING:
    from desktop_app.platform import MailRoute

QUESTION = "Did the e-mail open with the file attached?"
QUESTION_BY_HAND = "Is the file attached now?"


class MailAsk(QWidget):
    """At the head of the Reports page after "E-mail it": the question, and what to do by hand when it did not."""

    closed = Signal()

    def __init__(self, app: AppContext) -> None:
        super().__init__()
        self.app = app
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def open_mail(self, path: Path, *, title: str, shareable: bool, locked: bool) -> None:
        """Open the person's mail program with `path` attached, as far as this system can, and ask."""
        platform = self.app.platform

        def work() -> tuple[MailRoute, str]:
            # Off the window's thread: asking the system for its mail program can take seconds.
            from desktop_app.services import mailing

            letter = mailing.report_letter(path, title=title, shareable=shareable)
            return mailing.open_letter(letter, platform), letter.warning

        def opened(found: tuple[MailRoute, str]) -> None:
            route, warning = found
            secret = "Tell the password by telephone, not in this e-mail." if locked else ""
            asked = QUESTION if route.attaches else QUESTION_BY_HAND
            words = [route.say, warning, "Use your union account.", secret, asked]
            self._say(
                " ".join(part for part in words if part),
                "notice",
                button("Yes", lambda: self._yes(path), "primary"),
                button("No", lambda: self._no(path)),
                button("Show the PDF", lambda: self.app.platform.open_folder(path)),
            )

        self.app.runner.aside(work, opened, lambda problem: dialogs.show_error(self, problem))

    def _say(self, words: str, kind: str, *buttons: object) -> QFrame:
        clear(self.column)
        box = notice(words, kind, *buttons)  # type: ignore[arg-type]
        box.setAccessibleName(words)
        self.column.addWidget(box)
        self.show()
        announce(self, words)
        buttons[0].setFocus()  # type: ignore[attr-defined]
        return box

    def _yes(self, path: Path) -> None:
        self._say(
            f"Good. Look once more at the sender and the receiver, then send it. The copy {path.name} stays in "
            f"{path.parent} until you delete it: your mail program needs it until the e-mail has gone.",
            "notice-good",
            button("It has gone: delete the copy", lambda: self._delete(path)),
            button("Keep the copy for now", self.close_it),
        )

    def _no(self, path: Path) -> None:
        self.app.platform.open_folder(path)
        self._say(
            f"Then by hand: start an e-mail from your union account, choose Attach, and take {path.name} from "
            f"{path.parent}. The folder should be open now; you can also pull the file from it into the e-mail.",
            "notice",
            button("It is attached now", lambda: self._yes(path)),
            button("Show the PDF", lambda: self.app.platform.open_folder(path)),
            button("Not now", self.close_it),
        )

    def _delete(self, path: Path) -> None:
        def work(profile: object) -> int:
            from desktop_app.services import copies

            return len(copies.delete(profile, [str(path.absolute())]))  # type: ignore[arg-type]

        def done(left: int) -> None:
            self.close_it()
            if left:
                self.app.toast(f"{path.name} is still open in another program. Home reminds you of it.")
            else:
                self.app.toast(f"Deleted the copy {path.name}. You can make it again at any time.")
            self.app.changed()

        self.app.runner.db(work, done)

    def close_it(self) -> None:
        clear(self.column)
        self.hide()
        self.closed.emit()
