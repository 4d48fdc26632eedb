"""Due for review: records nobody changed or decided on for as long as the policy says. Keep, or delete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Page
from ui.widgets import Card, button, clear, flow, hline, label
from ui.words import FORM_WORDS, long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from desktop_app.services.retention import Due

SHOWN = 50


class ReviewPage(Page):
    """The oldest first. Keeping can be undone; deleting asks for its own box on the record's page."""

    help_topic = "rights"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Due for review", "Is it still needed? Keep it for as long again, or delete it.")
        self.app = app
        self.due: list[Due] = []
        self.add_action(button("Back", lambda: app.open_page("data_protection")))
        self.keep_all = self.add_action(button("Keep all of these", self._keep_all))
        self.card = Card()
        self.rows = QVBoxLayout()
        self.rows.setSpacing(6)
        self.card.body.addLayout(self.rows)
        self.add(self.card)

    def refresh(self) -> None:
        def read(profile: Profile) -> tuple[list[Due], int]:
            from desktop_app.services import retention

            return retention.due_for_review(profile, SHOWN), retention.count_due(profile)

        self.app.runner.db(read, self.show_data)

    def show_data(self, found: tuple[list[Due], int]) -> None:
        self.due, count = found
        clear(self.rows)
        for place, each in enumerate(self.due):
            if place:
                self.rows.addWidget(hline())
            row = each.row
            self.rows.addWidget(label(row.title, "h3"))
            used = f" · used in {number_of(each.reports, 'report')}" if each.reports else ""
            kind = FORM_WORDS.get(row.form, row.form)
            self.rows.addWidget(label(f"{kind} · last changed {long_date(row.changed_utc)}{used}", "muted"))
            self.rows.addWidget(
                flow(
                    [
                        button("Keep", partial(self.keep, [row.id]), name=f"Keep {row.title}"),
                        button("Open, correct or delete", partial(self.app.open_record, row.id), "link"),
                    ]
                )
            )
        if not self.due:
            self.rows.addWidget(label("Nothing is due for review.", "muted"))
        elif count > len(self.due):
            self.rows.addWidget(label(f"And {count - len(self.due):,} more, newer than these.", "muted"))
        self.keep_all.setVisible(len(self.due) > 1)

    def _keep_all(self) -> None:
        self.keep([each.row.id for each in self.due])

    def keep(self, ids: list[str]) -> None:
        """Still needed: due again after as long again."""

        def work(profile: Profile) -> None:
            from desktop_app.services import retention

            retention.keep(profile, ids)

        def undo() -> None:
            def back(profile: Profile) -> None:
                from desktop_app.services import retention

                retention.undo_keep(profile, ids)

            self.app.runner.db(back, lambda _none: self.refresh())

        def done(_nothing: None) -> None:
            self.refresh()
            self.app.toast(f"{number_of(len(ids), 'record')} kept.", undo)

        self.app.runner.db(work, done, lambda problem: dialogs.show_error(self, problem))
