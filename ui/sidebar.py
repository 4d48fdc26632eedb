"""The places of the program at the left edge: words and marks where there is room, marks alone where there is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.context import AppContext
from ui.navigation import Screen
from ui.theme import set_kind
from ui.widgets import hline, label

SIDEBAR_WIDE, SIDEBAR_NARROW = 216, 60


class NavButton(QPushButton):
    """One place in the sidebar: icon, name, and how many (or its key)."""

    def __init__(self, app: AppContext, name: str, title: str, icon: str, aside: str = "") -> None:
        super().__init__()
        self.name, self.title, self._icon_name, self._app = name, title, icon, app
        self.setProperty("kind", "nav")
        self.setCheckable(True)
        self.setAutoDefault(True)  # Enter presses it, as Space does
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 10, 7)
        row.setSpacing(10)
        self._picture = QLabel()
        self._words = label(title, wrap=False)
        self._aside = label(aside, "muted", wrap=False)
        row.addWidget(self._picture)
        row.addWidget(self._words, 1)
        row.addWidget(self._aside)
        for child in (self._picture, self._words, self._aside):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(lambda _on: self.paint_again())
        self.paint_again()

    def set_aside(self, text: str, spoken: str = "") -> None:
        self._aside.setText(text)
        self.setAccessibleDescription(spoken or text)

    def shrink(self, small: bool, tight: bool) -> None:
        self._words.setVisible(not small)
        self._aside.setVisible(not small)
        above = 4 if tight else 8
        self.layout().setContentsMargins(9 if small else 10, above, 9 if small else 10, above)

    def paint_again(self) -> None:
        colours = self._app.theme.colours
        icon = self._app.theme.icon(self._icon_name, colours.accent if self.isChecked() else colours.muted)
        if icon.isNull():
            self._picture.setText(self.title[:1])
        else:
            self._picture.setPixmap(icon.pixmap(QSize(20, 20), self.devicePixelRatioF()))
        set_kind(self._words, "nav-on" if self.isChecked() else "")

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        # Never squashed: where the places do not all fit, the sidebar scrolls.
        return QSize(self.layout().minimumSize().width(), self.sizeHint().height())


class Sidebar(QWidget):
    """Who is at work, and every screen."""

    def __init__(self, app: AppContext, screens: tuple[Screen, ...]) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Sidebar")
        self._app = app
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(area)
        inside = QWidget()
        inside.setProperty("kind", "side")
        area.setWidget(inside)
        self._area = area
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 18, 12, 12)
        column.setSpacing(2)
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(10, 0, 4, 10)
        head.setSpacing(3)
        head.addWidget(label("Branch Evidence", "h3"))
        self._who = label("", "muted")
        head.addWidget(self._who)
        column.addWidget(self._head)
        self.buttons: dict[str, NavButton] = {}
        for screen in screens:
            if screen.under:
                continue
            if screen.low and not any(s.low and s.name in self.buttons for s in screens):
                column.addSpacing(6)
                column.addWidget(hline())
                column.addSpacing(6)
            self._add(column, NavButton(app, screen.name, screen.title, screen.icon, screen.key))
        self._add(column, NavButton(app, "lock", "Lock", "lock", "Ctrl+L"))
        self.buttons["lock"].setCheckable(False)
        column.addStretch(1)
        self._column = column
        # What has the keyboard is always in sight.
        for made in self.buttons.values():
            made.installEventFilter(self)
        self.say_who()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, NavButton):
            self._area.ensureWidgetVisible(watched)
        return super().eventFilter(watched, event)

    def _add(self, column: QVBoxLayout, made: NavButton) -> None:
        self.buttons[made.name] = made
        column.addWidget(made)

    def say_who(self) -> None:
        me = self._app.me
        if me is None:
            return
        role = words_for_role(me.officer_role)
        place = me.branch if me.role == "office" else f"{me.branch} branch"
        self._who.setText(" · ".join(part for part in (place, role) if part))

    def shrink(self, small: bool, tight: bool = False) -> None:
        """Icons only when `small`; closer together when `tight`. It scrolls without a bar, which would cover the icons."""
        self.setFixedWidth(SIDEBAR_NARROW if small else SIDEBAR_WIDE)
        self._head.setVisible(not small)
        self._column.setContentsMargins(9 if small else 12, 8 if tight else 18, 9 if small else 12, 6)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for made in self.buttons.values():
            made.shrink(small, tight)

    def show_current(self, name: str) -> None:
        for key, made in self.buttons.items():
            if made.isCheckable():
                made.setChecked(key == name)
                if key == name:
                    self._area.ensureWidgetVisible(made)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            for made in getattr(self, "buttons", {}).values():
                made.paint_again()
        super().changeEvent(event)


def words_for_role(code: str) -> str:
    """"local_secretary" as people say it; words typed by a person stay as they are."""
    text = code.replace("_", " ") if "_" in code else code
    return text[:1].upper() + text[1:]
