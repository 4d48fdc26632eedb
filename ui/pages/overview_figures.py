"""The overview's charts: drawn when they are asked for, each beside its numbers."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from ui import dialogs
from ui.chart_view import ChartView
from ui.context import AppContext
from ui.tasks import Task
from ui.widgets import Busy, Card, button, clear, label
from ui.words import long_date

if TYPE_CHECKING:
    from desktop_app.services.figures import Figure, Gathered
    from desktop_app.services.profile import Profile


def read(profile: Profile) -> Generator[None, None, Gathered]:
    from desktop_app.services import figures

    return figures.gathered(profile)


def draw(found: Gathered) -> list[Figure]:
    """In a process of its own: the charts, as the reports draw them."""
    from desktop_app.services import figures

    return figures.drawn(found)


class Figures(Card):
    """By category, month and authority, and the waits: one drawing for the reports and for here."""

    def __init__(self, app: AppContext) -> None:
        super().__init__("Charts")
        self.app = app
        self._task: Task | None = None
        self.words = label("By category, by month, by authority, and waits; each with its numbers.", "muted")
        self.add(self.words)
        self.start = button("Draw the charts", self.draw_now)
        self.add(self.start)
        self.busy = Busy(can_cancel=True)
        self.busy.cancelled.connect(self.stop)
        self.add(self.busy)
        self.views = QVBoxLayout()
        self.body.addLayout(self.views)

    def draw_now(self) -> None:
        self.stop()
        self.busy.start("Counting…")
        self._task = self.app.runner.db(read, self._draw, self._failed, priority="bulk")

    def _draw(self, found: Gathered) -> None:
        self.busy.words.setText("Drawing…")
        self._task = self.app.runner.process(draw, (found,), self.show_figures, self._failed)

    def show_figures(self, figures: list[Figure]) -> None:
        self.busy.end()
        self._task = None
        clear(self.views)
        for figure in figures:
            self.views.addWidget(ChartView(figure, self.app.theme))
        counted = f"As at {long_date(datetime.now())}. Counts are reports received, not children affected."
        self.words.setText(counted if figures else "Nothing to draw yet: no evidence has been received.")
        self.start.setText("Draw them again")

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.busy.end()

    def _failed(self, problem: Exception) -> None:
        self.stop()
        dialogs.show_error(self, problem)
