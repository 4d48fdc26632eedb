"""Replies at the office: to the branches of files just added or to every branch, one after the other."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout

from ui import dialogs
from ui.pages.reply_letters import ReplyLetters
from ui.widgets import button, clear, notice
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.services.outcomes import Step
    from desktop_app.services.profile import Profile
    from ui.pages.inbox import InboxPage


@dataclass
class Replies:
    """Replies under way: where to, for which files (none named: to every branch), and those made so far, by laptop."""

    folder: Path
    files: list[Path] | None
    made: dict[str, Path] = field(default_factory=dict)


class ReplyMaking:
    """Works for the Inbox: `box` holds the question whether to reply, `letters` the replies that were made."""

    def __init__(self, page: InboxPage) -> None:
        self._page = page
        self._app = page.app
        self._files: list[Path] = []
        self.box = QVBoxLayout()
        self.letters = ReplyLetters(page.app)

    def offer(self, files: list[Path]) -> None:
        """Ask whether the branches of these files get a reply now."""
        clear(self.box)
        self._files = files
        if files:
            self.box.addWidget(
                notice(
                    f"Reply to the branches of {number_of(len(files), 'file')}, so that they know it arrived?",
                    "notice-good",
                    button("Make the replies…", self.make, "primary"),
                    button("Later", lambda: clear(self.box)),
                )
            )

    def make(self) -> None:
        """Those offered last."""
        folder = dialogs.choose_folder(self._page, "Where shall the replies go?")
        if folder is None:
            return
        self.write(Replies(folder, self._files))

    def to_all(self) -> None:
        """A reply to every accepted laptop: a new policy, form or question goes out this way."""
        folder = dialogs.choose_folder(self._page, "Where shall the replies go?")
        if folder is not None:
            self.write(Replies(folder, None))

    def write(self, wanted: Replies) -> None:
        """One after the other, each whole; locking ends it between two, and the others can be made afterwards."""
        app, folder = self._app, wanted.folder
        self._page.busy.start("Making the replies, and reading them back…")

        def work(profile: Profile) -> Generator[tuple[int, int], None, list[Path]]:
            from desktop_app.services import receiving

            steps: Generator[Step, None, Any]
            if wanted.files is None:
                steps = receiving.reply_to_all_steps(profile, folder, wanted.made)
            else:
                steps = receiving.receive_steps(profile, wanted.files, folder, replied=wanted.made)
            while True:
                try:
                    step = next(steps)
                except StopIteration:
                    return list(wanted.made.values())
                yield step.file, step.files

        def done(replies: list[Path]) -> None:
            self._page.busy.end()
            clear(self.box)
            self.letters.show_replies(replies)
            self._app.toast(
                f"{number_of(len(replies), 'reply', 'replies')} made. E-mail each to its branch.",
                lambda: self._app.platform.open_folder(folder),
                "Show the folder",
            )

        def ended(_replies: list[Path] | None = None) -> None:
            app.say_when_open(_ended(wanted), lambda: app.open_page("inbox", replies=wanted), "Go on")

        task = app.runner.db(work, done, self._page.failed, priority="bulk", progress=self._page.progress)
        task.stopped, task.too_late = ended, ended


def _ended(wanted: Replies) -> str:
    """What to say when locking stopped the making of replies."""
    if not wanted.made:
        return "No reply was made, because the records were locked. Make them again."
    made = f"{number_of(len(wanted.made), 'reply', 'replies')} {'was' if len(wanted.made) == 1 else 'were'} made"
    return (
        f"{made} in {wanted.folder.name} before the records were locked, each of them whole. Go on to make the others."
    )
