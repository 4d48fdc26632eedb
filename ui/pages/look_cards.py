"""Settings of this computer's window: its look, spelling, and when the records lock by themselves. Kept beside the records."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from ui import preferences
from ui.context import AppContext
from ui.pages.setting_card import SettingCard
from ui.widgets import label

LOOKS = (("system", "As the computer"), ("light", "Light"), ("dark", "Dark"))
SIZES = ((1.0, "Normal"), (1.15, "Large"), (1.3, "Larger"), (1.5, "Largest"))
LOCKS = ((5, "5 minutes"), (10, "10 minutes"), (20, "20 minutes"), (60, "1 hour"))


class LookCard(SettingCard):
    """Light or dark, and how large the words are."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(app, "Look")
        self.look = self.choice("Light or dark", LOOKS, app.preferences.look)
        self.text_size = self.choice("Size of text", SIZES, app.preferences.text)
        self.look.currentIndexChanged.connect(self._changed)
        self.text_size.currentIndexChanged.connect(self._changed)

    def _changed(self) -> None:
        kept = self.app.preferences
        kept.look, kept.text = self.look.currentData(), float(self.text_size.currentData())
        self.app.theme.choose(kept.look, kept.text)  # type: ignore[arg-type]
        preferences.save(self.app.paths, kept)


class SpellingCard(SettingCard):
    """Whether words that are in no dictionary are underlined."""

    def __init__(self, app: AppContext) -> None:
        from desktop_app.platform.spelling import UNAVAILABLE, available

        super().__init__(app, "Spelling")
        self.spelling = QCheckBox("Underline words that are not in the British English dictionary")
        self.spelling.setChecked(app.preferences.spelling and available())
        self.spelling.setEnabled(available())
        self.spelling.toggled.connect(self._changed)
        self.add(self.spelling)
        if not available():
            self.add(label(UNAVAILABLE, "muted"))

    def _changed(self, on: bool) -> None:
        from ui.forms import spelling

        spelling.switch(self.app, on)
        preferences.save(self.app.paths, self.app.preferences)


class LockCard(SettingCard):
    """After how many minutes without a key the records lock."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(app, "Locking", "Ctrl+L locks at once. Otherwise your records lock after")
        self.lock_after = self.choice("Lock after", LOCKS, app.preferences.lock_minutes)
        self.lock_after.currentIndexChanged.connect(self._changed)

    def _changed(self) -> None:
        self.app.preferences.lock_minutes = int(self.lock_after.currentData())
        preferences.save(self.app.paths, self.app.preferences)
