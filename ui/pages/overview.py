"""The office's overview: where, what, and who is silent. Every figure opens its records."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop_app.records.authorities import REGIONS
from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page
from ui.pages.overview_figures import Figures
from ui.pages.tile_map import Tile, TileMap
from ui.rows import RowButton
from ui.tasks import Task
from ui.widgets import Busy, Card, button, clear, hline, label
from ui.words import PROGRAMMES, long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.exporting import Exported
    from desktop_app.services.office import AuthorityLine
    from desktop_app.services.profile import Profile

QUIET_DAYS = 60
MOST_QUIET = 12


@dataclass(frozen=True)
class Topic:
    """One of the six categories, and how many records say something about it."""

    name: str
    words: str
    records: int


@dataclass(frozen=True)
class OverviewData:
    lines: list[AuthorityLine]
    topics: list[Topic]
    topic_ref: str
    branches: int
    caveat: str
    undecided: int = 0
    """Records with two versions of an answer: it is in no count of concerns."""


def read(profile: Profile) -> Generator[None, None, OverviewData]:
    """What the page shows, a step at a time: with very many records counting takes seconds, and a draft goes in between."""
    from desktop_app.records.standing import Standing
    from desktop_app.services import office
    from desktop_app.storage import counting
    from desktop_app.storage.projection import Filters

    form = profile.forms.current("evidence")
    question = next((q for q in form.questions if q.name == "topics"), None)
    ref = question.be.get("ref", "") if question else ""
    said = yield from counting.choice_steps(profile.store, ref, form.id)
    topics = [Topic(c.name, c.label, said.get(c.name, 0)) for c in (question.choices if question else ())]
    lines = yield from office.overview_steps(profile)
    undecided = yield from counting.count_steps(profile.store, Filters(standing=Standing.TWO_VERSIONS.value))
    return OverviewData(lines, topics, ref, counting.branches(profile.store), office.CAVEAT, undecided)


class OverviewPage(Page):
    """Read at a glance; pressed, every part leads to the records behind it."""

    help_topic = "overview"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Overview")
        self.app = app
        self.add_action(button("Excel…", self.excel))
        self.add_action(button("Reports", lambda: app.open_page("reports"), "primary"))
        self.busy = Busy(can_cancel=True)
        self.busy.cancelled.connect(self._stop_excel)
        self._excel_task: Task | None = None
        self.add(self.busy)
        self.where = Card("Where")
        self.map = TileMap(app)
        self.map.opened.connect(lambda code: self._show({"authority": code}))
        self.where.add(self.map)
        self.pointed = label("", "h3")
        self.map.pointed.connect(self.pointed.setText)
        self.where.add(self.pointed)
        self.where.add(
            label(
                f"Darker: more records. Outlined: an agreement, and nothing for {QUIET_DAYS} days. Arrow keys walk, "
                "Enter opens. Source: Office for National Statistics licensed under the Open Government Licence.",
                "muted",
            )
        )
        self.what = Card("What")
        self.what_rows = QVBoxLayout()
        self.what_rows.setSpacing(2)
        self.what.body.addLayout(self.what_rows)
        self.quiet = Card("Silent, and should not be")
        self.quiet_rows = QVBoxLayout()
        self.quiet_rows.setSpacing(2)
        self.quiet.body.addLayout(self.quiet_rows)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.what)
        column.addWidget(self.quiet)
        self.add(Columns(self.where, right, (5, 6), narrow=720))
        self.figures = Figures(app)
        self.add(self.figures)

    def refresh(self) -> None:
        self.app.runner.db(read, self.show_data)

    def do_save(self) -> None:
        self.excel()

    def show_data(self, found: OverviewData) -> None:
        total = number_of(found.branches, "branch", "branches")
        marked = f" · ◆ {number_of(found.undecided, 'record')} with two versions, not yet decided" if found.undecided else ""
        self.say("Overview", f"{found.caveat} · {total} · as at {long_date(datetime.now())}{marked}")
        since = (datetime.now(UTC) - timedelta(days=QUIET_DAYS)).strftime("%Y-%m-%d")
        tiles, silent = {}, []
        for line in found.lines:
            quiet = bool(line.authority.programme) and line.newest_utc[:10] < since
            words = _words(line)
            tiles[line.authority.code] = Tile(line.authority.code, line.authority.name, line.records, quiet, words)
            if quiet:
                silent.append(line)
        self.map.show_tiles(tiles)
        self._show_topics(found)
        clear(self.quiet_rows)
        for place, line in enumerate(silent[:MOST_QUIET]):
            if place:
                self.quiet_rows.addWidget(hline())
            self._quiet_row(line)
        if len(silent) > MOST_QUIET:
            self.quiet_rows.addWidget(label(f"and {len(silent) - MOST_QUIET} more, outlined on the map", "muted"))
        if not silent:
            self.quiet_rows.addWidget(label("Every authority with an agreement has been heard of lately.", "muted"))

    def _show_topics(self, found: OverviewData) -> None:
        clear(self.what_rows)
        most = max((topic.records for topic in found.topics), default=0) or 1
        for topic in found.topics:
            row = RowButton(topic.words, "", f"{topic.records:,}")
            bar = QProgressBar()
            bar.setRange(0, most)
            bar.setValue(topic.records)
            bar.setTextVisible(False)
            bar.setAccessibleName(f"{topic.words}: {topic.records:,}")
            bar.setMaximumHeight(8)
            words = row.layout().itemAt(0).layout()
            words.addWidget(bar)
            row.setAccessibleName(f"{topic.words}: {number_of(topic.records, 'record')}. Show them")
            row.clicked.connect(
                lambda _on=False, name=topic.name: self._show(
                    {"form": "evidence", "question": found.topic_ref, "answer": name}
                )
            )
            self.what_rows.addWidget(row)

    def _quiet_row(self, line: AuthorityLine) -> None:
        programme = PROGRAMMES.get(line.authority.programme, line.authority.programme)
        last = f"Nothing since {long_date(line.newest_utc)}" if line.newest_utc else "Nothing ever received"
        doubt = "" if line.authority.confirmed else ", one source only"
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 4)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(f"{line.authority.short_name} · {programme}", "h3"))
        words.addWidget(label(f"{last} · as at {long_date(line.authority.as_at)}{doubt}", "muted"))
        row.addLayout(words, 1)
        copy = button("Copy a message", lambda: self._copy(line), name=f"Copy a message to {line.authority.short_name}")
        row.addWidget(copy)
        self.quiet_rows.addWidget(holder)

    def _copy(self, line: AuthorityLine) -> None:
        name = line.authority.short_name
        last = f"since {long_date(line.newest_utc)}" if line.newest_utc else "so far"
        QApplication.clipboard().setText(
            f"Dear colleague,\n\nwe have received nothing about {name} {last}. If things are quiet, please say so; if "
            "not, two or three sentences in Branch Evidence are enough.\n"
        )
        self.app.toast(f"A message about {name} is on the clipboard; paste it into an e-mail.")

    def _show(self, filters: dict[str, object]) -> None:
        self.app.open_page("records", filters=filters)

    def excel(self) -> None:
        """Every record in an Excel file, after saying that it is not encrypted."""
        path = dialogs.save_file(self, "Save as Excel", "Branch Evidence.xlsx", "Excel (*.xlsx)")
        if path is None:
            return
        self.busy.start("Writing the Excel file…")

        def work(profile: Profile) -> Generator[str, None, Exported]:
            from desktop_app.services import exporting

            return exporting.export_steps(profile, "xlsx", path, audience="union")

        def done(_made: Exported) -> None:
            from desktop_app.services import exporting

            self._stop_excel()
            self.app.toast(exporting.WARNING, lambda: self.app.platform.open_file(path), "Open it")

        def failed(problem: Exception) -> None:
            self._stop_excel()
            dialogs.show_error(self, problem)

        say = self.busy.words.setText
        task = self._excel_task = self.app.runner.db(work, done, failed, priority="bulk", progress=say)
        self.app.if_locked(
            task, f"“{path.name}” was not made, because the records were locked. Make it again.", "overview",
            too_late=f"“{path.name}” was made. It is not encrypted.",
        )  # fmt: skip

    def _stop_excel(self) -> None:
        """No file is left when it is stopped before its end."""
        if self._excel_task is not None:
            self._excel_task.cancel()
            self._excel_task = None
        self.busy.end()


def _words(line: AuthorityLine) -> str:
    programme = PROGRAMMES.get(line.authority.programme, "no agreement on our list")
    region = REGIONS.get(line.authority.region, line.authority.region)
    return f"{line.authority.name} ({region}, {programme}): {number_of(line.records, 'record')}"


