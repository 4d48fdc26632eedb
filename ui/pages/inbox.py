"""The office's Inbox: add branches' files, reply, accept laptops after six words by telephone, and undo."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page
from ui.pages.receive_box import ReceiveBox, undo_adding
from ui.pages.reply_letters import ReplyLetters
from ui.widgets import Busy, Card, button, clear, flow, hline, label, notice, pill
from ui.words import long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.contacts import KnownLaptop
    from desktop_app.services.outcomes import Import as Made
    from desktop_app.services.outcomes import Step
    from desktop_app.services.profile import Profile
    from desktop_app.storage.incoming import Import, Waiting

_STATE_WORDS = {
    "waiting": ("Waiting until we have spoken", "warn"),
    "accepted": ("Accepted", "good"),
    "stopped": ("No longer accepted", "bad"),
}
_WHY_KEPT = {
    "E-UNKNOWNDEVICE": "From a laptop that nobody has spoken to yet",
    "E-OTHERBRANCH": "Holds another branch's record",
    "E-STOPPED": "From a laptop that is no longer accepted",
    "E-NEWER": "Made by a newer version of this program",
}

LEFT_OFF = "Adding what waited was ended, because the records were locked. Each file is here whole, or still waits."


@dataclass(frozen=True)
class InboxData:
    laptops: list[KnownLaptop]
    added: list[Import]
    kept: list[Waiting]
    left_off: int


@dataclass
class Replies:
    """Replies under way: where to, for which files (none named: to every branch), and those made so far, by laptop."""

    folder: Path
    files: list[Path] | None
    made: dict[str, Path] = field(default_factory=dict)


def read(profile: Profile) -> InboxData:
    from desktop_app.services import receiving
    from desktop_app.storage import incoming

    return InboxData(
        receiving.devices(profile),
        incoming.imports(profile.store)[:30],
        receiving.waiting_files(profile),
        len(receiving.can_be_added(profile)),
    )


class InboxPage(Page):
    """Forty files at once, one of them damaged, is an ordinary morning."""

    help_topic = "receive"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Inbox", "Drop files or folders from branches anywhere in the box.")
        self.app = app
        self._last: list[Path] = []
        self._branches: dict[str, str] = {}
        self.receive = ReceiveBox(app, "Files from branches. You see what is in them before they are added.")
        self.receive.added.connect(self._added)
        self.reply_box = QVBoxLayout()
        self.waiting = Card("Waiting until we have spoken to the branch")
        self.waiting_rows = _rows(self.waiting)
        self.added = Card("Added before")
        self.added_rows = _rows(self.added)
        self.kept = Card("Kept aside")
        self.kept_rows = _rows(self.kept)
        self.laptops = Card("Laptops")
        self.laptop_rows = _rows(self.laptops)
        self.busy = Busy()
        left, right = QWidget(), QWidget()
        for side, parts in ((left, (self.receive, self.added)), (right, (self.waiting, self.kept, self.laptops))):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(16)
            for part in parts:
                column.addWidget(part)
        self.body.addLayout(self.reply_box)
        self.letters = ReplyLetters(app)
        self.body.addWidget(self.letters)
        self.add(self.busy)
        self.add(Columns(left, right, (4, 3), narrow=720))
        self.add_action(button("Reply to every branch…", self.reply_to_all))
        self.add_action(button("Add files", self.receive.choose, "primary", hint="Ctrl+I"))

    # what the window calls ---------------------------------------------------------------------------------------

    def show_page(
        self,
        files: list[Path] | None = None,
        choose: bool = False,
        add_waiting: bool = False,
        replies: Replies | None = None,
        **_options: object,
    ) -> None:
        """`add_waiting`, `replies`: go on with what locking ended."""
        self.refresh()
        if add_waiting:
            self.add_waiting()
        elif replies is not None:
            self._write_replies(replies)
        elif files:
            self.receive.look_at(files)
        elif choose:
            self.receive.choose()

    def do_add_files(self) -> None:
        self.receive.choose()

    def refresh(self) -> None:
        self.app.runner.db(read, self.show_data)

    # what is shown -----------------------------------------------------------------------------------------------

    def show_data(self, found: InboxData) -> None:
        waiting = [each for each in found.laptops if each.state == "waiting"]
        clear(self.waiting_rows)
        for place, laptop in enumerate(waiting):
            if place:
                self.waiting_rows.addWidget(hline())
            self._waiting_row(laptop)
        if not waiting:
            self.waiting_rows.addWidget(label("Nobody waits.", "muted"))
        clear(self.added_rows)
        self._branches = {each.id: each.branch for each in found.laptops}
        for place, made in enumerate(found.added):
            if place:
                self.added_rows.addWidget(hline())
            self._added_row(made)
        self.added.setVisible(bool(found.added))
        clear(self.kept_rows)
        if found.left_off:
            several = "is" if found.left_off == 1 else "are"
            self.kept_rows.addWidget(
                notice(
                    f"{number_of(found.left_off, 'file')} of a laptop that you accepted {several} not added yet.",
                    "notice",
                    button("Add what waited", self.add_waiting),
                )
            )
        for file in found.kept:
            self.kept_rows.addWidget(label(file.name, "h3"))
            why = _WHY_KEPT.get(file.reason, "Could not be added: it is damaged, or not for this office")
            self.kept_rows.addWidget(label(f"{why} · {long_date(file.utc)}", "muted"))
        self.kept.setVisible(bool(found.kept))
        clear(self.laptop_rows)
        others = [each for each in found.laptops if each.state in ("accepted", "stopped")]
        for laptop in others:
            self._laptop_row(laptop)
        self.laptops.setVisible(bool(others))

    def _waiting_row(self, laptop: KnownLaptop) -> None:
        self.waiting_rows.addWidget(label(f"{laptop.name} · {laptop.branch}", "h3"))
        files = f"{number_of(laptop.waiting, 'file')} waiting. " if laptop.waiting else ""
        self.waiting_rows.addWidget(
            label(f"{files}Ring the branch on a number you know, and compare these six words:", "muted")
        )
        self.waiting_rows.addWidget(label(laptop.words, "big", select=True))
        self.waiting_rows.addWidget(
            flow(
                [
                    button("The words are the same: accept", lambda: self.accept(laptop.id), "primary"),
                    button("They are not", lambda: self.stop(laptop)),
                ]
            )
        )

    def _added_row(self, made: Import) -> None:
        state = ("Undone", "") if made.undone_utc else ("Added", "good")
        branch = self._branches.get(made.device, "")
        name = f"{branch}, file {made.number}" if branch and made.number else branch or made.name
        self.added_rows.addWidget(flow([label(name, "h3", wrap=False), pill(*state)]))
        told = made.summary
        parts = [
            f"{told[key]:,} {words}"
            for key, words in (("new", "new"), ("changed", "changed"), ("two_versions", "with two versions"))
            if isinstance(told.get(key), int) and told[key]
        ]
        self.added_rows.addWidget(label(" · ".join([long_date(made.utc), *parts]), "muted"))
        links = [button("Show its records", lambda: self._show(made.pack), "link")]
        if not made.undone_utc:
            group = int(made.summary.get("group", made.id))
            links.append(button("Undo", lambda: self.undo(group), "link", name=f"Undo adding {name}"))
            links.append(button("Code for the telephone", lambda: self.code(made.pack), "link"))
        self.added_rows.addWidget(flow(links))

    def _laptop_row(self, laptop: KnownLaptop) -> None:
        words, kind = _STATE_WORDS[laptop.state]
        self.laptop_rows.addWidget(flow([label(f"{laptop.name} · {laptop.branch}", "h3", wrap=False), pill(words, kind)]))
        if laptop.state == "accepted":
            stop = button("Stop accepting this laptop", lambda: self.stop(laptop), "link")
            links = [stop]
            if laptop.agreed:  # the others can only be told that the paper is their way in
                links.append(button("Help it back in…", lambda: self.help_back_in(laptop), "link"))
            self.laptop_rows.addWidget(flow(links, spacing=14))
        else:
            again = button("Accept it after all", lambda: self.accept(laptop.id), "link")
            self.laptop_rows.addWidget(flow([again]))

    def _show(self, pack: str) -> None:
        self.app.open_page("records", filters={"came_with": pack} if pack else {})

    # doing -------------------------------------------------------------------------------------------------------

    def accept(self, device: str) -> None:
        """The six words were compared by telephone: accept, and add what waited."""

        def steps(profile: Profile) -> Generator[Step, None, Made]:
            from desktop_app.services import receiving

            return receiving.accept_device_steps(profile, device)

        self._take_in(steps, "Accepted. ", "The laptop was not accepted, because the records were locked. Accept it again.")

    def add_waiting(self) -> None:
        """Go on with files of accepted laptops that are still kept aside."""

        def steps(profile: Profile) -> Generator[Step, None, Made]:
            from desktop_app.services import receiving

            return receiving.take_in_waiting_steps(profile)

        self._take_in(steps, "", LEFT_OFF)

    def _take_in(self, steps: Callable[[Profile], Generator[Step, None, Made]], before: str, not_begun: str) -> None:
        """Add what waited, a little at a time. Locking ends it between two steps; what is left can be added at any time."""
        app = self.app
        begun: list[bool] = []
        self.busy.start("Adding what waited…")

        def work(profile: Profile) -> Generator[tuple[int, int], None, int]:
            made = steps(profile)
            while True:
                try:
                    step = next(made)
                except StopIteration as end:
                    return len(end.value.files)
                begun.append(True)  # from here on the laptop is accepted
                yield 100 * step.file + 100 * step.change // max(step.changes, 1), 100 * max(step.files, 1)

        def done(files: int) -> None:
            self.busy.end()
            self.app.changed()
            self.refresh()
            self.app.toast(f"{before}{number_of(files, 'file')} added.")

        def stopped() -> None:
            if begun:
                app.say_when_open(LEFT_OFF, lambda: app.open_page("inbox", add_waiting=True), "Add what waited")
            else:
                app.say_when_open(not_begun, lambda: app.open_page("inbox"), "Show")

        task = app.runner.db(work, done, self._failed, priority="bulk", progress=self._progress)
        task.stopped = stopped
        task.too_late = lambda files: app.say_when_open(f"{before}{number_of(files, 'file')} added.")

    def stop(self, laptop: KnownLaptop) -> None:
        """Its next files are kept aside; what it sent before stays."""

        def work(profile: Profile) -> None:
            from desktop_app.services import receiving

            receiving.stop_device(profile, laptop.id)

        def done(_nothing: None) -> None:
            self.refresh()
            self.app.toast(f"Files of {laptop.name} are no longer accepted.", lambda: self.accept(laptop.id))

        self.app.runner.db(work, done)

    def help_back_in(self, laptop: KnownLaptop) -> None:
        """The branch forgot its passphrase, and had agreed that the office may help."""
        from ui.pages.help_back_in import HelpBackIn

        dialogs.run(HelpBackIn(self.app, laptop, self))

    def undo(self, import_id: int) -> None:
        def done(records: list[str]) -> None:
            self.busy.end()
            self.app.changed()
            self.refresh()
            self.app.toast(f"Undone: {number_of(len(records), 'record')}. Add the file again to bring them back.")

        self.busy.start("Undoing…")
        undo_adding(self.app, [import_id], done, self._failed)

    def code(self, pack: str) -> None:
        """What to read out to a branch that rings."""

        def work(profile: Profile) -> str:
            from desktop_app.services import receiving

            return receiving.telephone_code(profile, pack)

        self.app.runner.db(
            work,
            lambda code: dialogs.inform(
                self, code, "Read this out, letter by letter. The branch types it under “The office rang?”."
            ),
        )

    def _added(self) -> None:
        self.refresh()
        clear(self.reply_box)
        self._last = [Path(each.path) for each in self.receive.last.files if each.outcome in ("added", "already")]
        if self._last:
            self.reply_box.addWidget(
                notice(
                    f"Reply to the branches of {number_of(len(self._last), 'file')}, so that they know it arrived?",
                    "notice-good",
                    button("Make the replies…", self.make_replies, "primary"),
                    button("Later", lambda: clear(self.reply_box)),
                )
            )

    def make_replies(self) -> None:
        folder = dialogs.choose_folder(self, "Where shall the replies go?")
        if folder is None:
            return
        self._write_replies(Replies(folder, self._last))

    def reply_to_all(self) -> None:
        """A reply to every accepted laptop: a new policy, form or question goes out this way."""
        folder = dialogs.choose_folder(self, "Where shall the replies go?")
        if folder is not None:
            self._write_replies(Replies(folder, None))

    def _write_replies(self, wanted: Replies) -> None:
        """One after the other, each whole; locking ends it between two, and the others can be made afterwards."""
        app, folder = self.app, wanted.folder
        self.busy.start("Making the replies, and reading them back…")

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
            self.busy.end()
            clear(self.reply_box)
            self.letters.show_replies(replies)
            self.app.toast(
                f"{number_of(len(replies), 'reply', 'replies')} made. E-mail each to its branch.",
                lambda: self.app.platform.open_folder(folder),
                "Show the folder",
            )

        def ended(_replies: list[Path] | None = None) -> None:
            app.say_when_open(_ended(wanted), lambda: app.open_page("inbox", replies=wanted), "Go on")

        task = app.runner.db(work, done, self._failed, priority="bulk", progress=self._progress)
        task.stopped, task.too_late = ended, ended

    def _progress(self, so_far: tuple[int, int]) -> None:
        self.busy.progress(*so_far)

    def _failed(self, problem: Exception) -> None:
        self.busy.end()
        dialogs.show_error(self, problem)


def _ended(wanted: Replies) -> str:
    """What to say when locking stopped the making of replies."""
    if not wanted.made:
        return "No reply was made, because the records were locked. Make them again."
    made = f"{number_of(len(wanted.made), 'reply', 'replies')} {'was' if len(wanted.made) == 1 else 'were'} made"
    return f"{made} in {wanted.folder.name} before the records were locked, each of them whole. Go on to make the others."


def _rows(card: Card) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setSpacing(4)
    card.body.addLayout(made)
    return made
