"""Every screen of the window, one line each: adding a screen is its file and its line here.

A screen's module is imported when the screen is first opened, so start-up pays for none of them. `place` names the
module and the class; the class is built with `(app, screen)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.context import AppContext

BRANCH, OFFICE, BOTH = ("branch",), ("office",), ("branch", "office")


@dataclass(frozen=True)
class Screen:
    """A place in the sidebar. `form`: the kind of record a list shows; `low`: it stands below the line.

    `under`: it has no place of its own; the screen of this name leads to it and lights up for it.
    """

    name: str
    title: str
    icon: str
    place: str
    roles: tuple[str, ...] = BOTH
    form: str = ""
    new: str = ""  # the words of the button that starts a record
    key: str = ""  # its shortcut, shown beside the name
    low: bool = False
    under: str = ""

    def prepare(self) -> Any:
        """Import it. Returns the class of its page."""
        module, _, name = self.place.partition(":")
        return getattr(import_module(module), name)

    def build(self, app: AppContext) -> QWidget:
        factory = self.prepare()
        page: QWidget = factory(app, self)
        return page


_LIST = "ui.pages.record_list:RecordListPage"
SCREENS: tuple[Screen, ...] = (
    Screen("home", "Home", "home", "ui.pages.home:HomePage"),
    Screen("inbox", "Inbox", "receive", "ui.pages.inbox:InboxPage", OFFICE),
    Screen("records", "Records", "records", _LIST, OFFICE),
    Screen("overview", "Overview", "overview", "ui.pages.overview:OverviewPage", OFFICE),
    Screen("evidence", "Evidence", "evidence", _LIST, BRANCH, "evidence", "Record evidence"),
    Screen("senco_meetings", "SENCO meetings", "senco", _LIST, BRANCH, "senco_meeting", "Start a SENCO meeting"),
    Screen("meetings", "Meetings", "meeting", _LIST, BRANCH, "meeting", "New meeting"),
    Screen("plans", "Plans", "plan", _LIST, BRANCH, "plan", "Look at a plan"),
    Screen("forum_questions", "Forum questions", "forum", _LIST, BRANCH, "forum_questions", "Ask the Schools Forum"),
    Screen("actions", "Actions", "action", _LIST, BRANCH, "action", "New action"),
    Screen("reports", "Reports", "report", "ui.pages.reports:ReportsPage"),
    Screen("papers", "Papers", "papers", "ui.pages.papers:PapersPage"),
    Screen("send", "Send and receive", "send", "ui.pages.send:SendPage", BRANCH),
    Screen("data_protection", "Data protection", "eye", "ui.pages.data_protection:DataProtectionPage", low=True),
    Screen("everything_about", "Everything about a word", "search", "ui.pages.everything_about:EverythingAboutPage",
           under="data_protection"),
    Screen("review", "Due for review", "clock", "ui.pages.review:ReviewPage", under="data_protection"),
    Screen("lost_laptop", "I have lost my laptop", "warning", "ui.pages.lost_laptop:LostLaptopPage",
           under="data_protection"),
    Screen("leaving", "Leaving", "remove", "ui.pages.leaving:LeavingPage", under="data_protection"),
    Screen("forms", "Forms", "records", "ui.pages.forms:FormsPage", under="settings"),
    Screen("settings", "Settings", "settings", "ui.pages.settings:SettingsPage", low=True, key="Ctrl+,"),
    Screen("help", "Help", "help", "ui.pages.help:HelpPage", low=True, key="F1"),
)


def screens_for(role: str) -> tuple[Screen, ...]:
    """The screens a branch or the office has, in the sidebar's order."""
    return tuple(screen for screen in SCREENS if role in screen.roles)


def screen_named(name: str, role: str) -> Screen | None:
    return next((screen for screen in screens_for(role) if screen.name == name), None)


def list_for(form_id: str, role: str) -> Screen | None:
    """The screen whose list holds records of this form."""
    mine = screens_for(role)
    return next((s for s in mine if s.form == form_id), None) or next((s for s in mine if s.name == "records"), None)
