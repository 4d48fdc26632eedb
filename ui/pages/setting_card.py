"""A card of the settings: named fields, and work that takes a moment and says beside its button how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.page import bring_into_sight
from ui.theme import set_kind
from ui.toast import announce
from ui.widgets import Busy, Card, label, set_name

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from ui.tasks import Task


class SettingCard(Card):
    """A card whose work takes a moment, and which says beside its button how it went."""

    def __init__(self, app: AppContext, title: str, words: str = "") -> None:
        super().__init__(title)
        self.app = app
        if words:
            self.add(label(words, "muted"))
        self.busy = Busy()
        self.busy.cancelled.connect(self._stop)
        self.said = label("")
        self.said.hide()
        self._slow: Task | None = None

    def finish(self) -> None:
        """Put the moving bar, and what is said of the work, under what the card has so far."""
        self.add(self.busy)
        self.add(self.said)

    def field(self, words: str, *, secret: bool = False) -> QLineEdit:
        """A line to type in, under its name."""
        made = QLineEdit()
        if secret:
            made.setEchoMode(QLineEdit.EchoMode.Password)
        self.name_field(made, words)
        return made

    def choice(self, words: str, choices: Sequence[tuple[object, str]], current: object) -> QComboBox:
        """A list of ``(value, words)`` under its name, with the one chosen whose value is `current`, else the first."""
        box = QComboBox()
        for value, shown in choices:
            box.addItem(shown, value)
        set_name(box, words)
        box.setCurrentIndex(next((place for place, (value, _) in enumerate(choices) if value == current), 0))
        self.name_field(box, words)
        return box

    def name_field(self, widget: QWidget, words: str) -> None:
        """Add a field under its name, which a screen reader says too."""
        named = label(words, "h3")
        named.setBuddy(widget)
        widget.setAccessibleName(words)
        group = QVBoxLayout()
        group.setSpacing(4)
        group.addWidget(named)
        group.addWidget(widget)
        self.body.addLayout(group)

    def say(self, text: str, good: bool, *, seek: bool = True) -> None:
        """Beside the button; `seek`: somebody waits for it, so it is scrolled into view."""
        self.said.setText(text)
        set_kind(self.said, "good" if good else "error")
        self.said.setVisible(bool(text))
        announce(self.said, text)
        if text and seek:
            bring_into_sight(self.said)

    def work(
        self,
        what: Callable[[Profile], Any],
        done: Callable[[Any], None],
        words: str,
        *,
        too_late: str = "",
        stops: bool = False,
    ) -> None:
        """Run something slow with the bar on, and say how it went. `stops`: it goes step by step, so it can be stopped."""
        self.busy.start(words)
        self.busy.stop.setVisible(stops)
        self.say("", True)
        bring_into_sight(self.busy)

        def finished(value: Any) -> None:
            self.busy.end()
            done(value)

        def failed(problem: Exception) -> None:
            self.busy.end()
            if isinstance(problem, WorldError):
                self.say(str(problem), False)
            else:
                dialogs.show_error(self, problem)

        task = self.app.runner.db(what, finished, failed, priority="bulk")
        ended = f"“{words.rstrip('…')}” was ended, because the records were locked. Nothing was changed: begin again."
        self.app.if_locked(task, ended, "settings", too_late=too_late)
        self._slow = task if stops else None

    def _stop(self) -> None:
        """What is slow ends at "Stop"."""
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None
            self.busy.end()
