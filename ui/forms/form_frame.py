"""What stands where on a form page: three columns where there is room, then two, then one with a drop-down."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from ui.forms.drop_down import CalmCombo
from ui.forms.section_list import SectionList
from ui.forms.side_panel import SidePanel
from ui.theme import Theme, set_kind


class FormFrame(QWidget):
    """Sections at the left, questions in the middle, what to check at the right; nothing of any form in it yet."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._low = False
        self._found = 0
        self.panel = SidePanel()
        self._build()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        self.chooser = CalmCombo()
        self.chooser.setAccessibleName("Section")
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.setMinimumContentsLength(10)
        self.tabs = QTabBar()
        self.tabs.addTab("Questions")
        self.tabs.addTab("Check and attachments")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.currentChanged.connect(self._arrange)
        self._top = QWidget()
        top = QHBoxLayout(self._top)
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.tabs)
        top.addWidget(self.chooser, 1)
        outer.addWidget(self._top)
        across = QHBoxLayout()
        across.setSpacing(20)
        self.list = SectionList(self.theme)
        self.stack = QStackedWidget()
        self.panel_area = QScrollArea()
        self.panel_area.setWidgetResizable(True)
        self.panel_area.setFrameShape(QFrame.Shape.NoFrame)
        self.panel_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        set_kind(holder, "page")
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 10, 16)
        inside.addWidget(self.panel)
        self.panel_area.setWidget(holder)
        across.addWidget(self.list)
        across.addWidget(self.stack, 1)
        across.addWidget(self.panel_area)
        outer.addLayout(across, 1)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def set_low(self, low: bool) -> None:
        """Little height: the sections drop down, beside the tabs."""
        self._low = low
        self._arrange()

    def say_found(self, found: int) -> None:
        """How much there is to look at under the second tab."""
        self._found = found
        self._arrange()

    def _arrange(self, *_tab: int) -> None:
        """Three columns where there is room; then two with the check under a tab; then one with a drop-down."""
        letter = self.fontMetrics().horizontalAdvance("n")
        across = self.width() / max(1, letter)
        three, two = across >= 104, across >= 70 and not self._low
        self._top.setVisible(not three)
        what = "Check and attachments" if across >= 60 else "Check, files"
        self.tabs.setTabText(1, f"{what} ({self._found})" if self._found else what)
        self.tabs.setVisible(not three)
        checking = not three and self.tabs.currentIndex() == 1
        self.chooser.setVisible(not two and not checking)
        self.list.setVisible(two and not checking)
        self.list.setFixedWidth(letter * (25 if three else 23))
        self.stack.setVisible(not checking)
        self.panel_area.setVisible(three or checking)
        self.panel_area.setMinimumWidth(letter * 30 if three else 0)
        self.panel_area.setMaximumWidth(letter * 30 if three else 16_777_215)
