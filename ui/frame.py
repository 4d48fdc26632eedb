"""What is shown once the records are open: sidebar, the screens, the status line, and the message at the foot."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.records.standing import short_date
from ui import navigation, shortcuts
from ui.context import AppContext, Toast
from ui.navigation import Screen
from ui.theme import set_kind
from ui.toast import ElidedLabel, ToastBar
from ui.widgets import hline, label

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

SIDEBAR_WIDE, SIDEBAR_NARROW = 216, 60
SHRINK_BELOW = 900  # logical pixels: under this the sidebar shows icons only
TIGHT_BELOW = 680  # and under this height its places stand closer together


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


class Frame(QWidget):
    """Sidebar, screens, status line. Screens are made when first opened and live until the records are locked."""

    def __init__(self, app: AppContext) -> None:
        super().__init__()
        self.app = app
        self._screens = navigation.screens_for("office" if app.is_office else "branch")
        self._pages: dict[str, QWidget] = {}
        self._stale: set[str] = set()
        self.current = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        if app.is_practice:
            outer.addWidget(self._practice_band())
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        outer.addLayout(middle, 1)
        self.sidebar = Sidebar(app, self._screens)
        middle.addWidget(self.sidebar)
        self.content = QStackedWidget()
        self.content.setObjectName("content")
        middle.addWidget(self.content, 1)
        outer.addWidget(self._make_foot())
        self.toast_bar = ToastBar(self)
        for name, made in self.sidebar.buttons.items():
            made.clicked.connect(lambda _on=False, name=name: self._pressed(name))
        app.page_wanted.connect(self.open_page)
        app.record_wanted.connect(self.open_record)
        app.records_changed.connect(self._records_changed)
        app.was_saved.connect(self._saved)
        app.me_changed.connect(self.sidebar.say_who)
        self._count_again()

    def _practice_band(self) -> QWidget:
        band = QWidget()
        band.setProperty("kind", "side")
        row = QHBoxLayout(band)
        row.setContentsMargins(16, 4, 16, 4)
        words = label("PRACTICE · everything here is made up, and nothing can be sent", "warn")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(words, 1)
        band.setAccessibleName(words.text())
        return band

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("foot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 4, 16, 4)
        self._saved_words = ""
        self._waiting_words = ""
        self._backup_words = ""
        self.status = ElidedLabel("", "muted")
        row.addWidget(self.status, 1)
        row.addWidget(label("Works without the internet", "muted", wrap=False))
        return foot

    # screens -----------------------------------------------------------------------------------------------------

    def open_page(self, name: str, options: dict[str, object]) -> QWidget | None:
        """Show a screen; `options` go to its `show_page`. An unknown name does nothing."""
        role = "office" if self.app.is_office else "branch"
        screen = navigation.screen_named(name, role)
        if screen is None:
            return None
        self.app.flush()
        page = self._pages.get(name)
        if page is None:
            page = screen.build(self.app)
            self._pages[name] = page
            self.content.addWidget(page)
        self.current = name
        self.content.setCurrentWidget(page)
        self.sidebar.show_current(screen.under or name)
        self._stale.discard(name)
        show = getattr(page, "show_page", None)
        if callable(show):
            show(**options)
        title = screen.title
        self.window().setWindowTitle(f"{title} - Branch Evidence")
        return page

    def open_record(self, record_id: str) -> None:
        """Find which list the record belongs to, and show it there."""

        def form_of(profile: Profile) -> str:
            from desktop_app.services import recording

            return str(recording.open_record(profile, record_id).form.id)

        def show(form: str) -> None:
            screen = navigation.list_for(form, "office" if self.app.is_office else "branch")
            self.open_page(screen.name if screen else "evidence", {"record_id": record_id, "form_id": form})

        self.app.runner.db(form_of, show)

    def page(self, name: str) -> QWidget | None:
        """A screen that has been opened already."""
        return self._pages.get(name)

    def _pressed(self, name: str) -> None:
        if name == "lock":
            self.app.lock()
        elif name == "help":
            self.open_page("help", {})
        else:
            self.open_page(name, {})

    def run_action(self, action: str) -> None:
        """Do what a key asks for."""
        if action.startswith("do_"):
            shortcuts.hand_to_page(action, QApplication.focusWidget(), self.content.currentWidget())
        elif action == "new":
            self.new_record("evidence")
        elif action == "meeting":
            self.new_record("senco_meeting")
        elif action == "jot":
            from ui.pages.jot import JotBox

            JotBox.open_over(self.app, self)
        elif action == "send":
            self.open_page("inbox" if self.app.is_office else "send", {})
        elif action == "settings":
            self.open_page("settings", {})
        elif action == "lock":
            self.app.lock()
        elif action == "help":
            topic = getattr(self.content.currentWidget(), "help_topic", self.current)
            self.open_page("help", {"topic": topic})
        elif action == "panes":
            self._next_pane()

    def new_record(self, form_id: str) -> None:
        """Start a record of this kind and open its page."""

        def start(profile: Profile) -> str:
            from desktop_app.services import meetings, recording

            if form_id == "senco_meeting":
                return str(meetings.start_meeting(profile))
            return str(recording.start(profile, form_id))

        def show(record_id: str) -> None:
            self.app.changed(record_id)
            screen = navigation.list_for(form_id, "office" if self.app.is_office else "branch")
            if screen is not None:
                self.open_page(screen.name, {"record_id": record_id, "form_id": form_id, "fresh": True})

        self.app.runner.db(start, show)

    def _next_pane(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self.sidebar.isAncestorOf(focus):
            page = self.content.currentWidget()
            if page is not None:
                page.setFocus()
                self.content.focusNextChild()
        else:
            self.sidebar.buttons.get(self.current, self.sidebar.buttons["home"]).setFocus()

    # what changes ------------------------------------------------------------------------------------------------

    def _records_changed(self, _ids: frozenset[str]) -> None:
        for name, page in self._pages.items():
            if name == self.current:
                refresh = getattr(page, "refresh", None)
                if callable(refresh):
                    refresh()
            else:
                self._stale.add(name)
        self._count_again()

    def _count_again(self) -> None:
        def count(profile: Profile) -> tuple[dict[str, int], int, str]:
            from desktop_app.services import keeping, recording

            return recording.counts(profile), recording.ready_to_send(profile), keeping.last_backup(profile)

        self.app.runner.db(count, self._show_counts)

    def _show_counts(self, found: tuple[dict[str, int], int, str]) -> None:
        counts, ready, backup = found
        if not self.app.is_practice:
            self._backup_words = f"Last backup {_day_and_time(backup)}" if backup else "No backup yet"
        for screen in self._screens:
            if screen.form:
                number = counts.get(screen.form, 0)
                self.sidebar.buttons[screen.name].set_aside(f"{number:,}" if number else "", f"{number:,} records")
            elif screen.name == "records":
                total = sum(counts.values())
                self.sidebar.buttons["records"].set_aside(f"{total:,}", f"{total:,} records")
        if "send" in self.sidebar.buttons:
            self.sidebar.buttons["send"].set_aside(f"{ready:,}" if ready else "", f"{ready:,} ready to send")
            self._waiting_words = f"{ready:,} ready to send" if ready else "Nothing waits to be sent"
        self._say_status()

    def _saved(self, when: datetime) -> None:
        self._saved_words = f"Saved {when.astimezone():%H:%M}"
        self._say_status()

    def _say_status(self) -> None:
        parts = [part for part in (self._saved_words, self._waiting_words, self._backup_words) if part]
        self.status.set_full("   ·   ".join(parts))

    def toast(self, toast: Toast) -> None:
        self.toast_bar.show_toast(toast.message, toast.undo, toast.button, toast.also)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.sidebar.shrink(event.size().width() < SHRINK_BELOW, event.size().height() < TIGHT_BELOW)
        super().resizeEvent(event)
        if self.toast_bar.isVisible():
            self.toast_bar.place()


def _day_and_time(utc: str) -> str:
    """As “today, 14:02” or "21 November, 14:02" by this computer's clock."""
    when = datetime.fromisoformat(utc.replace("Z", "+00:00")).astimezone()
    today = when.date() == datetime.now().astimezone().date()
    return f"{'today' if today else short_date(when)}, {when:%H:%M}"
