"""What the national office lays down: written at the office, read at a branch, with the program's cautious words before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.half_written import HalfWritten
from ui.theme import set_kind
from ui.widgets import Card, button, clear, flow, label
from ui.words import long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.office import Policy
    from desktop_app.services.profile import Profile


class PolicyWriting(Card):
    """At the office. What is left empty is filled with the program's own cautious words at the branches."""

    def __init__(self, app: AppContext) -> None:
        super().__init__("For every branch")
        self.app = app
        self.add(label("It travels with the next replies. What is left empty is said in the program's own words.", "muted"))
        self.officer = QLineEdit()
        self.feedback = QLineEdit()
        self.privacy = _text()
        self.notice = _text()
        self.consent = _text()
        self.months = QLineEdit()
        self.months.setMaxLength(3)
        self.months.setMaximumWidth(90)
        self.readers = _text()
        boxes = {"privacy": self.privacy, "notice": self.notice, "consent": self.consent}
        self._half_written = {name: HalfWritten(app, box, f"policy {name}") for name, box in boxes.items()}
        self._field("Data protection officer: name and how to reach them", self.officer)
        self._field("E-mail address that files are sent to", self.feedback)
        self._field("What people are told about their data", self.privacy)
        self._field("The notice read out at meetings", self.notice)
        self._field("The words that ask what may be shared", self.consent)
        self._field("Months after which a record is looked at again", self.months)
        self._field("Others who may open branches' files (a regional organiser): their age1… addresses, one a line", self.readers)
        self.add(flow([button("Keep these", self.keep, "primary")]))
        self.says = label("")
        self.says.hide()
        self.add(self.says)

    def show_policy(self, found: Policy, words: Policy) -> None:
        """`found`: what the office laid down; `words`: what holds where it said nothing, shown in grey."""
        self.officer.setText(found.data_protection_officer)
        self.feedback.setText(found.feedback_address)
        for name, box, said, else_ in (
            ("privacy", self.privacy, found.privacy_notice, words.privacy_notice),
            ("notice", self.notice, found.notice, words.notice),
            ("consent", self.consent, found.consent_wording, words.consent_wording),
        ):
            self._half_written[name].begin(said)
            box.setPlaceholderText(else_)
        self.officer.setPlaceholderText(words.data_protection_officer)
        self.months.setText(str(found.retention_months))
        self.readers.setPlainText("\n".join(found.extra_readers))

    def keep(self) -> None:
        """Lay it down; it goes out with the next replies."""
        changes: dict[str, Any] = {
            "data_protection_officer": self.officer.text().strip(),
            "feedback_address": self.feedback.text().strip(),
            "privacy_notice": self.privacy.toPlainText().strip(),
            "notice": self.notice.toPlainText().strip(),
            "consent_wording": self.consent.toPlainText().strip(),
            "retention_months": int(typed) if (typed := self.months.text().strip()).isdecimal() else typed,
            "extra_readers": [line.strip() for line in self.readers.toPlainText().splitlines() if line.strip()],
        }

        def work(profile: Profile) -> Policy:
            from desktop_app.services import office

            return office.set_policy(profile, changes)

        def done(_policy: Policy) -> None:
            for box in self._half_written.values():
                box.gone()
            self.says.hide()
            self.app.toast("Kept. It goes out with the next replies.")

        def failed(problem: Exception) -> None:
            if not isinstance(problem, WorldError):
                dialogs.show_error(self, problem)
                return
            self.says.setText(str(problem))
            set_kind(self.says, "error")
            self.says.show()

        self.app.runner.db(work, done, failed)

    def _field(self, words: str, widget: QWidget) -> None:
        named = label(words, "h3")
        named.setBuddy(widget)
        widget.setAccessibleName(words)
        self.add(named)
        self.add(widget)


class PolicyReading(Card):
    """At a branch: what the office laid down, and since when."""

    def __init__(self) -> None:
        super().__init__("From the national office")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(6)
        self.body.addLayout(self.rows)

    def show_policy(self, found: Policy, words: Policy) -> None:
        """`found`: what the office said; `words`: what holds, with the cautious words where it said nothing."""
        clear(self.rows)
        since = long_date(found.from_office_utc)
        self.heading.setText(f"From the national office, {since}" if since else "From the national office")
        if not since:
            self.rows.addWidget(label("Nothing has come yet. Until then these cautious words hold.", "muted"))
        months = number_of(words.retention_months, "month")
        for title, text in (
            ("Data protection officer", words.data_protection_officer),
            ("What people are told about their data", words.privacy_notice),
            ("The notice read out at meetings", words.notice),
            ("The words that ask what may be shared", words.consent_wording),
            ("Records are looked at again", f"after {months}"),
            ("Files are sent to", words.feedback_address),
            ("Who else can open your files", ", ".join(words.extra_readers)),
        ):
            if text:
                self.rows.addWidget(label(title, "h3"))
                self.rows.addWidget(label(text, "muted", select=True))


def _text() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setMaximumHeight(96)
    return made
