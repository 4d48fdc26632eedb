"""For the keyboard, for a screen reader, and for small windows: on every page."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QWidget,
)

from ui.pages.jot import JotBox
from ui.toast import ElidedLabel, ToastBar

BRANCH_PAGES = (
    "home", "evidence", "senco_meetings", "meetings", "plans", "forum_questions", "actions", "reports", "send", "settings",
    "help",
)  # fmt: skip
OFFICE_PAGES = ("home", "inbox", "records", "overview", "reports", "settings", "help")
SIZES = ((1093, 614), (683, 384))


def controls(root: QWidget) -> list[QWidget]:
    """What one can reach with Tab on `root`."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
    ]


def unnamed(root: QWidget) -> list[str]:
    found = []
    for widget in controls(root):
        # A spin box's or combo box's own entry is spoken with its box.
        if widget.objectName() == "qt_spinbox_lineedit" or widget.parent().__class__.__name__ == "QComboBox":
            continue
        name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        if not name.strip():
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


def sideways(root: QWidget) -> list[str]:
    """Scrolling areas that would have to be pushed sideways, and what is wider than the page it stands on."""
    found = []
    for area in root.findChildren(QAbstractScrollArea):
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0:
            found.append(f"{type(area).__name__} can be pushed {area.horizontalScrollBar().maximum()} pixels")
    for area in root.findChildren(QScrollArea):
        inside = area.widget()
        if area.isVisible() and inside is not None and inside.width() > area.viewport().width():
            found.append(f"{type(inside).__name__} is {inside.width() - area.viewport().width()} pixels too wide")
    return found


