"""Files from the other side: drop them or choose them, see what adding them would come to, add, undo.

The same box stands on the branch's "Send and receive" and on the office's Inbox. Dropping never adds at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import dialogs
from ui.context import AppContext
from ui.theme import set_kind
from ui.widgets import Busy, button, clear, flow, label, notice, pill
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.services.form_workshop import News
    from desktop_app.services.profile import Profile
    from desktop_app.services.receiving import FileOutcome

VERY_MANY, MANY_DELETED = 500, 10
"""Records to add, and to delete, from which on a person is asked once more (a malicious or mistaken file is large)."""
PATTERN = "Branch Evidence files (*.branchpack *.officepack *.officecard);;All files (*)"
_STATES = {
    "added": ("Added", "good"),
    "already": ("Nothing new", ""),
    "waiting": ("Waiting", "warn"),
    "refused": ("Not added", "bad"),
    "reply": ("Reply added", "good"),
    "card": ("The office's card", "accent"),
}


@dataclass
class Adding:
    """What an adding came to: each file, and the numbers that undo it.

    ``wanted``: all that were to be added; the first ``through`` of them are.
    """

    files: list[FileOutcome] = field(default_factory=list)
    imports: list[int] = field(default_factory=list)
    stopped: bool = False
    wanted: list[Path] = field(default_factory=list)
    through: int = 0


class ReceiveBox(QFrame):
    """`added` fires after files were added or an adding was undone."""

    added = Signal()

    def __init__(self, app: AppContext, words: str) -> None:
        super().__init__()
        self.app = app
        self.setProperty("kind", "card-drop")
        self.setAcceptDrops(True)
        self.setAccessibleName("Add files")
        self._paths: list[Path] = []
        self._seen: list[FileOutcome] = []
        self._stop = False
        self.last = Adding()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        column.addWidget(label("Add files", "h2"))
        column.addWidget(label(words, "muted"))
        self.choose_files = button("Choose files…", self.choose, hint="Ctrl+I")
        self.choose_folder = button("Choose a folder…", self._choose_folder)
        column.addWidget(flow([self.choose_files, self.choose_folder]))
        self.busy = Busy(can_cancel=True)
        self.busy.cancelled.connect(self._ask_stop)
        column.addWidget(self.busy)
        self.results = QVBoxLayout()
        self.results.setSpacing(6)
        column.addLayout(self.results)
        self.add_button = button("Add them", self.add_now, "primary")
        self.leave_button = button("Leave them", self.leave)
        self.decide = flow([self.add_button, self.leave_button])
        self.decide.hide()
        column.addWidget(self.decide)

    # choosing ----------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        self.look_at(dialogs.open_files(self, "Add files", PATTERN))

    def _choose_folder(self) -> None:
        folder = dialogs.choose_folder(self, "Add all files in a folder")
        if folder is not None:
            self.look_at([folder])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            set_kind(self, "card-over")

    def dragLeaveEvent(self, event: object) -> None:
        set_kind(self, "card-drop")

    def dropEvent(self, event: QDropEvent) -> None:
        set_kind(self, "card-drop")
        self.look_at([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    # looking -----------------------------------------------------------------------------------------------------

    def look_at(self, paths: Sequence[Path]) -> None:
        """Show what adding these would come to; nothing is changed."""
        if not paths:
            return
        self._paths = list(paths)
        self._working("Looking at the files…")
        self.decide.hide()

        def look(profile: Profile) -> Generator[tuple[int, int], None, Adding]:
            from desktop_app.services import receiving

            steps = receiving.preview_steps(profile, paths)
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    return Adding(end.value.files)
                yield 100 * step.file + 100 * step.change // max(step.changes, 1), 100 * max(step.files, 1)

        self.app.runner.db(look, self._looked, self._failed, priority="bulk", progress=self._progress)

    def _looked(self, found: Adding) -> None:
        self._rest()
        self._seen = found.files
        self._show(found.files, done=False)
        good = [each for each in found.files if each.outcome != "refused"]
        self.add_button.setText(f"Add {number_of(len(good), 'file')}" if good else "Add them")
        self.add_button.setVisible(bool(good))
        self.leave_button.setText("Leave them" if good else "Close")
        self.decide.show()
        (self.add_button if good else self.leave_button).setFocus()

    # adding ------------------------------------------------------------------------------------------------------

    def add_now(self) -> None:
        """Add what was looked at, a little at a time; saving what someone types goes in between."""
        if not self._sure():
            return
        paths, box, app, office = self._paths, self, self.app, self.app.is_office
        found = Adding(wanted=list(paths))
        self._stop = False
        self._working("Adding…", can_stop=True)
        self.decide.hide()

        def work(profile: Profile) -> Generator[tuple[int, int], None, Adding]:
            from desktop_app.services import receiving

            each_file = found.wanted = list(receiving.each_file(paths))
            for number, path in enumerate(each_file):
                if box._stop:
                    found.stopped = True
                    break
                steps = receiving.receive_steps(profile, [path])
                while True:
                    try:
                        step = next(steps)
                    except StopIteration as end:
                        made = end.value
                        break
                    found.through = number + (0 < step.file == step.files)  # what follows is the search index
                    if box._stop and step.change:  # half looked through: nothing of it has been added
                        steps.close()
                        found.stopped = True
                        return found
                    yield 100 * number + 100 * step.change // max(step.changes, 1), 100 * len(each_file)
                found.files += made.files
                found.through = number + 1
                if made.id is not None:
                    found.imports.append(made.id)
            return found

        def stopped() -> None:
            left = found.wanted[found.through :]
            if left:
                page = "inbox" if office else "send"
                words = _not_added(left, found.through)
                app.say_when_open(words, lambda: app.open_page(page, files=left), "Look again")

        app.runner.db(work, self._were_added, self._failed, priority="bulk", progress=self._progress).stopped = stopped

    def _sure(self) -> bool:
        """One question before very much is added, or deleted: a mistake, or somebody's malice, would be large too."""
        records = sum(each.new + each.changed for each in self._seen)
        deleted = sum(each.deleted for each in self._seen)
        if records <= VERY_MANY and deleted <= MANY_DELETED:
            return True
        found = [
            f"{number_of(records, 'record')} to add" if records else "",
            f"{number_of(deleted, 'record')} to delete for good" if deleted else "",
        ]
        said = [
            "These files hold much more than usual. Is that what the branch told you to expect? If not, ring it first.",
            "A backup is made before. Adding can be undone; deleting for good cannot.",
        ]  # fmt: skip
        words = " and ".join(part for part in found if part)
        return dialogs.choose(self, f"{words[0].upper()}{words[1:]}", said, ["Go on", "Leave it"]) == 0

    def _progress(self, so_far: tuple[int, int]) -> None:
        self.busy.progress(*so_far)

    def _were_added(self, found: Adding) -> None:
        self._rest()
        self.last = found
        self._show(found.files, done=True)
        if found.imports:
            undo = button("Undo this adding", self.undo)
            self.results.addWidget(flow([undo]))
            self.app.toast(f"Added {number_of(len(found.imports), 'file')}.", self.undo)
        self.app.changed()
        if not self.app.is_office:
            self.app.runner.db(_news, self._tell_news)
        self.added.emit()

    def _tell_news(self, found: list[News]) -> None:
        """Forms that came with a reply: what is different in them stands on the page of the forms."""
        for each in found:
            see = button("See what has changed", lambda: self.app.open_page("forms"))
            self.results.addWidget(notice(f"{each.form.title}: {each.summary}", "notice", see))

    def undo(self) -> None:
        """Take back the last adding: what came only with it is no longer shown."""
        imports, self.last = self.last.imports, Adding()

        def done(_touched: list[str]) -> None:
            clear(self.results)
            self.app.changed()
            self.app.toast("Undone. The files can be added again at any time.")
            self.added.emit()

        if imports:
            undo_adding(self.app, imports, done)

    def leave(self) -> None:
        self._paths = []
        clear(self.results)
        self.decide.hide()
        self.choose_files.setFocus()

    # what is shown -----------------------------------------------------------------------------------------------

    def _show(self, files: Sequence[FileOutcome], *, done: bool) -> None:
        clear(self.results)
        if not files:
            self.results.addWidget(label("There are no files of Branch Evidence here.", "muted"))
        for each in files:
            self.results.addWidget(_outcome(each, done=done))

    def _working(self, words: str, *, can_stop: bool = False) -> None:
        clear(self.results)
        self.busy.stop.setVisible(can_stop)
        self.busy.start(words)
        self.choose_files.setEnabled(False)
        self.choose_folder.setEnabled(False)

    def _rest(self) -> None:
        self.busy.end()
        self.choose_files.setEnabled(True)
        self.choose_folder.setEnabled(True)

    def _ask_stop(self) -> None:
        self._stop = True
        self.busy.words.setText("Stopping after this file…")

    def _failed(self, problem: Exception) -> None:
        self._rest()
        dialogs.show_error(self, problem)


