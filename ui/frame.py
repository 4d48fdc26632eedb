"""What is shown once the records are open: sidebar, the screens, the status line, and the message at the foot."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.records.standing import short_date
from ui import navigation, shortcuts
from ui.ahead import Ahead
from ui.context import AppContext, Toast
from ui.sidebar import Sidebar
from ui.toast import ElidedLabel, ToastBar
from ui.widgets import label

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

SHRINK_BELOW = 900  # logical pixels: under this the sidebar shows icons only
TIGHT_BELOW = 680  # and under this height its places stand closer together


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
        self.ahead = Ahead(
            app, self._screens, self.content.addWidget, lambda: app.runner.busy or not self.isVisible(), self
        )
        for name, made in self.sidebar.buttons.items():
            made.clicked.connect(lambda _on=False, name=name: self._pressed(name))
        app.page_wanted.connect(self.open_page)
        app.record_wanted.connect(self.open_record)
        app.records_changed.connect(self._records_changed)
        app.was_saved.connect(self._saved)
        app.me_changed.connect(self.sidebar.say_who)
        self._count_again()
        waiting = self.app.drafts.names
        self.app.runner.db(
            lambda profile: _drop_what_was_left(profile, waiting), lambda gone: self.app.changed(*gone) if gone else None
        )
        self._read_ahead()

    def _read_ahead(self) -> None:
        """The lists of the sidebar are to open with their rows."""
        from desktop_app.storage.projection import Filters
        from ui.models.record_table import FIRST

        lists = [Filters(form=screen.form) for screen in self._screens if screen.form or screen.name == "records"]
        self.app.first_pages.keep(*lists, wanted=FIRST)

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
            page = self._pages[name] = self.ahead.take(name) or self._make(screen)
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

    def _make(self, screen: navigation.Screen) -> QWidget:
        page = screen.build(self.app)
        self.content.addWidget(page)
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
            from desktop_app.services import beginnings

            return beginnings.begin(profile, form_id)

        def show(record_id: str) -> None:
            self.app.changed(record_id)
            screen = navigation.list_for(form_id, "office" if self.app.is_office else "branch")
            if screen is not None:
                self.open_page(screen.name, {"record_id": record_id, "form_id": form_id})

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


def _drop_what_was_left(profile: Profile, waiting: frozenset[str]) -> list[str]:
    """What a killed program left: records begun without a word go, and a jotting in its box becomes a draft, unless its
    words are among those still `waiting` to be saved."""
    from desktop_app.services import beginnings, jottings

    rescued = jottings.rescue(profile, but=waiting)
    return [*beginnings.drop_all_untouched(profile), *rescued]
