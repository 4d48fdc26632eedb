"""The office's Inbox: add branches' files, reply, accept laptops after six words by telephone, and undo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page
from ui.pages.inbox_laptops import InboxLaptops
from ui.pages.receive_box import ReceiveBox, undo_adding
from ui.pages.reply_making import Replies, ReplyMaking
from ui.widgets import Busy, Card, button, clear, flow, hline, label, notice, pill
from ui.words import long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.contacts import KnownLaptop
    from desktop_app.services.profile import Profile
    from desktop_app.storage.incoming import Import, Waiting

_WHY_KEPT = {
    "E-UNKNOWNDEVICE": "From a laptop that nobody has spoken to yet",
    "E-OTHERBRANCH": "Holds another branch's record",
    "E-STOPPED": "From a laptop that is no longer accepted",
    "E-NEWER": "Made by a newer version of this program",
}


@dataclass(frozen=True)
class InboxData:
    laptops: list[KnownLaptop]
    added: list[Import]
    kept: list[Waiting]
    left_off: int


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
        self._branches: dict[str, str] = {}
        self.receive = ReceiveBox(app, "Files from branches. You see what is in them before they are added.")
        self.receive.added.connect(self._added)
        self.replies = ReplyMaking(self)
        self.laptops = InboxLaptops(self)
        self.added = Card("Added before")
        self.added_rows = self.added.rows()
        self.kept = Card("Kept aside")
        self.kept_rows = self.kept.rows()
        self.busy = Busy()
        left, right = QWidget(), QWidget()
        for side, parts in (
            (left, (self.receive, self.added)),
            (right, (self.laptops.waiting, self.kept, self.laptops.known)),
        ):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(16)
            for part in parts:
                column.addWidget(part)
        self.body.addLayout(self.replies.box)
        self.body.addWidget(self.replies.letters)
        self.add(self.busy)
        self.add(Columns(left, right, (4, 3), narrow=720))
        self.add_action(button("Reply to every branch…", self.replies.to_all))
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
            self.laptops.add_waiting()
        elif replies is not None:
            self.replies.write(replies)
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
        self.laptops.show(found.laptops)
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
                    button("Add what waited", self.laptops.add_waiting),
                )
            )
        for file in found.kept:
            self.kept_rows.addWidget(label(file.name, "h3"))
            why = _WHY_KEPT.get(file.reason, "Could not be added: it is damaged, or not for this office")
            self.kept_rows.addWidget(label(f"{why} · {long_date(file.utc)}", "muted"))
        self.kept.setVisible(bool(found.kept))

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

    def _show(self, pack: str) -> None:
        self.app.open_page("records", filters={"came_with": pack} if pack else {})

    # doing -------------------------------------------------------------------------------------------------------

    def undo(self, import_id: int) -> None:
        def done(records: list[str]) -> None:
            self.busy.end()
            self.app.changed()
            self.refresh()
            self.app.toast(f"Undone: {number_of(len(records), 'record')}. Add the file again to bring them back.")

        self.busy.start("Undoing…")
        undo_adding(self.app, [import_id], done, self.failed)

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
        self.replies.offer(
            [Path(each.path) for each in self.receive.last.files if each.outcome in ("added", "already")]
        )

    def progress(self, so_far: tuple[int, int]) -> None:
        """How far something long has come: how much of how much."""
        self.busy.progress(*so_far)

    def failed(self, problem: Exception) -> None:
        """End what is shown as under way, and say what went wrong."""
        self.busy.end()
        dialogs.show_error(self, problem)
