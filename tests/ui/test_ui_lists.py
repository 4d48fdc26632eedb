"""Lists: newest first, found as one types, narrowed by filters, a page at a time; a row opens its record."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.modeltest import ModelTester

from desktop_app.storage.projection import Filters
from ui.models.record_table import FIRST, KEPT_PAGES, PAGE, RecordTable
from ui.pages.record_list import LIST_BESIDE
from ui.rows import RowButton


@pytest.fixture
def three(desk: Any, evidence: dict[str, Any]) -> list[str]:
    """Three records: Leeds ready, Kirklees draft, Kent ready with other words. Ids, oldest first."""

    def add(profile: Any) -> list[str]:
        from desktop_app.services import recording

        made = []
        for title, authority, state in (
            ("Refused at first", "383", "ready"),
            ("Waiting for a psychologist", "382", "draft"),
            ("Assistants leave", "886", "ready"),
        ):
            answers = copy.deepcopy(evidence)
            answers["about"] |= {"title": title, "authorities": authority, "summary": f"{title}, somebody said."}
            made.append(recording.add_record(profile, "evidence", answers, state=state).id)
        return made

    return list(desk.db(add))


def titles(page: Any) -> list[str]:
    model = page.panel.model
    return [model.row(n).title for n in range(model.rowCount())]


def test_newest_first_with_standing_in_words(desk: Any, three: list[str]) -> None:
    page = desk.page("evidence")
    assert titles(page) == ["Assistants leave", "Waiting for a psychologist", "Refused at first"]
    spoken = page.panel.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Waiting for a psychologist, Kirklees, Draft"
    assert page.panel.count.text() == "3 records"


def test_the_list_follows_as_one_types(desk: Any, three: list[str]) -> None:
    page = desk.page("evidence")
    desk.window.run_action("do_find")
    desk.qtbot.keyClicks(page.panel.search, "psy")
    desk.qtbot.waitUntil(lambda: titles(page) == ["Waiting for a psychologist"])
    desk.qtbot.keyClick(page.panel.search, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: len(titles(page)) == 3)
    page.panel.search.setText("nothing like this")
    desk.qtbot.waitUntil(lambda: page.panel.empty.isVisible())
    assert "Nothing matches" in page.panel._empty_words.text()
    page.panel.clear_all.click()
    desk.qtbot.waitUntil(lambda: len(titles(page)) == 3)


def test_filters_narrow_the_list(desk: Any, three: list[str]) -> None:
    page = desk.page("evidence")
    page.panel.filters_button.click()
    desk.settle()
    boxes = page.panel.filters.boxes
    assert boxes["strength"].count() > 2
    boxes["standing"].setCurrentIndex(boxes["standing"].findData("ready"))
    desk.qtbot.waitUntil(lambda: titles(page) == ["Assistants leave", "Refused at first"])
    boxes["programme"].setCurrentIndex(boxes["programme"].findData("SV"))
    desk.qtbot.waitUntil(lambda: titles(page) == ["Assistants leave"])


def test_another_page_can_open_the_list_narrowed(desk: Any, three: list[str]) -> None:
    page = desk.page("evidence", filters={"authority": "382"})
    assert titles(page) == ["Waiting for a psychologist"]
    assert page.panel.filters.boxes["authority"].currentData() == "382"


def test_enter_opens_the_record_and_escape_comes_back(desk: Any, three: list[str]) -> None:
    page = desk.page("evidence")
    page.panel.table.setFocus()
    desk.qtbot.keyClick(page.panel.table, Qt.Key.Key_Down)
    desk.qtbot.keyClick(page.panel.table, Qt.Key.Key_Return)
    desk.settle()
    assert page.record_id == three[1]
    assert type(page.record).__name__ == "RecordPage"
    page.later.click()
    desk.settle()
    assert page.record_id == three[0]
    desk.qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.record is None
    assert page.panel.isVisible()


def test_with_room_the_list_stays_beside_the_record(desk: Any, three: list[str]) -> None:
    page = desk.page("evidence")
    page.open(three[0])
    desk.settle()
    assert not page.panel.isVisible()
    desk.window.resize(LIST_BESIDE + 400, 800)
    desk.settle()
    assert page.panel.isVisible()
    assert page.right.isVisible()


def test_a_record_is_opened_in_the_list_it_belongs_to(desk: Any) -> None:
    def meeting(profile: Any) -> str:
        from desktop_app.services import meetings

        return str(meetings.start_meeting(profile, {"about": {"place": "Online"}}))

    record = desk.db(meeting)
    desk.app.open_record(record)
    desk.settle()
    assert desk.window.frame.current == "senco_meetings"
    page = desk.window.frame.page("senco_meetings")
    assert page.record_id == record
    assert type(page.record).__name__ == "SencoMeetingPage"


def many(profile: Any, number: int) -> None:
    """Rows as the projection holds them, without the cost of making each as a record."""
    from desktop_app.storage import projection
    from desktop_app.storage.projection import Projection

    with profile.store.atomic():
        for n in range(number):
            projection.write(
                profile.store,
                Projection(
                    record=f"record-{n:05}", form_id="evidence", title=f"Record {n}", authorities=("383",), regions=(),
                    programmes=(), when_from="", when_to="", when_text="", standing="ready", branch="Leeds", strength="",
                    permission="", branch_only=False, confidential=False, changed_utc=f"2026-01-01T00:00:{n:05}Z",
                    words="", answers=(), two_versions=0, draft=False, standing_words="Ready to send",
                ),
            )  # fmt: skip


def test_a_long_list_is_read_a_page_at_a_time_and_forgets_what_is_far(desk: Any, qtbot: Any) -> None:
    total = (KEPT_PAGES + 4) * PAGE
    desk.db(lambda profile: many(profile, total))
    model = RecordTable(desk.app)
    ModelTester(None).check(model)
    with qtbot.waitSignal(model.loaded):
        model.load(Filters(form="evidence"))
    assert model.rowCount() == FIRST
    while model.canFetchMore():
        before = model.rowCount()
        model.fetchMore()
        qtbot.waitUntil(lambda before=before: model.rowCount() > before)
    assert model.rowCount() == total
    assert len(model._pages) == KEPT_PAGES
    assert model.row(total - 1).title == "Record 0"
    assert model.row(0) is None  # forgotten; asking reads it again
    qtbot.waitUntil(lambda: model.row(0) is not None)
    assert model.row(0).title == f"Record {total - 1}"


def test_an_answer_to_an_older_question_is_dropped(desk: Any, three: list[str], qtbot: Any) -> None:
    model = RecordTable(desk.app)
    model.load(Filters(form="evidence", words="refused"))
    model.load(Filters(form="evidence", words="assistants"))
    desk.settle()
    assert [model.row(n).title for n in range(model.rowCount())] == ["Assistants leave"]


def test_the_keys_that_start_something(desk: Any) -> None:
    desk.page("home")
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.window.frame.current == "evidence"
    assert desk.window.frame.page("evidence").record is not None
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.window.frame.current == "senco_meetings"


def test_a_jotting_is_kept_as_a_draft(desk: Any) -> None:
    from ui.pages.jot import JotBox

    desk.page("home")
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    box = desk.window.frame.findChild(JotBox)
    assert box.isVisible()
    desk.qtbot.keyClicks(box.box, "Heard: no speech therapy until May")
    desk.qtbot.keyClick(box.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert not box.isVisible()
    page = desk.page("evidence")
    assert titles(page) == ["Heard: no speech therapy until May"]


def test_a_jotting_left_in_its_box_survives_locking(desk: Any) -> None:
    from ui.pages.jot import JotBox

    desk.window.run_action("jot")
    box = desk.window.frame.findChild(JotBox)
    box.box.setPlainText("Half a thought")
    box.leave()
    desk.window.lock()
    desk.settle()
    desk.unlock()
    assert titles(desk.page("evidence")) == ["Half a thought"]


def test_home_shows_what_to_carry_on_with(desk: Any, three: list[str]) -> None:
    page = desk.page("home")
    rows = [button.words.text() for button in page.carry_on.findChildren(type(page.send).__mro__[0]) if hasattr(button, "words")]
    assert rows == ["Waiting for a psychologist"]
    figures = {
        button.sub.text(): button.words.text()
        for button in page.figures.findChildren(type(page.send).__mro__[0])
        if hasattr(button, "sub")
    }
    assert figures["ready, not yet sent"] == "2"


def test_home_stays_where_it_is_when_it_is_read_again(desk: Any, three: list[str]) -> None:
    """The row that has the keyboard is made anew; the page must not run off to whatever would be next."""
    desk.window.resize(1000, 420)
    page = desk.page("home")
    row = next(button for button in page.carry_on.findChildren(RowButton))
    row.setFocus()
    page.scroll.verticalScrollBar().setValue(0)
    assert page.scroll.verticalScrollBar().maximum() > 0
    page = desk.page("home")
    assert page.scroll.verticalScrollBar().value() == 0
    assert isinstance(QApplication.focusWidget(), RowButton)


def test_a_record_left_without_a_word_leaves_nothing_behind(desk: Any, three: list[str]) -> None:
    for words, left in (("", 3), ("The form grew.", 4)):
        desk.window.frame.new_record("evidence")
        desk.settle()
        page = desk.window.frame.content.currentWidget()
        desk.qtbot.waitUntil(lambda page=page: getattr(page.record, "form", None) is not None)
        desk.settle()
        desk.qtbot.keyClicks(QApplication.focusWidget(), words)
        page.close_record()
        desk.settle()
        assert desk.db(_evidence) == left
        desk.qtbot.waitUntil(lambda page=page, left=left: page.panel.model.rowCount() == left)


def _evidence(profile: Any) -> int:
    from desktop_app.services import recording

    return int(recording.counts(profile)["evidence"])


def test_after_a_jotting_the_keyboard_is_where_it_was(desk: Any, three: list[str]) -> None:
    from ui.pages.jot import JotBox

    page = desk.page("evidence")
    page.panel.search.setFocus()
    for key, how in ((Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier), (Qt.Key.Key_Escape, None)):
        desk.window.run_action("jot")
        box = desk.window.frame.findChild(JotBox)
        desk.qtbot.waitUntil(box.box.hasFocus)
        desk.qtbot.keyClicks(box.box, "Heard at the gate")
        desk.qtbot.keyClick(box.box, key, how or Qt.KeyboardModifier.NoModifier)
        desk.settle()
        assert page.panel.search.hasFocus()
    box.box.clear()


def test_filters_are_made_when_wanted_and_come_right_after_their_button(desk: Any, three: list[str]) -> None:
    page = desk.page("evidence")
    panel = page.panel
    assert not panel.filters.findChildren(QComboBox), "a list opens without them"
    desk.qtbot.mouseClick(panel.filters_button, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: QApplication.focusWidget() is panel.filters.boxes["authority"])
    passed = []
    widget = panel.filters_button.nextInFocusChain()
    while widget is not panel.table:
        if isinstance(widget, QComboBox):
            passed.append(widget.accessibleName())
        widget = widget.nextInFocusChain()
    assert passed == ["Authority", "Programme", "Region", "Standing", "How it is known", "Permission", "Says"]
    assert all(box.isVisible() for box in panel.filters.boxes.values())
