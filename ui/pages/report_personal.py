"""Before a shareable file exists: each piece of likely personal data is kept with a reason, replaced or left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from ui.context import AppContext
from ui.theme import set_kind
from ui.widgets import Card, button, clear, flow, label, set_name
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.reports.model import Decision
    from desktop_app.reports.personal import Likely

MOST = 60
KIND_WORDS = {
    "name": "likely a name",
    "date_of_birth": "likely a date of birth",
    "upn": "a pupil number",
    "nhs_number": "an NHS number",
    "ni_number": "a National Insurance number",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "postcode": "a postcode",
    "initials": "likely initials",
    "role_and_school": "a role and a school",
    "year_and_school": "a year group and a school",
    "role_and_trust": "a role and a trust",
}
LEAVE, OTHER, KEEP = "leave_out", "other", "keep"


class _Choices(QComboBox):
    """Knows whether it was opened: who goes through a closed one by arrow keys is not done choosing."""

    opened = False

    def showPopup(self) -> None:
        self.opened = True
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.opened = False
        super().keyPressEvent(event)


class _One(QFrame):
    """The same words in one record: where they stand, and what shall be done."""

    changed = Signal()

    def __init__(self, app: AppContext, found: Sequence[Likely]) -> None:
        super().__init__()
        self.found = found
        first = found[0]
        text = " ".join(first.finding.text.split())
        self.text = text
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        column.addWidget(label(f"“{text}”, {KIND_WORDS.get(first.finding.kind, 'likely personal data')}", "h3"))
        places = list(dict.fromkeys(one.label for one in found))
        more = f" and {len(places) - 2} more" if len(places) > 2 else ""
        column.addWidget(label(f"{first.reference}: {', '.join(f'“{place}”' for place in places[:2])}{more}", "muted"))
        if first.around and first.around != text:
            column.addWidget(label(first.around))
        self.do = _Choices()
        self.do.setAccessibleDescription(first.around)
        set_name(self.do, f"What to do with “{text}”")
        self.do.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.do.setMinimumContentsLength(16)
        self.do.addItem("Choose…", "")
        self.do.addItem("Leave it out", LEAVE)
        for words in first.choices:
            if words.strip("[]…. "):
                self.do.addItem(f"Put “{words}” instead", words)
        self.do.addItem("Put other words instead…", OTHER)
        self.do.addItem("Keep it, because…", KEEP)
        self.do.currentIndexChanged.connect(self._chosen)
        column.addWidget(self.do)
        self.words = QLineEdit()
        self.words.textChanged.connect(lambda _text: self.changed.emit())
        self.words.hide()
        column.addWidget(self.words)
        self.open_it = button("Open the record", lambda: app.open_record(first.record), "link")
        self.open_it.setAccessibleName(f"Open the record with “{text}”")
        column.addWidget(flow([self.open_it]))

    def _chosen(self) -> None:
        code = self.do.currentData()
        asks = {OTHER: "What shall stand there", KEEP: "Why may it be shared?"}.get(code, "")
        self.words.setPlaceholderText(asks)
        self.words.setAccessibleName(f"{asks}: “{self.text}”" if asks else "")
        self.words.setVisible(bool(asks))
        if asks and self.do.opened:
            self.words.setFocus()
        self.changed.emit()

    def missing(self) -> str:
        """What is still to be said about it; empty when it is decided."""
        code = self.do.currentData()
        if not code:
            return f"Decide about “{self.text}”."
        if code in (OTHER, KEEP) and not self.words.text().strip():
            return f"Say why “{self.text}” may be shared." if code == KEEP else f"Say what stands for “{self.text}”."
        return ""

    def decision(self) -> Decision:
        one, code, words = self.found[0], self.do.currentData(), self.words.text().strip()
        if code == KEEP:
            return one.decide("keep", reason=words)
        if code == LEAVE:
            return one.decide("leave_out")
        return one.decide("replace", words=words if code == OTHER else str(code))


class PersonalCard(Card):
    """`decided(list of decisions)` when everything in the list was decided about and the person goes on."""

    decided = Signal(list)

    def __init__(self, app: AppContext) -> None:
        super().__init__("Before it is shared")
        self.app = app
        self.after: QWidget | None = None
        """Where the Tab key comes from."""
        self.rows: list[_One] = []
        self.words = label("")
        self.add(self.words)
        self.everywhere = QLineEdit()
        self.everywhere.setPlaceholderText("Remove these words everywhere")
        self.everywhere.setAccessibleName("Remove these words everywhere in this report")
        self.everywhere.setAccessibleDescription("They are left out of every record in this report. Enter adds them.")
        self.everywhere.returnPressed.connect(self._add_everywhere)
        self.add_button = button("Leave them out", self._add_everywhere)
        self.records_button = button("In my records too…", self._in_records, "link")
        self.records_button.setToolTip("Find these words in all your records, and take them out there")
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        self.body.addLayout(self.list)
        self.all_button = button("Leave out all the others", self._leave_the_rest)
        self.add(flow([self.all_button]))
        self.add(label("Remove words everywhere", "h3"))
        self.add(self.everywhere)
        self.add(flow([self.add_button, self.records_button]))
        self.gone_words = label("", "muted")
        self.gone_words.hide()
        self.add(self.gone_words)
        self.go = button("Go on and show the pages", self._go, "primary")
        self.said = label("", "error")
        self.said.hide()
        self.add(self.said)
        self.add(flow([self.go]))
        self._gone: list[str] = []

    def show_likely(self, found: Sequence[Likely], before: Sequence[Decision] = ()) -> None:
        """List what to decide about; `before` was decided earlier and stands."""
        clear(self.list)
        self.rows = []
        self.said.hide()
        self._gone = [one.text for one in before if not one.record and one.do == "leave_out"]
        self._say_gone()
        groups: dict[tuple[str, str], list[Likely]] = {}
        for one in found:
            groups.setdefault((one.record, one.finding.text), []).append(one)
        for group in list(groups.values())[:MOST]:
            row = _One(self.app, group)
            row.changed.connect(self._say_left)
            self.rows.append(row)
            self.list.addWidget(row)
        self._rest = list(groups.values())[MOST:]
        if self._rest:
            self.list.addWidget(label(f"And {len(self._rest):,} more, shown when these are decided.", "muted"))
        self._order_tabs()
        self._say_left()

    def _order_tabs(self) -> None:
        """From piece to piece as they stand: a widget made later comes last when nothing is said."""
        pieces: list[QWidget] = [widget for row in self.rows for widget in (row.do, row.words, row.open_it)]
        rest = [self.all_button, self.everywhere, self.add_button, self.records_button, self.go]
        for before, widget in pairwise([self.after or self, *pieces, *rest]):
            QWidget.setTabOrder(before, widget)

    def first(self) -> QWidget:
        """Where the keyboard goes when the list appears."""
        return self.rows[0].do if self.rows else self.everywhere

    def _say_left(self) -> None:
        left = sum(bool(row.missing()) for row in self.rows) + len(self._rest)
        total = len(self.rows) + len(self._rest)
        many = number_of(total, "likely piece", "likely pieces")
        state = f"{left} still to decide." if left else "All decided."
        self.words.setText(
            f"{many} of personal data would be in it: a check by rules, which can miss some and be wrong. {state}"
        )
        self.all_button.setVisible(left > 0)
        if not left:
            self.said.hide()

    def _leave_the_rest(self) -> None:
        for row in self.rows:
            if not row.do.currentData():
                row.do.setCurrentIndex(row.do.findData(LEAVE))
        self.go.setFocus()

    def _add_everywhere(self) -> None:
        words = " ".join(self.everywhere.text().split())
        if not words:
            self.everywhere.setFocus()
            return
        if words not in self._gone:
            self._gone.append(words)
        self.everywhere.clear()
        self._say_gone()

    def _say_gone(self) -> None:
        self.gone_words.setText("Left out everywhere: " + ", ".join(f"“{words}”" for words in self._gone) + ".")
        self.gone_words.setVisible(bool(self._gone))

    def _in_records(self) -> None:
        self.app.open_page("everything_about", words=self.everywhere.text().strip())

    def _go(self) -> None:
        from desktop_app.reports.model import Decision

        if self.everywhere.text().strip():
            self._add_everywhere()
        missing = next((row for row in self.rows if row.missing()), None)
        if missing is not None:
            self.said.setText(missing.missing())
            set_kind(self.said, "error")
            self.said.show()
            (missing.words if missing.do.currentData() else missing.do).setFocus()
            return
        everywhere = [Decision(words, "leave_out") for words in self._gone]
        self.decided.emit([*[row.decision() for row in self.rows], *everywhere])
