"""Which records a report is made from: filters of its own, and a list in which single ones can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.forms.answers import understood
from desktop_app.records.authorities import REGIONS
from ui.authority_picker import AuthorityPicker
from ui.context import AppContext
from ui.forms.plain_tip import plain_tip
from ui.pages.report_work import Fitting
from ui.tasks import Task
from ui.widgets import button, flow, label, set_name
from ui.words import PROGRAMMES, authority_names, long_date, number_of

RECORD = Qt.ItemDataRole.UserRole


class RecordChoice(QWidget):
    """`changed` fires when other records are meant. `ids()` are those ticked, empty when all that fit are meant."""

    changed = Signal()

    def __init__(self, app: AppContext) -> None:
        super().__init__()
        self.app = app
        self.forms: tuple[str, ...] = ()
        self.count = 0
        self._more: dict[str, Any] = {}
        self._named: list[str] = []
        self._within: dict[str, str] = {}
        self._task: Task | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.filters_button = button("Filters", self._toggle)
        self.filters_button.setCheckable(True)
        self.clear_button = button("All records instead", self.clear, "link")
        column.addWidget(flow([self.filters_button, self.clear_button]))
        self.filters_box = self._make_filters()
        self.filters_box.hide()
        column.addWidget(self.filters_box)
        self.more_words = label("", "muted")
        column.addWidget(self.more_words)
        self.all = QRadioButton("All that fit")
        self.some = QRadioButton("Only those ticked here")
        self.which = QButtonGroup(self)
        for radio in (self.all, self.some):
            self.which.addButton(radio)
            column.addWidget(radio)
        self.all.setChecked(True)
        self.which.buttonClicked.connect(lambda _button: self._which_changed())
        self.list = QListWidget()
        self.list.setAccessibleName("Records to choose from")
        self.list.setAccessibleDescription("Space ticks a record or takes the tick away.")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setTabKeyNavigation(False)
        self.list.setSpacing(2)
        self.list.setFixedHeight(220)
        self.list.itemChanged.connect(lambda _item: self._ticked())
        column.addWidget(self.list)
        self.said = label("", "muted")
        column.addWidget(self.said)
        self._pause = QTimer(self, singleShot=True, interval=200)
        self._pause.timeout.connect(self._filters_changed)
        self._show_parts()

    def _make_filters(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.authority = AuthorityPicker("Authority", one=True)
        self.authority.changed.connect(lambda: self._pause.start())
        self.authority_words = label("Authority", "h3")
        column.addWidget(self.authority_words)
        column.addWidget(self.authority)
        self.boxes: dict[str, QComboBox] = {}
        for name, words, choices in (
            ("region", "Region", list(REGIONS.items())),
            ("programme", "Programme", list(PROGRAMMES.items())),
            ("strength", "How it is known", []),
            ("permission", "Permission", []),
        ):
            self._box(name, words, choices)
        column.addWidget(flow(self.boxes.values()))
        self.since, self.until = QLineEdit(), QLineEdit()
        for field, words in ((self.since, "Happened on or after"), (self.until, "Happened on or before")):
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
            field.setToolTip(words)
            field.setAccessibleDescription("A date, such as 1 September 2026.")
            field.setClearButtonEnabled(True)
            field.setMinimumWidth(190)
            field.textChanged.connect(lambda _text: self._pause.start())
        column.addWidget(flow([self.since, self.until]))
        self.wrong = label("", "error")
        self.wrong.hide()
        column.addWidget(self.wrong)
        return holder

    def _box(self, name: str, words: str, choices: Sequence[tuple[str, str]]) -> None:
        box = QComboBox()
        box.addItem(f"{words}: all", "")
        for value, shown in choices:
            box.addItem(shown, value)
        set_name(box, words)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(14)
        box.currentIndexChanged.connect(lambda _place: self._pause.start())
        self.boxes[name] = box

    # what the page asks ------------------------------------------------------------------------------------------

    def ids(self) -> list[str]:
        if not self.some.isChecked():
            return []
        return [item.data(RECORD) for item in self._items() if item.checkState() == Qt.CheckState.Checked]

    def filters(self) -> dict[str, Any]:
        """What the filters ask for, as `Filters` takes it; a date not understood is left out and said."""
        found = dict(self._more)
        if self.authority.codes():
            found["authority"] = self.authority.codes()[0]
        for name, box in self.boxes.items():
            if box.currentData():
                found[name] = box.currentData()
        for name, field in (("since", self.since), ("until", self.until)):
            value = understood("date", field.text()).value
            if value:
                found[name] = value
        return found

    def problem(self) -> str:
        """What is still to be mended, in words; empty when a report can be made of this."""
        if self.wrong_date():
            return "Mend the date among the filters."
        if self.some.isChecked() and not self.ids():
            return "Tick at least one record."
        return ""

    def wrong_date(self) -> str:
        for field in (self.since, self.until):
            if field.text().strip() and not understood("date", field.text()).value:
                return f"“{field.text().strip()}” is no whole date. Type it like 1 September 2026."
        return ""

    def choose(self, ids: Sequence[str] = (), filters: dict[str, Any] | None = None) -> None:
        """Mean these records, or what these filters find. Does not fire `changed`."""
        self._set_filters(dict(filters or {}))
        self._named = list(ids)
        (self.some if ids else self.all).setChecked(True)

    def show_for(self, forms: Sequence[str], *, with_authority: bool) -> None:
        """Offer the records of these forms. `with_authority` False: the report asks for its authority itself."""
        self.authority_words.setVisible(with_authority)
        self.authority.setVisible(with_authority)
        if not with_authority:
            self.authority.set_codes(())
        self.forms = tuple(forms)
        self._fill_choices()
        self.reload()

    def narrow_to(self, authority: Sequence[str]) -> None:
        """The report is about one authority anyway, which it asks for itself; the list and the count follow."""
        self._within = {"authority": authority[0]} if authority else {}

    def clear(self) -> None:
        """All records again."""
        self._set_filters({})
        self._named = []
        self.all.setChecked(True)
        self.reload()
        self.changed.emit()

    # filters -----------------------------------------------------------------------------------------------------

    def _set_filters(self, found: dict[str, Any]) -> None:
        authority = str(found.pop("authority", ""))
        self.authority.set_codes((authority,) if authority else ())
        widgets: list[Any] = [*self.boxes.values(), self.since, self.until]
        for widget in widgets:
            widget.blockSignals(True)
        for name, box in self.boxes.items():
            box.setCurrentIndex(max(0, box.findData(found.pop(name))) if name in found else 0)
        for name, field in (("since", self.since), ("until", self.until)):
            field.setText(long_date(str(found.pop(name, ""))))
        for widget in widgets:
            widget.blockSignals(False)
        self._more = {name: value for name, value in found.items() if value not in ("", None)}
        self._show_parts()

    def _toggle(self) -> None:
        self.filters_box.setVisible(self.filters_button.isChecked())
        if self.filters_button.isChecked():
            (self.authority if self.authority.isVisibleTo(self) else self.boxes["region"]).setFocus()

    def _filters_changed(self) -> None:
        wrong = self.wrong_date()
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        self._show_parts()
        self.reload()
        self.changed.emit()

    def _fill_choices(self) -> None:
        if self.boxes["strength"].count() > 1:
            return

        def read(profile: Any) -> dict[str, list[tuple[str, str]]]:
            from ui.pages import report_work

            return report_work.filter_choices(profile)

        def fill(found: dict[str, list[tuple[str, str]]]) -> None:
            for name, choices in found.items():
                box = self.boxes[name]
                for value, shown in choices:
                    if box.findData(value) < 0:
                        box.addItem(shown, value)

        self.app.runner.db(read, fill)

    def _show_parts(self) -> None:
        filtered = bool(self.filters())
        self.filters_button.setText(f"Filters ({len(self.filters())})" if filtered else "Filters")
        self.clear_button.setVisible(filtered or self.some.isChecked())
        words = _extra_words(self._more)
        self.more_words.setText(words)
        self.more_words.setVisible(bool(words))
        self.list.setVisible(self.some.isChecked())
        self._say()

    # the list ----------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read what fits."""
        forms, filters, named = self.forms, {**self.filters(), **self._within}, list(self._named)
        if self._task is not None:
            self._task.cancel()

        def read(profile: Any) -> Fitting:
            from desktop_app.storage.projection import Filters
            from ui.pages import report_work

            found = report_work.fitting(profile, forms, Filters(**filters))
            asked = report_work.rows_named(profile, forms, named)
            others = [row for row in found.rows if row.id not in named]
            return Fitting([*asked, *others], found.count)

        self._task = self.app.runner.db(read, self._show)

    def _show(self, found: Fitting) -> None:
        self._task = None
        ticked = set(self._named) | set(self.ids())
        self.count = found.count
        self.list.blockSignals(True)
        self.list.clear()
        for row in found.rows:
            parts = (row.title, authority_names(row.authorities), long_date(row.when))
            about = " · ".join(part for part in parts if part)
            item = QListWidgetItem(about)
            item.setToolTip(plain_tip(f"{about}. {row.standing_words}"))
            item.setData(RECORD, row.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if row.id in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._show_parts()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(place) for place in range(self.list.count())]

    def _ticked(self) -> None:
        self._named = self.ids()
        self._say()
        self.changed.emit()

    def _which_changed(self) -> None:
        self._show_parts()
        if self.some.isChecked():
            self.list.setFocus()
        self.changed.emit()

    def _say(self) -> None:
        self.all.setText(f"All that fit ({self.count:,})")
        if self.some.isChecked():
            shown = f" Narrow the filters to see the other {self.count - self.list.count():,}."
            more = shown if self.count > self.list.count() else ""
            self.said.setText(f"{number_of(len(self.ids()), 'record')} ticked.{more}")
        else:
            self.said.setText("" if self.count else "No record fits; the report will say so.")
        self.said.setVisible(bool(self.said.text()))


def _extra_words(more: dict[str, Any]) -> str:
    """Filters brought along from a list that have no box here, in words."""
    if not more:
        return ""
    from desktop_app.services import reporting
    from desktop_app.storage.projection import Filters

    words = reporting.in_words(Filters(**more))
    return f"Also as in the list you came from: {words}."