def undo_adding(
    app: AppContext,
    imports: Sequence[int],
    done: Callable[[list[str]], None],
    failed: Callable[[Exception], None] | None = None,
) -> None:
    """Undo these addings, all of them or none; `done` is given the records touched. Locking leaves them as they were."""

    def work(profile: Profile) -> list[str]:
        from desktop_app.services import receiving

        return receiving.undo(profile, *imports)

    page = "inbox" if app.is_office else "send"
    task = app.runner.db(work, done, failed, priority="bulk")
    task.stopped = lambda: app.say_when_open(
        "The adding was not undone, because the records were locked. All of it is still here. Undo it again.",
        lambda: app.open_page(page),
        "Show",
    )
    task.too_late = lambda _touched: app.say_when_open("Undone. The files can be added again at any time.")


def _not_added(left: Sequence[Path], before: int) -> str:
    """What to say when locking stopped an adding; a file is added whole or not at all."""
    which = f"“{left[0].name}” was" if len(left) == 1 else f"{number_of(len(left), 'file')} were"
    it = "it" if len(left) == 1 else "them"
    done = f" {number_of(before, 'file')} before went in." if before else ""
    return f"{which} not added, because the records were locked. Nothing of {it} is here.{done} Add {it} again."


def _news(profile: Profile) -> list[News]:
    from desktop_app.services import form_workshop

    return form_workshop.news(profile)


