"""How hard a new passphrase is to guess, beside where it is typed, and five words for whoever has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from ui.widgets import button, flow, label

if TYPE_CHECKING:
    from desktop_app.services.passphrases import Strength
    from ui.context import AppContext


class StrengthLine(QWidget):
    """Judges what stands in `field` a moment after the last key. `suggested`: five words were put into it, to be seen."""

    suggested = Signal()

    def __init__(self, app: AppContext, field: QLineEdit, known: Callable[[], tuple[str, tuple[str, ...]]] | None = None) -> None:
        """``known``: the branch and its authorities before there are records that say them."""
        super().__init__()
        self._app, self._field, self._known = app, field, known or self._whose
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.bar = QProgressBar()
        self.bar.setRange(0, 4)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How hard it is to guess")
        self.said = label("", "muted")
        self.suggest = button("Suggest five words", self._suggest, "link")
        self.show_it = button("Show what I type", self._toggle, "link")
        column.addWidget(self.bar)
        column.addWidget(self.said)
        column.addWidget(flow([self.suggest, self.show_it], spacing=14))
        self._pause = QTimer(self, singleShot=True, interval=250)
        self._pause.timeout.connect(self._judge)
        field.textChanged.connect(lambda _text: self._pause.start())

    def hide_words(self) -> None:
        """The field shows dots again, as for a passphrase that was taken."""
        self._echo(QLineEdit.EchoMode.Password)

    def _judge(self) -> None:
        typed, known = self._field.text(), self._known()
        if not typed:
            self.bar.setValue(0)
            self.said.setText("")
            return

        def judge() -> Strength:
            from desktop_app.services import passphrases

            return passphrases.judged(typed, *known)

        self._app.runner.call(judge, self._judged)

    def _whose(self) -> tuple[str, tuple[str, ...]]:
        me = self._app.me
        return (me.branch, me.authorities) if me is not None else ("", ())

    def _judged(self, found: Strength) -> None:
        self.bar.setValue(found.score)
        self.said.setText(found.sentence)
        self.bar.setAccessibleDescription(found.sentence)

    def _suggest(self) -> None:
        from desktop_app.records.words import suggestion

        self._field.setText(suggestion())
        self._echo(QLineEdit.EchoMode.Normal)
        self.suggested.emit()

    def _toggle(self) -> None:
        hidden = self._field.echoMode() == QLineEdit.EchoMode.Password
        self._echo(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)

    def _echo(self, mode: QLineEdit.EchoMode) -> None:
        self._field.setEchoMode(mode)
        hidden = mode == QLineEdit.EchoMode.Password
        self.show_it.setText("Show what I type" if hidden else "Hide what I type")
