"""Send and receive at a branch: what goes, what stays and why; one file; the e-mail; "Was it e-mailed?"; the reply."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page
from ui.pages import outbox
from ui.pages.outbox import MOST_ROWS, Outbox
from ui.pages.receive_box import ReceiveBox
from ui.pages.send_cards import PhoneCard, TellNowCard
from ui.rows import RowButton
from ui.widgets import Busy, Card, button, clear, flow, hline, label, notice, pill
from ui.words import long_date, number_of, size

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from desktop_app.services.sending import MadePack, SendPreview, SendResult
    from ui.tasks import Task


class SendPage(Page):
    """Nothing here sends: it makes a file, opens an e-mail, and asks afterwards."""

    help_topic = "send"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Send to the national office", "One file. Only the office and this laptop can open it.")
        self.app = app
        self._found: Outbox | None = None
        self._made: list[MadePack] = []
        self.asks = QVBoxLayout()
        self.asks.setSpacing(10)
        self.body.addLayout(self.asks)
        self.going = Card("What goes")
        self.going_rows = QVBoxLayout()
        self.going_rows.setSpacing(2)
        self.going.body.addLayout(self.going_rows)
        self.also = label("", "muted")
        self.also.hide()
        self.going.add(self.also)
        self.staying = Card("What stays, and why")
        self.staying_rows = QVBoxLayout()
        self.staying_rows.setSpacing(2)
        self.staying.body.addLayout(self.staying_rows)
        left = QWidget()
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.setSpacing(16)
        left_column.addWidget(self.going)
        left_column.addWidget(self.staying)
        self.receive = ReceiveBox(app, "The office's reply, or its card. You see what is in it before it is added.")
        self.receive.added.connect(self.refresh)
        left_column.addWidget(self.receive)
        right = QWidget()
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(0, 0, 0, 0)
        right_column.setSpacing(16)
        right_column.addWidget(self._make_file_card())
        self.before = Card("Before")
        self.before_rows = QVBoxLayout()
        self.before_rows.setSpacing(4)
        self.before.body.addLayout(self.before_rows)
        right_column.addWidget(self.before)
        self.phone = PhoneCard(app)
        right_column.addWidget(self.phone)
        self.now = TellNowCard(app)
        self.now.wanted.connect(self._tell_now)
        right_column.addWidget(self.now)
        self.add(Columns(left, right, (5, 3), narrow=720))

    def _make_file_card(self) -> Card:
        self.file = Card()
        self.file_name = label("", "muted")
        self.file_size = label("", "figure")
        self.mail = button("Make the file and open an e-mail", self.make_and_mail, "primary")
        self.save = button("Save to a stick or folder…", self.make_in_folder)
        self.busy = Busy()
        self.said = label("", "muted")
        for widget in (self.file_name, self.file_size, self.mail, self.save, self.busy, self.said):
            self.file.add(widget)
        return self.file

    # what the window calls ---------------------------------------------------------------------------------------

    def show_page(self, files: list[Path] | None = None, **_options: object) -> None:
        self.refresh()
        if files:
            self.receive.look_at(files)

    def do_add_files(self) -> None:
        self.receive.choose()

    def refresh(self) -> None:
        self.app.runner.db(outbox.read, self.show_data)

    # what is shown -----------------------------------------------------------------------------------------------

    def _say_also(self, preview: SendPreview) -> None:
        parts = [
            number_of(number, one, many)
            for number, one, many in (
                (preview.deletions, "order to delete for good", "orders to delete for good"),
                (preview.answers, "answer to the office", "answers to the office"),
            )
            if number
        ]
        parts += ["what you said about the office unlocking your records"] * preview.agreement
        self.also.setText(f"Also: {' and '.join(parts)}." if parts else "")
        self.also.setVisible(bool(parts))

    def show_data(self, found: Outbox) -> None:
        self._found = found
        preview = found.preview
        self.going.heading.setText(f"Goes in file {found.number}")
        self.going.heading.show()
        self._rows(
            self.going_rows,
            [
                (each.id, each.title, size(each.bytes), *found.states.get(each.id, ("", "")))
                for each in preview.going
            ],
            "Nothing new to send: the office has everything that is ready.",
        )
        self._rows(
            self.staying_rows,
            [(each.id, preview.titles.get(each.id, ""), each.why, "", "") for each in preview.held],
            "Nothing stays back.",
        )
        me = self.app.me
        self._say_also(preview)
        can = preview.anything and found.has_card and not self.app.is_practice
        self.mail.setEnabled(can)
        self.save.setEnabled(can)
        self.file_name.setText(f"File {found.number} from {me.branch}" if me else "")
        self.file_size.setText(size(preview.bytes) if preview.anything else "–")
        self.said.setText(self._why_not(found))
        self.said.setVisible(bool(self.said.text()))
        self._show_before(found)

    def _why_not(self, found: Outbox) -> str:
        if self.app.is_practice:
            return "These are made-up records: they cannot be sent."
        if not found.has_card:
            return "The office's card is not here yet. Add it under “Add files” or Settings; nothing is lost meanwhile."
        if not found.preview.going:
            return "Mark a record as ready, and it goes in the next file."
        return "What the office has not confirmed goes again: that is harmless."

    def _rows(self, into: QVBoxLayout, rows: list[tuple[str, str, str, str, str]], nothing: str) -> None:
        clear(into)
        for place, (record, title, sub, state, kind) in enumerate(rows[:MOST_ROWS]):
            if place:
                into.addWidget(hline())
            made = RowButton(title, sub, state, kind)
            made.clicked.connect(lambda _on=False, record=record: self.app.open_record(record))
            into.addWidget(made)
        if len(rows) > MOST_ROWS:
            into.addWidget(label(f"and {len(rows) - MOST_ROWS:,} more", "muted"))
        if not rows:
            into.addWidget(label(nothing, "muted"))

    def _show_before(self, found: Outbox) -> None:
        clear(self.before_rows)
        self.before.setVisible(bool(found.packs))
        for place, (pack, all_there) in enumerate(found.packs):
            if place:
                self.before_rows.addWidget(hline())
            made = long_date(pack.made_utc)
            state, kind = ("The office has it", "good") if all_there else ("Made", "")
            if not all_there and pack.emailed_utc:
                state, kind = f"You said it was e-mailed, {long_date(pack.emailed_utc)}", "accent"
            self.before_rows.addWidget(
                flow([label(f"File {pack.number}", "h3", wrap=False), pill(state, kind)])
            )
            self.before_rows.addWidget(label(f"Made {made} · {size(pack.bytes)}", "muted"))
            if not all_there and not pack.emailed_utc:
                number = pack.number
                self.before_rows.addWidget(
                    flow([button("It was e-mailed", lambda number=number: self._emailed(number, True), "link")])
                )

    # making ------------------------------------------------------------------------------------------------------

    def make_and_mail(self) -> None:
        """Make the file where it is easy to find, then open the e-mail with it."""
        self._make(outbox.outbox_folder(), mail=True)

    def make_in_folder(self) -> None:
        folder = dialogs.choose_folder(self, "Where shall the file go?")
        if folder is not None:
            self._make(folder, mail=False)

    def _make(self, folder: Path, *, mail: bool) -> None:
        self.app.flush()
        self.busy.start("Making the file, and reading it back…")
        self.mail.setEnabled(False)
        self.save.setEnabled(False)

        def work(profile: Profile) -> SendResult:
            from desktop_app.services import sending

            return sending.send(profile, folder)

        self._if_locked(
            self.app.runner.db(work, lambda made: self._was_made(made, mail=mail), self._failed, priority="bulk")
        )

    def _if_locked(self, task: Task) -> None:
        self.app.if_locked(
            task,
            "The file for the office was not made to its end, because the records were locked. Nothing is half-made: make it "
            "again.",
            "send",
            too_late="The file for the office was made before the records were locked. It is not e-mailed yet.",
        )

    def _was_made(self, result: SendResult, *, mail: bool) -> None:
        self.busy.end()
        self._made = list(result.packs)
        clear(self.asks)
        for pack in self._made:
            self._ask_about(pack, mail=mail)
        self.scroll.verticalScrollBar().setValue(0)
        self.app.changed()

    def _ask_about(self, pack: MadePack, *, mail: bool) -> None:
        """Open the e-mail, or show the folder; then the only question whose answer we cannot know ourselves."""
        if mail:
            self._open_mail(pack)
            return
        self.app.platform.open_folder(pack.path)
        self._show_ask(pack, f"It is in {pack.path.parent}.", "Has it gone to the office?")

    def _show_ask(self, pack: MadePack, where: str, question: str) -> None:
        words = f"File {pack.number} is made and was read back: {pack.path.name}, {size(pack.bytes)}. {where}"
        if pack.heavy:
            words += " It is large: some mail services refuse more than 10 MB."
        box = notice(
            f"{words} {question}",
            "notice-good",
            button("Yes, it was", lambda: self._emailed(pack.number, True)),
            button("Not yet", lambda: self._emailed(pack.number, False)),
            button("Show the folder", lambda: self.app.platform.open_folder(pack.path)),
        )
        self.asks.addWidget(box)

    def _open_mail(self, pack: MadePack) -> None:
        me, platform = self.app.me, self.app.platform
        branch = me.branch if me else ""
        to = self._found.to if self._found is not None else ""

        def work() -> str:
            # Off the window's thread: asking the system for its mail program can take seconds.
            from desktop_app.services import mailing

            letter = mailing.file_letter(pack.path, branch=branch, number=pack.number, records=pack.records, to=to)
            return mailing.open_letter(letter, platform).say

        def opened(say: str) -> None:
            self._show_ask(pack, f"{say} Use your union account.", "Was it e-mailed?")

        def failed(problem: Exception) -> None:
            dialogs.show_error(self, problem)
            self._show_ask(pack, "", "Was it e-mailed?")

        self.app.runner.aside(work, opened, failed)

    def _emailed(self, number: int, yes: bool) -> None:
        def work(profile: Profile) -> None:
            from desktop_app.services import sending

            sending.mark_emailed(profile, number, yes)

        def done(_nothing: None) -> None:
            clear(self.asks)
            self.app.changed()
            if yes:
                self.app.toast(
                    f"Noted: file {number} was e-mailed. Home reminds you if no reply comes.",
                    lambda: self._emailed(number, False),
                )
            else:
                self.app.toast(f"File {number} is kept; it can be sent at any time.")

        self.app.runner.db(work, done)

    def _tell_now(self, text: str) -> None:
        folder = outbox.outbox_folder()

        def work(profile: Profile) -> SendResult:
            from desktop_app.services import sending

            return sending.tell_office_now(profile, text, folder)

        def done(made: SendResult) -> None:
            self.now.told()
            self._was_made(made, mail=True)

        self.busy.start("Making the file…")
        self._if_locked(self.app.runner.db(work, done, self._failed, priority="bulk"))

    def _failed(self, problem: Exception) -> None:
        self.busy.end()
        if self._found is not None:
            self.show_data(self._found)
        dialogs.show_error(self, problem)