def _outcome(found: FileOutcome, *, done: bool) -> QWidget:
    """One file: its name, what came of it in words, and why."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 4, 0, 4)
    column.setSpacing(2)
    name = found.name or Path(found.path).name
    words, kind = _STATES.get(found.outcome, (found.outcome, ""))
    if not done:
        words = {"added": "Can be added", "reply": "A reply", "waiting": "Will wait", "refused": "Cannot be added"}.get(
            found.outcome, words
        )
    column.addWidget(flow([label(name, "h3", wrap=False), pill(words, kind)]))
    said = in_words(found)
    if said:
        column.addWidget(label(said, "muted"))
    if found.what:
        column.addWidget(label(" ".join(part for part in (found.what, found.safe, found.do) if part)))
    holder.setAccessibleName(f"{name}: {words}. {said} {found.what}")
    return holder


def in_words(found: FileOutcome) -> str:
    """"From Leeds, file 7: 12 new, 3 changed, 4 as they were"."""
    parts = []
    if found.new:
        parts.append(f"{found.new:,} new")
    if found.changed:
        parts.append(f"{found.changed:,} changed")
    if found.deleted:
        parts.append(f"{found.deleted:,} deleted for good")
    if found.left_out:
        parts.append(f"{found.left_out:,} left out: deleted for good before")
    if found.same:
        parts.append(f"{found.same:,} already here")
    if found.two_versions:
        parts.append(f"{found.two_versions:,} with two versions")
    if found.outcome == "card":
        return f"Six words to compare by telephone: {found.words}"
    whose = f"From {found.branch}" if found.branch else ""
    number = f"file {found.number}" if found.number else ""
    head = ", ".join(part for part in (whose, number) if part)
    return f"{head}: {', '.join(parts)}" if head and parts else head or ", ".join(parts)
