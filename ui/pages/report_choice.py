"""The first card of the Reports page: which report, of what, for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QRadioButton

from ui.authority_picker import AuthorityPicker
from ui.context import AppContext
from ui.pages.report_records import RecordChoice
from ui.widgets import Card, label, set_name
from ui.words import FORM_WORDS

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from desktop_app.services.reporting import Kind
    from desktop_app.storage.projection import Row


class ReportChoice(Card):
    """`changed` fires with every choice. `problem()` says what is still to be chosen."""

    changed = Signal()

    def __init__(self, app: AppContext) -> None:
        super().__init__("What")
        self.app = app
        self.kinds: list[Kind] = []
        self._record = ""
        self._form = ""
        self.kind = QComboBox()
        set_name(self.kind, "Report")
        self.kind.setMaxVisibleItems(24)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(18)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.add(self.kind)
        self.what = label("", "muted")
        self.add(self.what)
        self.of_words = label("Of what", "h3")
        self.add(self.of_words)
        self.record = QComboBox()
        set_name(self.record, "Record")
        self.record.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.record.setMinimumContentsLength(18)
        self.record.currentIndexChanged.connect(self._record_changed)
        self.authority = AuthorityPicker("Authority", one=True)
        self.authority.changed.connect(self._authority_changed)
        self.form = QComboBox()
        set_name(self.form, "Form")
        for code, words in FORM_WORDS.items():
            self.form.addItem(words, code)
        self.form.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.records = RecordChoice(app)
        self.records.changed.connect(self.changed)
        for widget in (self.record, self.authority, self.form, self.records):
            self.add(widget)
        self.whom = label("For whom", "h3")
        self.union = QRadioButton("For the union only")
        self.shareable = QRadioButton("Shareable")
        self.union.setAccessibleDescription("Everything, with names of authorities and the words as recorded.")
        self.shareable.setAccessibleDescription("Only what was agreed may be used; small counts of people are hidden.")
        self.audience = QButtonGroup(self)
        self.add(self.whom)
        for radio in (self.union, self.shareable):
            self.audience.addButton(radio)
            self.add(radio)
        self.audience.buttonClicked.connect(lambda _button: self._audience_changed())
        self.audience_words = label("", "muted")
        self.add(self.audience_words)
        self.archive = QCheckBox("A copy for the archive")
        self.archive.setToolTip("PDF/A-3: it can still be read in decades, and carries its figures as data")
        self.archive.setAccessibleDescription(self.archive.toolTip())
        self.archive.toggled.connect(lambda _on: self.changed.emit())
        self.add(self.archive)
        self._say_audience()

    # what the page asks ------------------------------------------------------------------------------------------

    def chosen(self) -> Kind | None:
        return next((each for each in self.kinds if each.kind == self.kind.currentData()), None)

    def who(self) -> str:
        return "shareable" if self.shareable.isChecked() else "union"

    def for_union(self) -> bool:
        """True when what is made is for the union only; a blank form is for anyone."""
        kind = self.chosen()
        return kind is not None and not kind.paper and self.who() == "union"

    def ids(self) -> list[str]:
        kind = self.chosen()
        if kind is None or kind.paper:
            return []
        return [str(self.record.currentData())] if kind.one else self.records.ids()

    def filters(self) -> dict[str, Any]:
        kind = self.chosen()
        if kind is None or kind.paper or kind.one:
            return {}
        found = self.records.filters()
        if kind.kind == "authority_dossier":
            found["authority"] = self.authority.codes()[0]
        return found

    def options(self) -> dict[str, Any]:
        kind = self.chosen()
        found: dict[str, Any] = {}
        if kind is not None and kind.kind == "blank_form":
            found["form"] = self.form.currentData()
        if self.for_archive():
            found["archive"] = True
        return found

    def for_archive(self) -> bool:
        """True when it is to be PDF/A, which cannot have a password; a blank form is not worth it."""
        kind = self.chosen()
        return kind is not None and not kind.paper and self.archive.isChecked()

    def problem(self) -> str:
        """What is still to be chosen, in words; empty when a report can be made."""
        kind = self.chosen()
        if kind is None:
            return "Choose a report."
        if kind.one and not self.record.currentData():
            return "Choose a record."
        if kind.kind == "authority_dossier" and not self.authority.codes():
            return "Choose an authority."
        if not kind.one and not kind.paper and self.records.problem():
            return self.records.problem()
        if not kind.paper and self.audience.checkedButton() is None:
            return "Choose for whom it is."
        return ""

    # choosing ----------------------------------------------------------------------------------------------------

    def show_kinds(self, found: list[Kind]) -> None:
        self.kinds = found
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem("Choose a report…", "")
        for each in found:
            self.kind.addItem(each.title, each.kind)
            self.kind.setItemData(self.kind.count() - 1, each.what, 3)  # Qt.ToolTipRole: what it is for, in the list
        self.kind.blockSignals(False)

    def choose(
        self,
        kind: str = "",
        ids: Sequence[str] = (),
        filters: dict[str, Any] | None = None,
        audience: str = "",
        form: str = "",
    ) -> None:
        """Show what another page asked for."""
        if ids or filters:
            self._record = ids[0] if len(ids) == 1 else ""
            self.records.choose(ids, filters)
            if authority := str((filters or {}).get("authority", "")):
                self.authority.set_codes((authority,))
        self.choose_audience(audience)
        self._form = form
        if kind and self.kind.findData(kind) != self.kind.currentIndex():
            self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        else:
            self._kind_changed()

    def choose_audience(self, audience: str) -> None:
        """`union` or `shareable`; anything else leaves it as it is."""
        chosen = {"union": self.union, "shareable": self.shareable}.get(audience)
        if chosen is not None:
            chosen.setChecked(True)
        self._say_audience()

    def refresh(self) -> None:
        """Records changed: read again what can be chosen."""
        kind = self.chosen()
        if kind is not None and kind.one:
            self._fill_records()
        elif kind is not None and not kind.paper:
            self.records.reload()

    def _kind_changed(self) -> None:
        kind = self.chosen()
        name = kind.kind if kind else ""
        self.what.setText(kind.what if kind else "What do you want on paper? Each one says what it is for.")
        several = kind is not None and not kind.one and not kind.paper
        self.record.setVisible(kind is not None and kind.one)
        self.authority.setVisible(name == "authority_dossier")
        self.form.setVisible(name == "blank_form")
        self.records.setVisible(several)
        self.of_words.setVisible(kind is not None)
        for widget in (self.whom, self.union, self.shareable, self.audience_words):
            widget.setVisible(kind is None or not kind.paper)
        self.archive.setVisible(kind is not None and not kind.paper)
        if name == "authority_dossier" and not self.authority.codes():
            mine = self.app.me.authorities if self.app.me else ()
            if len(mine) == 1:
                self.authority.set_codes(tuple(mine))
        if kind is not None and kind.one:
            self._fill_records()
        if kind is not None and several:
            self.records.narrow_to(self.authority.codes()[:1] if name == "authority_dossier" else ())
            self.records.show_for(kind.forms, with_authority=name != "authority_dossier")
        if name == "blank_form" and self._form:
            self.form.setCurrentIndex(max(0, self.form.findData(self._form)))
        self.changed.emit()

    def _authority_changed(self) -> None:
        self.records.narrow_to(self.authority.codes()[:1])
        self.records.reload()
        self.changed.emit()

    def _audience_changed(self) -> None:
        self._say_audience()
        self.changed.emit()

    def _say_audience(self) -> None:
        if self.shareable.isChecked():
            words = "Only what people agreed may be used. You decide about likely names before there is a file."
        elif self.union.isChecked():
            words = "Everything as recorded. It must not leave the union, and asks for a password."
        else:
            words = "None is chosen for you. Only “Shareable” may leave the union."
        self.audience_words.setText(words)

    def _fill_records(self) -> None:
        kind = self.chosen()
        if kind is None or not kind.one:
            return
        ids, forms = [self._record] if self._record else [], kind.forms

        def read(profile: Profile) -> list[Row]:
            from ui.pages import report_work

            return report_work.rows_for(profile, forms, ids)

        self.app.runner.db(read, self._show_records)

    def _show_records(self, rows: list[Row]) -> None:
        before = self.record.currentData()
        self.record.blockSignals(True)
        self.record.clear()
        self.record.addItem("Choose a record…", "")
        for row in rows:
            self.record.addItem(row.title, row.id)
        place = self.record.findData(self._record) if self._record else 0
        self.record.setCurrentIndex(max(0, place))
        self.record.blockSignals(False)
        if self.record.currentData() != before:
            self.changed.emit()

    def _record_changed(self) -> None:
        self._record = str(self.record.currentData() or "")
        self.changed.emit()
