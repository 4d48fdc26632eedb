"""What stands above a record's questions: two versions, a newer form, why it is ready with gaps, what was not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop_app.services.content import REASON
from ui.forms.form_changes import form_notice
from ui.widgets import clear, notice

NAMED = 3

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.services.recording import OpenRecord
    from ui.pages.record import RecordPage


class RecordNotices(QVBoxLayout):
    """Works for one record page; empty most of the time."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__()
        self._page = page

    def show_all(self) -> None:
        """What is to be said of the record as it was opened."""
        clear(self)
        opened, deeds = self._page.opened, self._page.deeds
        assert opened is not None
        if opened.two_versions:
            choose = _button("See both and choose", deeds.choose_versions)
            words = f"This record was changed in two places. Both versions of what differs are kept.{_what_differs(opened)}"
            self.addWidget(notice(words, "notice", choose))
        if opened.filled_with is not None:
            seen = _button("What has changed", deeds.show_form_changes)
            self.addWidget(notice(form_notice(opened), "notice", seen))
        reason = opened.content.derived.get(REASON, "")
        if reason and not opened.has_draft and opened.standing_code != "taken_back":
            self.addWidget(notice(f"Marked as ready although something is open: “{reason}”."))
        if opened.standing_code == "taken_back":
            self.addWidget(notice("This record was taken back. It stays readable and counts nowhere."))
        self._follow()

    def not_saved(self, problem: Exception) -> None:
        """What was typed is on the screen only; it is tried again by itself, and at once by the button."""
        self.show_all()
        words = f"This could not be saved: {problem} What you typed is still on the screen."
        self.addWidget(notice(words, "notice-bad", _button("Try again", self._page.flush)))
        self._follow()

    def _follow(self) -> None:
        """What is said above the questions is reached before them."""
        last: QWidget = self._page.ready_button
        for place in range(self.count()):
            said = self.itemAt(place).widget()
            for press in said.findChildren(QPushButton) if said is not None else []:
                QWidget.setTabOrder(last, press)
                last = press


def _what_differs(opened: OpenRecord) -> str:
    """The undecided questions by name, so that nobody takes the later answer, which the page shows, for the only one."""
    labels = {question.path: question.label for question in opened.form.questions}
    found = []
    for two in opened.two_versions:
        path = opened.form.root.path
        for step in two.leaf.split("/"):  # rows have a number where the form has no name
            path = f"{path}/{step}" if f"{path}/{step}" in labels else path
        if path in labels:
            found.append(f"“{labels[path]}”")
    named = list(dict.fromkeys(found))
    if not named:
        return ""
    more = f" and {len(named) - NAMED:,} more" if len(named) > NAMED else ""
    return f" The page shows the later one of {', '.join(named[:NAMED])}{more}."


def _button(words: str, act: Callable[[], object]) -> QPushButton:
    made = QPushButton(words)
    made.clicked.connect(lambda: act())
    return made
