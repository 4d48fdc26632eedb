"""Screens are made while nobody waits, and are the same when they are opened."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.ahead import REST_MS

MADE = ("evidence", "senco_meetings", "reports", "send", "settings", "data_protection", "papers", "help")


def all_made(desk: Any) -> None:
    desk.qtbot.waitUntil(lambda: not desk.window.frame.ahead._pieces, timeout=60_000)


def test_after_a_rest_every_screen_is_made_and_opening_it_makes_nothing(desk: Any) -> None:
    frame = desk.window.frame
    all_made(desk)
    made = dict(frame.ahead._made)
    assert set(MADE) <= set(made)
    assert frame.current == "home" and frame.content.currentWidget() is frame.page("home")
    for name in MADE:
        assert frame.page(name) is None, "made is not opened"
        assert not made[name].isVisible()
        assert desk.page(name) is made[name]
        assert made[name].isVisible()
    assert desk.page("evidence") is made["evidence"]


def test_a_key_puts_it_off(desk: Any) -> None:
    ahead = desk.window.frame.ahead
    desk.settle()
    left = len(ahead._pieces)
    assert left > 10
    desk.qtbot.waitUntil(lambda: ahead._timer.remainingTime() < REST_MS - 300)
    before = ahead._timer.remainingTime()
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_Shift)
    assert ahead._timer.remainingTime() > before
    assert len(ahead._pieces) == left


def test_a_screen_opened_first_is_not_made_again(desk: Any) -> None:
    opened = desk.page("settings")
    all_made(desk)
    assert "settings" not in desk.window.frame.ahead._made
    assert desk.page("settings") is opened


def test_a_screen_opened_in_the_middle_of_its_making_is_the_one_that_was_begun(desk: Any) -> None:
    ahead = desk.window.frame.ahead
    desk.qtbot.waitUntil(lambda: ahead._bare is not None, timeout=60_000)
    name, page = ahead._bare
    assert desk.page(name) is page
    assert page.isVisible()


def test_the_keyboard_stays_where_it_is_while_screens_are_made(desk: Any) -> None:
    page = desk.page("evidence")
    page.panel.search.setFocus()
    desk.qtbot.keyClicks(page.panel.search, "wor")
    all_made(desk)
    assert QApplication.focusWidget() is page.panel.search
    desk.qtbot.keyClicks(page.panel.search, "ds")
    assert page.panel.search.text() == "words"


def test_locking_makes_no_more_and_drops_what_was_made(desk: Any) -> None:
    all_made(desk)
    gone: list[str] = []
    for name, page in desk.window.frame.ahead._made.items():
        page.destroyed.connect(lambda _object=None, name=name: gone.append(name))
    count = len(desk.window.frame.ahead._made)
    desk.window.lock()
    desk.qtbot.waitUntil(lambda: len(gone) == count)
    desk.settle()
