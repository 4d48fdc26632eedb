"""A branch officer's twenty minutes on a Sunday, in the real window, by keyboard alone: a piece of evidence from the first
key to "Ready to send", and a SENCO meeting from the notice to the records made of its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from at_the_desk import ALT, CTRL, PASSPHRASE, SHIFT, Officer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from desktop_app.services import meetings, recording
from desktop_app.storage.projection import Filters
from ui.app import application, build
from ui.pages.record import RecordPage
from ui.pages.senco_meeting import SencoMeetingPage
from ui.setup.unlock import UnlockPage

pytestmark = pytest.mark.story


@pytest.fixture
def officer(qtbot: QtBot, make_profile: Callable[..., Any]) -> Iterator[Officer]:
    created = make_profile("branch", "Leeds", officer_role="local_secretary", authorities=("383",))
    paths = created.profile.paths
    created.profile.close()
    window = build(application(), paths, "light")
    qtbot.addWidget(window)
    window.resize(1180, 760)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    found = Officer(window, qtbot)
    page = window.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    found.types(PASSPHRASE)
    found.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.frame is not None, timeout=20_000)
    found.rests()
    yield found
    window.close()


def test_a_piece_of_evidence_by_keyboard_alone(officer: Officer, qtbot: QtBot) -> None:
    officer.key(Qt.Key.Key_N, CTRL)
    page: RecordPage = officer.record_page(RecordPage)
    officer.types("A SENCO said that most first requests come back refused.")
    officer.answers("What short title", "First requests come back refused")
    officer.tabs_to("Which authorities is it about?")
    officer.tabs_to("Which authorities is it about?")
    officer.answers("Day, When did it happen", "3")
    officer.answers("Month, When did it happen", "sep")
    officer.answers("Year, When did it happen", "2026")
    officer.picks("What kind of source", "A SENCO meeting")
    officer.answers("What is the title, page", "A SENCO of a primary school")
    officer.ticks("First-hand")
    officer.ticks("You may quote")
    officer.ticks("2. Getting provision and support")
    officer.key(Qt.Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: page.form.view.section.title.startswith("2."))
    officer.tabs_to("first requests for an assessment of need")
    officer.key(Qt.Key.Key_Space)
    officer.answers("How many first requests were made?", "23")
    officer.answers("How many of those first requests were turned down?", "17")
    officer.key(Qt.Key.Key_S, CTRL)
    officer.rests()
    assert officer.window.frame.status.full().startswith("Saved ")
    with qtbot.waitSignal(page.marked, timeout=10_000):
        officer.key(Qt.Key.Key_Return, CTRL)
    officer.rests()
    assert page.standing.text() == "Ready to send"
    rows = officer.asks(lambda profile: recording.list_records(profile, Filters(form="evidence"))).rows
    assert [row.title for row in rows] == ["First requests come back refused"]
    about = officer.asks(lambda profile: recording.open_record(profile, page.record_id)).content.answers
    assert about["about"]["when_from"] == "2026-09-03"
    assert about["about"]["authorities"] == "383"
    assert about["access_and_consequences"]["c2_first_requests_refused"] == "17"


def test_a_senco_meeting_by_keyboard_alone(officer: Officer, qtbot: QtBot) -> None:
    officer.key(Qt.Key.Key_M, CTRL)
    page: SencoMeetingPage = officer.record_page(SencoMeetingPage)
    assert page.board is not None
    qtbot.waitUntil(page.board.entry.hasFocus)
    while not (isinstance(officer.focus, QAbstractButton) and officer.focus.text() == "Read it out"):
        officer.key(Qt.Key.Key_Tab, SHIFT)
    officer.key(Qt.Key.Key_Space)
    assert page.before is not None
    assert page.before.read_button.hasFocus()
    officer.key(Qt.Key.Key_Space)
    qtbot.waitUntil(page.board.entry.hasFocus)
    officer.notes_evidence()
    officer.types("This was said in confidence.")
    officer.key(Qt.Key.Key_O, ALT)
    officer.key(Qt.Key.Key_Down, ALT)
    made = officer.notes_an_action_and_makes_records(page)
    content = officer.asks(lambda profile: recording.open_record(profile, page.record_id)).content
    assert content.answers["about"]["notice_read_out"] == "yes"
    lines = meetings.lines(content)
    assert [(line.number, line.mark, line.became is not None) for line in lines] == [
        (1, "evidence", True),
        (2, "action", True),
    ]
    found = [officer.asks(lambda p, record=record: recording.open_record(p, record)) for record in made]
    assert {opened.form.id for opened in found} == {"evidence", "action"}
    evidence = next(opened for opened in found if opened.form.id == "evidence")
    assert evidence.content.answers["about"]["permission"] == "quote"
    assert "confidence" not in str([opened.content.answers for opened in found]) + str(content.answers)
