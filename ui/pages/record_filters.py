"""The filters of a list: a box each for what a record is about, where it stands, and how it may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desktop_app.records.authorities import REGIONS, all_authorities
from desktop_app.records.standing import Standing
from ui.context import AppContext
from ui.forms.flow import FlowLayout
from ui.navigation import Screen
from ui.widgets import set_name
from ui.words import FORM_WORDS, PROGRAMMES

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

STANDING_WORDS = {
    Standing.DRAFT: "Draft",
    Standing.READY: "Ready to send",
    Standing.IN_FILE: "In a file, not yet e-mailed",
    Standing.SAID_EMAILED: "E-mailed, you said",
    Standing.OFFICE_HAS_IT: "The office has it",
    Standing.OFFICE_ASKS: "Office asks a question",
    Standing.CHANGED: "Changed since the office's copy",
    Standing.TWO_VERSIONS: "Two versions",
    Standing.TAKEN_BACK: "Taken back",
    Standing.BRANCH_ONLY: "Branch only",
}
STRENGTHS = "strength"
PERMISSIONS = "permission"


class RecordFilters(QWidget):
    """`changed`: another choice in a box. `after`: the widget from which the Tab key comes to the first one."""

    changed = Signal()

    def __init__(self, app: AppContext, screen: Screen, after: QWidget) -> None:
        super().__init__()
        self._app = app
        self._screen = screen
        self._after = after
        self._line = FlowLayout(self, across=8, down=8)
        self._boxes: dict[str, QComboBox] = {}

    @property
    def boxes(self) -> dict[str, QComboBox]:
        """The filters by name. They are made when somebody first wants them: a list opens without."""
        if self._boxes:
            return self._boxes
        if not self._screen.form:
            self._box("form", "Kind", list(FORM_WORDS.items()))
        self._box("authority", "Authority", [(a.code, a.short_name) for a in all_authorities()])
        self._box("programme", "Programme", list(PROGRAMMES.items()))
        self._box("region", "Region", list(REGIONS.items()))
        self._box("standing", "Standing", [(s.value, words) for s, words in STANDING_WORDS.items()])
        if self._screen.form in ("", "evidence"):
            self._box("strength", "How it is known", [])
            self._box("permission", "Permission", [])
            self._box("concern", "Says", [("yes", "Something to worry about"), ("no", "Nothing to worry about")])
        before: QWidget = self._after
        for box in self._boxes.values():
            box.currentIndexChanged.connect(self.changed)
            QWidget.setTabOrder(before, box)  # else they would come after the list, which was there before them
            before = box
        return self._boxes

    def _box(self, name: str, words: str, choices: list[tuple[str, str]]) -> None:
        box = QComboBox()
        box.addItem(f"{words}: all", "")
        for value, shown in choices:
            box.addItem(shown, value)
        set_name(box, words)
        box.setMaxVisibleItems(16)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(14)
        self._line.addWidget(box)
        self._boxes[name] = box

    def chosen(self) -> dict[str, Any]:
        """What the boxes ask for, by the names of `Filters`; empty when none asks for anything."""
        found: dict[str, Any] = {}
        for name, box in self._boxes.items():
            if value := box.currentData():
                found[name] = value == "yes" if name == "concern" else value
        return found

    def choose(self, name: str, value: object) -> bool:
        """Show this in its box; False when it has none, or the box has no such choice."""
        box = self.boxes.get(name)
        place = box.findData("yes" if value is True else value) if box is not None else -1
        if box is not None and place >= 0:
            box.setCurrentIndex(place)
        return place >= 0

    def clear(self) -> None:
        """Ask for nothing."""
        for box in self._boxes.values():
            box.setCurrentIndex(0)

    def fill_from_form(self) -> None:
        """Strength and permission are choices of the evidence form: data, not program text."""
        box = self.boxes.get("strength")
        if box is None or box.count() > 1:
            return

        def read(profile: Profile) -> dict[str, list[tuple[str, str]]]:
            form = profile.forms.current("evidence")
            found = {}
            for name in (STRENGTHS, PERMISSIONS):
                question = next((q for q in form.questions if q.name == name), None)
                found[name] = [(c.name, c.label) for c in question.choices] if question else []
            return found

        def fill(found: dict[str, list[tuple[str, str]]]) -> None:
            for name, choices in found.items():
                for value, shown in choices:
                    self.boxes[name].addItem(shown, value)

        self._app.runner.db(read, fill)
