"""A card of the settings: who you are, as files and reports name you."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit

from ui.authority_picker import AuthorityPicker
from ui.context import AppContext
from ui.pages.setting_card import SettingCard
from ui.setup.steps import OFFICE_ROLES, OFFICER_ROLES
from ui.widgets import button, flow

if TYPE_CHECKING:
    from desktop_app.services.profile import Me, Profile


class YouCard(SettingCard):
    """The branch or team, the role in it, and at a branch its local authorities."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(app, "You")
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name_field(self.name, "Name of this computer" if app.is_office else "Name of your branch on files")
        self.role = QComboBox()
        for code, words in OFFICE_ROLES if app.is_office else OFFICER_ROLES:
            self.role.addItem(words, code)
        self.name_field(self.role, "Your team" if app.is_office else "Your role")
        self.authorities = AuthorityPicker("Your local authorities")
        if not app.is_office:
            self.name_field(self.authorities, "Your local authorities")
        self.add(flow([button("Keep these", self.keep)]))

    def show_me(self, me: Me) -> None:
        """What is kept now. A role of another version of the program stays in the list."""
        self.name.setText(me.name)
        place = self.role.findData(me.officer_role)
        if place < 0 and me.officer_role:
            self.role.addItem(me.officer_role, me.officer_role)
            place = self.role.count() - 1
        self.role.setCurrentIndex(max(0, place))
        self.authorities.set_codes(me.authorities)

    def keep(self) -> None:
        """Keep what was typed; without a name the one before stays."""
        changes = {
            "name": self.name.text().strip() or (self.app.me.name if self.app.me else ""),
            "officer_role": self.role.currentData(),
            "authorities": self.authorities.codes(),
        }

        def work(profile: Profile) -> Me:
            profile.change_me(**changes)
            return profile.me

        def done(me: Me) -> None:
            self.app.set_me(me)
            self.app.toast("Kept.")

        self.app.runner.db(work, done)
