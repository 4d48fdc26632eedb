"""The list of very many records in a table view, against the same view over 200 rows that are simply there."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from ground import many_rows, new_profile
from measure import Row, milliseconds, paired

from desktop_app.storage.projection import Filters

STEPS = 20


def list_rows(folder: Path, count: int) -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication, QTableView

    from ui.models.record_table import COLUMNS, RecordTable
    from ui.tasks import TaskRunner

    app = QApplication.instance() or QApplication([])
    profile = new_profile(folder / f"list {count}")
    many_rows(profile, count)
    runner = TaskRunner()
    _until(app, runner.open(lambda: (profile, None), lambda _: None))
    static = QStandardItemModel(0, len(COLUMNS))
    for number in range(200):
        static.appendRow([QStandardItem(f"{column} of the record {number}") for column in COLUMNS])
    context = cast(Any, SimpleNamespace(runner=runner))

    def view() -> QTableView:
        made = QTableView()
        made.resize(900, 700)
        made.show()
        app.processEvents()
        return made

    def first_paint() -> float:
        shown, model = view(), RecordTable(context)

        def work() -> None:
            arrived: list[bool] = []
            model.loaded.connect(lambda: arrived.append(True))
            model.load(Filters())
            while not arrived:
                app.processEvents()
            shown.setModel(model)
            shown.grab()

        return milliseconds(work)

    def static_paint() -> float:
        shown = view()
        return milliseconds(lambda: (shown.setModel(static), shown.grab()))

    def scrolling(shown: QTableView) -> float:
        """One step down and painted, the page that comes included; the mean of some."""
        bar = shown.verticalScrollBar()

        def step() -> None:
            bar.setValue(bar.value() + bar.pageStep() // 4)
            app.processEvents()
            shown.grab()

        return milliseconds(lambda: [step() for _ in range(STEPS)]) / STEPS

    long, short, model = view(), view(), RecordTable(context)
    short.setModel(static)
    long.setModel(model)
    arrived: list[bool] = []
    model.loaded.connect(lambda: arrived.append(True))
    model.load(Filters())
    while not arrived:
        app.processEvents()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def static_step() -> float:
        short.verticalScrollBar().setValue(0)
        return scrolling(short)

    def grown() -> str:
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        return f"{model.rowCount():,} rows scrolled by, memory +{more:.0f} MB"

    bare = "the same view over 200 rows that are there"
    rows = [
        paired(f"list of {count:,} records, first paint", first_paint, bare, static_paint, at_most=1.2),
        paired("… a step of scrolling", lambda: scrolling(long), bare, static_step, at_most=1.2, note=grown),
    ]
    runner.shut_down()
    return rows


def _until(app: Any, task: Any) -> None:
    while not task.finished:
        app.processEvents()
        time.sleep(0.001)
