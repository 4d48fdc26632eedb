"""Forms: what can be filled here, what the office changed; at the office also adding, trying and publishing one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Page
from ui.pages.form_candidate import CandidateCard
from ui.rows import RowButton
from ui.widgets import Card, button, clear, flow, hline, label, notice
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.forms.definition import FormDefinition
    from desktop_app.services.form_workshop import FormEntry, News
    from desktop_app.services.profile import Profile


def read(profile: Profile) -> tuple[list[FormEntry], list[News]]:
    from desktop_app.services import form_workshop

    return form_workshop.forms_here(profile), form_workshop.news(profile)


class FormsPage(Page):
    """Reading changes nothing; "I have seen this" is remembered."""

    help_topic = "forms-for-the-office"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Forms")
        if app.is_office:
            self.say(
                "Forms", "Questions are written in Excel, tried here, and go to every branch with the next replies."
            )
            self.help_topic = "change-a-question"
        else:
            self.say("Forms", "The forms that can be filled here. The office may change them with a reply.")
        self.limit_width(860)
        self.app = app
        self._news = QVBoxLayout()
        holder = QWidget()
        holder.setLayout(self._news)
        self._news.setContentsMargins(0, 0, 0, 0)
        self.add(holder)
        self.candidate: CandidateCard | None = None
        if app.is_office:
            self.candidate = CandidateCard(app)
            self.candidate.published.connect(self.refresh)
            self.add(self.candidate)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(16)
        self._cards.setContentsMargins(0, 0, 0, 0)
        below = QWidget()
        below.setLayout(self._cards)
        self.add(below)
        self.entries: list[FormEntry] = []
        self.news: list[News] = []

    def show_page(self, **_options: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        self.app.runner.db(read, self._show)

    def _show(self, found: tuple[list[FormEntry], list[News]]) -> None:
        self.entries, self.news = found
        clear(self._news)
        for each in self.news:
            self._news.addWidget(self._news_notice(each))
        clear(self._cards)
        own = [entry for entry in self.entries if entry.shipped]
        other = [entry for entry in self.entries if not entry.shipped]
        if other:
            self._cards.addWidget(self._card("Other forms", other))
        self._cards.addWidget(self._card("The forms of this program", own))

    def _news_notice(self, each: News) -> QWidget:
        words = f"{each.form.title}: {each.summary}"
        actions = [button("I have seen this", self._seen)]
        if each.before is not None:
            before = each.before
            actions.insert(0, button("What has changed", lambda: self.show_changes(before, each.form)))
        return notice(words, "notice", *actions)

    def _seen(self) -> None:
        from desktop_app.services import form_workshop

        self.app.runner.db(form_workshop.seen, lambda _none: self.refresh())

    def _card(self, title: str, entries: list[FormEntry]) -> Card:
        card = Card(title)
        for number, entry in enumerate(entries):
            if number:
                card.add(hline())
            card.add(label(entry.form.title, "h3"))
            version = f"version {entry.form.version}, " if entry.form.version else ""
            card.add(
                label(
                    f"{version}{number_of(entry.questions, 'question')}, {number_of(entry.count, 'record')} here",
                    "muted",
                )
            )
            card.add(flow(self._buttons(entry)))
            for row in entry.records:
                line = RowButton(row.title, row.standing)
                line.clicked.connect(lambda _on=False, record=row.id: self.app.open_record(record))
                card.add(line)
        return card

    def _buttons(self, entry: FormEntry) -> list[QWidget]:
        form = entry.form
        made: list[QWidget] = []
        if not entry.shipped:
            made.append(button("Fill in", lambda: self.fill_in(form.id), name=f"Fill in {form.title}"))
        made.append(button("Try", lambda: self.try_form(form), name=f"Try {form.title}"))
        if entry.before:
            before = entry.before[0]
            made.append(
                button(
                    "What has changed", lambda: self.show_changes(before, form),
                    name=f"What has changed in {form.title}",
                )
            )  # fmt: skip
        if self.app.is_office and entry.shipped:
            made.append(
                button(
                    "Save its spreadsheet…", lambda: self._save_sheet(form.id),
                    name=f"Save the spreadsheet of {form.title}",
                )
            )  # fmt: skip
        return made

    # deeds -------------------------------------------------------------------------------------------------------

    def fill_in(self, form_id: str) -> None:
        """A new record of another form."""

        def start(profile: Profile) -> str:
            from desktop_app.services import recording

            return recording.start(profile, form_id)

        def made(record: str) -> None:
            self.app.changed(record)
            self.app.open_record(record)

        self.app.runner.db(start, made)

    def try_form(self, form: FormDefinition) -> None:
        from ui.forms.try_form import TryForm

        try:
            dialogs.run(TryForm(self.app.theme, form, self))
        except WorldError as problem:
            dialogs.show_error(self, problem)

    def show_changes(self, before: FormDefinition, now: FormDefinition) -> None:
        from desktop_app.forms.comparison import compare
        from ui.forms.form_changes import FormChangesDialog

        dialogs.run(FormChangesDialog(now.title, compare(before, now), self.app.theme.colours, self))

    def _save_sheet(self, form_id: str) -> None:
        path = dialogs.save_file(self, "Save the spreadsheet", f"{form_id}.xlsx", "Excel (*.xlsx)")
        if path is not None:
            self.save_sheet(form_id, path)

    def save_sheet(self, form_id: str, path: Path) -> None:
        """Write the form's spreadsheet, and its lists beside it."""
        from desktop_app.services.form_sheets import save_spreadsheet

        def done(written: list[Path]) -> None:
            beside = f", with {', '.join(each.name for each in written[1:])} beside it" if written[1:] else ""
            self.app.toast(f"Saved {written[0].name}{beside}.")

        self.app.runner.process(
            save_spreadsheet, (form_id, path), done, lambda problem: dialogs.show_error(self, problem)
        )
