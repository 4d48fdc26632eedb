"""The list of very many records as its page shows it, against the same view and painter over 200 rows simply there."""

from __future__ import annotations

import os
import resource
import statistics
import time
from pathlib import Path
from typing import Any

from ground import many_rows, new_profile
from measure import Row, milliseconds, paired

from desktop_app.services.recording import list_records
from desktop_app.storage.projection import Filters

STEPS = 20


def list_rows(folder: Path, count: int) -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QAbstractItemModel, QEventLoop
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication

    from ui.context import AppContext
    from ui.models.record_table import COLUMNS, FIRST, RecordTable, RowRole, SecondLineRole
    from ui.models.row_delegate import RowDelegate
    from ui.pages.record_panel import Rows
    from ui.runner import TaskRunner
    from ui.theme import Theme

    app = QApplication.instance() or QApplication([])
    profile = new_profile(folder / f"list {count}")
    many_rows(profile, count)
    runner = TaskRunner()
    _until(app, runner.open(lambda: (profile, None), lambda _: None))
    context = AppContext(runner, Theme(app, "light"), profile.paths)  # type: ignore[arg-type]
    context.set_me(profile.me)
    ahead = context.first_pages
    ahead.keep(Filters(), wanted=FIRST)
    mine = RecordTable(context)
    static = QStandardItemModel(0, len(COLUMNS))
    for row in list_records(profile, Filters(), 200).rows:
        item = QStandardItem(row.title)
        item.setData(row, RowRole)
        item.setData(mine.second_line(row), SecondLineRole)
        static.appendRow([item])

    def view() -> Rows:
        made = Rows()
        delegate = RowDelegate(context, made)
        made.setItemDelegate(delegate)
        made.verticalHeader().setDefaultSectionSize(delegate.height(made.font()))
        made.resize(900, 700)
        made.show()
        app.processEvents()
        return made

    def put(shown: Rows, model: QAbstractItemModel) -> None:
        """As the list's page does: one column, painted as a whole."""
        shown.setModel(model)
        for hidden in range(1, len(COLUMNS)):
            shown.setColumnHidden(hidden, True)

    def loaded(model: RecordTable) -> None:
        """Ask for the rows; wait for them in Qt's own loop, which leaves the worker its turn, if they are not there."""
        waiting, there = QEventLoop(), []
        model.loaded.connect(lambda: (there.append(True), waiting.quit()))
        model.load(Filters())
        if not there:
            waiting.exec()

    def opened() -> float:
        """The list put before somebody and painted."""
        shown, model = view(), RecordTable(context)

        def work() -> None:
            loaded(model)
            put(shown, model)
            shown.grab()

        return milliseconds(work)

    def first_paint() -> float:
        """As it is when a list is opened: what it begins with was read while nobody waited."""
        while runner.busy or ahead.take(Filters(), FIRST) is None:
            ahead.keep(Filters(), wanted=FIRST)
            app.processEvents()
            time.sleep(0.001)
        return opened()

    def after_a_change() -> float:
        """As it is right after a save: it must be read now."""
        _until(app, runner.db(lambda open_: open_.store.set_setting("bench", str(time.time()))))
        assert ahead.take(Filters(), FIRST) is None
        return opened()

    def static_paint() -> float:
        shown = view()
        return milliseconds(lambda: (put(shown, static), shown.grab()))

    def scrolling(shown: Rows) -> float:
        """One step down and painted, the page that comes included; the mean of some."""
        bar = shown.verticalScrollBar()

        def step() -> None:
            bar.setValue(bar.value() + bar.pageStep() // 4)
            app.processEvents()
            shown.grab()

        return milliseconds(lambda: [step() for _ in range(STEPS)]) / STEPS

    long, short, model = view(), view(), RecordTable(context)
    put(short, static)
    put(long, model)
    loaded(model)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def static_step() -> float:
        short.verticalScrollBar().setValue(0)
        return scrolling(short)

    def grown() -> str:
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        return f"{model.rowCount():,} rows scrolled by, memory +{more:.0f} MB"

    changed: list[float] = []

    def asked_now() -> str:
        changed.extend(after_a_change() for _ in range(5))
        return f"right after a save, when nothing is read ahead: {statistics.median(changed):.1f} ms"

    bare = "the same view over 200 rows that are there"
    rows = [
        paired(f"list of {count:,} records, first paint", first_paint, bare, static_paint, at_most=1.2,
               note=asked_now),
        paired("… a step of scrolling", lambda: scrolling(long), bare, static_step, at_most=1.2, note=grown),
    ]  # fmt: skip
    runner.shut_down()
    return rows


def _until(app: Any, task: Any) -> None:
    while not task.finished:
        app.processEvents()
        time.sleep(0.001)