def clipped(root: QWidget) -> list[str]:
    """Words that have less room than they need."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel):
            continue
        if isinstance(widget, QLabel) and widget.text():
            wraps = widget.wordWrap()
            need = widget.heightForWidth(widget.width()) if wraps else widget.minimumSizeHint().height()
            if widget.height() < need - 1 or (not wraps and widget.width() < widget.minimumSizeHint().width() - 1):
                found.append(f"“{widget.text()[:60]}” has {widget.size().toTuple()}, needs {need}")
        elif isinstance(widget, QPushButton) and widget.text() and widget.width() < widget.minimumSizeHint().width() - 1:
            found.append(f"[{widget.text()}] is {widget.width()} wide, needs {widget.minimumSizeHint().width()}")
    return found + overlapping(root)


def overlapping(root: QWidget) -> list[str]:
    """Neighbours in one layout that lie on each other."""
    found = []
    for holder in [root, *root.findChildren(QWidget)]:
        layout = holder.layout()
        if layout is None or not holder.isVisible() or isinstance(layout, QStackedLayout):
            continue
        inside = [child for child in holder.children() if isinstance(child, QWidget) and child.isVisible()]
        placed = [child for child in inside if layout.indexOf(child) >= 0 or child.parentWidget() is holder]
        for place, one in enumerate(placed):
            for other in placed[place + 1 :]:
                both = one.geometry().intersected(other.geometry())
                if both.height() > 1 and both.width() > 1 and not isinstance(other, (ToastBar, JotBox)):
                    found.append(f"{type(one).__name__} and {type(other).__name__} in {type(holder).__name__}")
    return found


def test_every_control_has_a_name(desk: Any) -> None:
    for name in BRANCH_PAGES:
        desk.page(name)
        assert unnamed(desk.window) == [], name


def test_every_control_of_the_office_has_a_name(office_desk: Any) -> None:
    for name in OFFICE_PAGES:
        office_desk.page(name)
        assert unnamed(office_desk.window) == [], name


def test_nothing_is_pushed_sideways(desk: Any, evidence: dict[str, Any]) -> None:
    def add(profile: Any) -> None:
        from desktop_app.services import recording

        evidence["about"]["title"] = "A long title that has to be shortened somewhere when the window is a narrow one"
        recording.add_record(profile, "evidence", evidence, state="ready")

    desk.db(add)
    for size in SIZES:
        desk.window.resize(*size)
        for name in BRANCH_PAGES:
            desk.page(name)
            assert (desk.window.width(), desk.window.height()) == size, name
            assert sideways(desk.window.frame.content.currentWidget()) == [], name
            assert clipped(desk.window) == [], (name, size)


def test_nothing_is_pushed_sideways_at_the_office(office_desk: Any) -> None:
    for size in SIZES:
        office_desk.window.resize(*size)
        for name in OFFICE_PAGES:
            office_desk.page(name)
            assert (office_desk.window.width(), office_desk.window.height()) == size, name
            assert sideways(office_desk.window.frame.content.currentWidget()) == [], name
            assert clipped(office_desk.window) == [], (name, size)


def test_nothing_is_clipped_at_first_run(desk_on: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.paths import ProfilePaths
    from desktop_app.services import profile
    from desktop_app.storage.keys import KdfCost

    monkeypatch.setitem(profile.create.__kwdefaults__, "cost", KdfCost(1, 8 * 1024 * 1024))
    desk = desk_on(ProfilePaths(tmp_path / "r"))
    page = desk.window.stack.currentWidget()

    def whole(step: str) -> None:
        for size in (*SIZES, (1180, 760)):
            desk.window.resize(*size)
            desk.settle()
            assert clipped(page) == [], (step, size)
            assert sideways(page) == [], (step, size)

    whole("doors")
    page.branch.click()
    whole("who")
    page.who.name.setText("Leeds")
    page.who.role.setCurrentIndex(1)
    page.who.go.click()
    whole("card")
    page.card.later.click()
    whole("passphrase")
    page.passphrase.first.setText("lobster umbrella thirteen")
    page.passphrase.second.setText("lobster umbrella thirteen")
    page.passphrase.go.click()
    desk.qtbot.waitUntil(lambda: page.stack.currentWidget() is page.spare, timeout=20_000)
    whole("spare key")
    page.spare.later.click()
    whole("last")


def test_the_sidebar_shrinks_to_icons_that_still_speak(desk: Any) -> None:
    desk.page("home")
    sidebar = desk.window.frame.sidebar
    assert sidebar.width() > 200
    desk.window.resize(683, 384)
    desk.settle()
    assert sidebar.width() < 70
    button = sidebar.buttons["senco_meetings"]
    assert button.accessibleName() == "SENCO meetings"
    assert button.toolTip() == "SENCO meetings"
    assert not button._words.isVisible()


def test_every_place_is_reached_by_keyboard(desk: Any) -> None:
    desk.page("home")
    frame = desk.window.frame
    desk.window.run_action("panes")
    assert QApplication.focusWidget() is frame.sidebar.buttons["home"]
    seen = set()
    for _ in range(len(frame.sidebar.buttons) + 1):
        focus = QApplication.focusWidget()
        seen.add(getattr(focus, "name", ""))
        desk.qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert set(frame.sidebar.buttons) <= seen
    frame.sidebar.buttons["plans"].setFocus()
    desk.qtbot.keyClick(frame.sidebar.buttons["plans"], Qt.Key.Key_Space)
    desk.settle()
    assert frame.current == "plans"


def test_f1_opens_the_page_about_where_one_is(desk: Any) -> None:
    desk.page("send")
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_F1)
    desk.settle()
    page = desk.window.frame.page("help")
    assert desk.window.frame.current == "help"
    assert page.topic == "send"
    assert "office" in page.text.toPlainText()


def test_every_screen_has_its_help(desk: Any) -> None:
    page = desk.page("help")
    for name in (*BRANCH_PAGES, *OFFICE_PAGES):
        topic = getattr(desk.page(name), "help_topic", name) if name in BRANCH_PAGES else name
        page = desk.page("help", topic=topic)
        assert not page.text.toPlainText().startswith("Help\n") or page.topic == "index", name
        assert len(page.text.toPlainText()) > 200, name


def test_links_in_help_lead_to_pages_that_are_there(desk: Any) -> None:
    import re

    from desktop_app.paths import resource

    missing = []
    for path in sorted(resource("help").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if target.endswith(".md") and not (resource("help") / target).is_file():
                missing.append(f"{path.name} -> {target}")
    assert missing == []


def test_what_the_union_asked_is_shown_line_by_line(desk: Any) -> None:
    from desktop_app.services import coverage

    text = desk.page("help", topic="asked").text.toPlainText()
    assert "What the union asked, and where it is here" in text
    for line in coverage.asked_lines():
        assert line.ref in text, line.ref
        assert line.question in text, line.ref


def test_the_keys_are_listed(desk: Any, no_unexpected_dialogs: list[Any]) -> None:
    from PySide6.QtWidgets import QLabel

    from ui.shortcuts import KEYS

    desk.page("home")
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    words = [label.text() for label in no_unexpected_dialogs[0].findChildren(QLabel)]
    assert all(key.keys in words and key.words in words for key in KEYS)


def test_our_keys_win_over_a_text_fields_own(desk: Any) -> None:
    """Ctrl+E is "end of line" in text fields of some systems; here it goes to Send everywhere."""
    page = desk.page("evidence")
    page.panel.search.setFocus()
    desk.qtbot.keyClick(page.panel.search, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.window.frame.current == "send"


def test_a_toast_offers_undo_and_does_not_take_the_keyboard(desk: Any) -> None:
    page = desk.page("evidence")
    page.panel.search.setFocus()
    undone: list[bool] = []
    desk.app.toast("Taken back.", lambda: undone.append(True))
    bar = desk.window.frame.toast_bar
    assert bar.isVisible()
    assert page.panel.search.hasFocus()
    bar.act.click()
    assert undone == [True]
    assert not bar.isVisible()


def test_settings_take_effect_at_once(desk: Any) -> None:
    page = desk.page("settings")
    page.look.look.setCurrentIndex(page.look.look.findData("dark"))
    assert desk.app.theme.is_dark
    page.look.text_size.setCurrentIndex(3)
    assert desk.window.font().pointSizeF() > 16
    page.lock.lock_after.setCurrentIndex(page.lock.lock_after.findData(60))
    from ui import preferences

    kept = preferences.load(desk.app.paths)
    assert (kept.look, kept.text, kept.lock_minutes) == ("dark", 1.5, 60)
    page.look.look.setCurrentIndex(page.look.look.findData("light"))
    page.look.text_size.setCurrentIndex(0)


def test_the_passphrase_is_changed_in_settings(desk: Any) -> None:
    card = desk.page("settings").cards["passphrase"]
    card.strength.suggest.click()
    assert len(card.new.text().split()) == 5
    assert card.again.hasFocus()
    desk.qtbot.waitUntil(lambda: card.strength.bar.value() >= 3, timeout=20_000)
    card.old.setText("wrong old one")
    card.new.setText("a wholly new passphrase")
    card.again.setText("a wholly new passphrase")
    card.change()
    desk.settle()
    assert "not right" in card.said.text()
    desk.qtbot.waitUntil(lambda: card.said.visibleRegion().boundingRect().height() == card.said.height())
    card.old.setText("plain words for tests only")
    card.change()
    desk.settle()
    desk.window.lock()
    desk.settle()
    desk.unlock("a wholly new passphrase")
    assert desk.window.frame is not None


def test_a_backup_is_made_and_can_be_put_back(desk: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import dialogs

    out = tmp_path / "elsewhere" / "kept.branchbackup"
    out.parent.mkdir()
    monkeypatch.setattr(dialogs, "save_file", lambda *_a: out)
    page = desk.page("settings", part="backup")
    page.backup.make()
    desk.settle()
    from desktop_app.paths import ProfilePaths
    from desktop_app.services import keeping, profile

    keeping.restore(out, tmp_path / "back")
    opened = profile.unlock(ProfilePaths(tmp_path / "back"), passphrase="plain words for tests only")
    assert opened.me.branch == "Leeds"
    opened.close()


def test_the_wheel_over_a_list_scrolls_the_page_and_chooses_nothing(desk: Any) -> None:
    page = desk.page("settings")
    box = next(box for box in page.findChildren(QComboBox) if box.isVisible() and box.count() > 1)
    area = next(area for area in desk.window.findChildren(QScrollArea) if area.isAncestorOf(box))
    assert area.verticalScrollBar().maximum() > 0
    before = box.currentIndex()
    middle = QPointF(box.rect().center())
    for down in (-120, 120, -120):
        wheel = QWheelEvent(
            middle, box.mapToGlobal(middle), QPoint(), QPoint(0, down), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, wheel)
        assert box.currentIndex() == before
    assert area.verticalScrollBar().value() > 0
