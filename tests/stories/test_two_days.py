"""Two days. On the first, a branch officer sets the program up, records evidence, holds a SENCO meeting, prints and sends.
On the second, the office adds the file, accepts the laptop by its words, asks and replies; the branch adds the reply.

Two real windows on two real sets of records; only the boxes of the system (which file, which folder) are answered here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from at_the_desk import CTRL, PASSPHRASE, Officer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.paths import ProfilePaths
from desktop_app.platform.fake import FakePlatform
from desktop_app.services import recording
from desktop_app.services.contacts import office_card
from desktop_app.storage import keys
from desktop_app.storage.projection import Filters
from ui import dialogs
from ui.app import application, build
from ui.pages import outbox
from ui.pages.record import RecordPage
from ui.pages.senco_meeting import SencoMeetingPage
from ui.setup.unlock import UnlockPage
from ui.setup.wizard import SetupPage

pytestmark = pytest.mark.story
NAME = "Mrs Thistlewood"  # typed, then replaced before the record is ready
TITLE = "Most first requests come back refused"


@pytest.fixture
def at_a_window(qtbot: QtBot) -> Iterator[Callable[[ProfilePaths], Officer]]:
    windows = []

    def sit_down(paths: ProfilePaths) -> Officer:
        window = build(application(), paths, "light")
        qtbot.addWidget(window)
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1180, 760)
        window.context.platform = FakePlatform()
        windows.append(window)
        found = Officer(window, qtbot)
        come_to(found, qtbot)
        return found

    yield sit_down
    for window in windows:
        window.close()


def come_to(who: Officer, qtbot: QtBot) -> None:
    """This window to the front: keys go to it."""
    who.window.show()
    who.window.activateWindow()
    qtbot.waitUntil(who.window.isActiveWindow)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and who.window.isAncestorOf(QApplication.focusWidget()))


def standings(profile: Any) -> dict[str, str]:
    return {row.title: row.standing_words for row in recording.list_records(profile, Filters()).rows}


@pytest.fixture
def office(make_profile: Callable[..., Any], tmp_path: Path) -> tuple[ProfilePaths, Path]:
    """The office has been there for a while; its card is a file somebody was sent."""
    created = make_profile("office", "Policy team")
    card = tmp_path / "National office.officecard"
    office_card(created.profile, card)
    created.profile.close()
    return created.profile.paths, card


def set_up(officer: Officer, qtbot: QtBot) -> None:
    """Through the first door by keyboard: who, the card, a passphrase, the spare key typed back, a jotting."""
    page = officer.window.stack.currentWidget()
    assert isinstance(page, SetupPage)
    officer.key(Qt.Key.Key_Return)  # the first door has the keyboard
    officer.types("Leeds")
    officer.picks("Your role", "Local secretary")
    officer.tabs_to("Your local authority")
    officer.types("leeds")
    officer.key(Qt.Key.Key_Return)
    officer.presses("Continue")
    officer.presses("Choose the card…")
    officer.presses("Yes, the words are the same")
    qtbot.waitUntil(page.passphrase.first.hasFocus)
    officer.types(PASSPHRASE)
    officer.tabs_to("The same again")
    officer.types(PASSPHRASE)
    officer.ticks("Yes, the office may help")
    officer.presses("Set up my records")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.spare, timeout=30_000)
    groups = [label.text().split()[1] for label in page.spare.group_labels]
    for number in page.spare.asked():
        officer.tabs_to(f"Group {number} of the spare key")
        officer.types(groups[number - 1].lower())
    officer.key(Qt.Key.Key_Return)
    qtbot.waitUntil(page.last.box.hasFocus)
    officer.types("Ask when the panel meets.")
    officer.presses("Start")
    qtbot.waitUntil(lambda: officer.window.frame is not None, timeout=30_000)
    officer.rests()


def record_evidence(officer: Officer, qtbot: QtBot) -> str:
    officer.key(Qt.Key.Key_N, CTRL)
    page: RecordPage = officer.record_page(RecordPage)
    officer.types(f"{NAME} said that most first requests come back refused.")
    officer.answers("What short title", TITLE)
    officer.answers("Day, When did it happen", "3")
    officer.answers("Month, When did it happen", "sep")
    officer.answers("Year, When did it happen", "2026")
    officer.picks("What kind of source", "A SENCO meeting")
    officer.answers("What is the title, page", "A SENCO of a primary school")
    officer.ticks("First-hand")
    officer.ticks("You may quote")
    with qtbot.waitSignal(page.checked, timeout=10_000):
        officer.key(Qt.Key.Key_Return, CTRL)
    [card] = page.ready_view.cards
    assert card.suspect.text == NAME
    with qtbot.waitSignal(page.checked, timeout=10_000):
        qtbot.mouseClick(card.buttons[0], Qt.MouseButton.LeftButton)
    officer.rests()
    assert page.ready_view.cards == []
    if page.ready_view.reason.isVisible():
        qtbot.keyClicks(page.ready_view.reason, "More will follow")
    with qtbot.waitSignal(page.marked, timeout=10_000):
        officer.presses("Mark as ready", page.ready_view)
    officer.rests()
    assert page.standing.text() == "Ready to send"
    return page.record_id


def hold_a_meeting(officer: Officer, qtbot: QtBot) -> list[str]:
    officer.key(Qt.Key.Key_M, CTRL)
    page: SencoMeetingPage = officer.record_page(SencoMeetingPage)
    assert page.board is not None
    qtbot.waitUntil(page.board.entry.hasFocus)
    officer.notes_evidence()
    made = officer.notes_an_action_and_makes_records(page)
    # A record made of a line is opened, and marked as ready like any other.
    for record in made:
        officer.window.context.open_record(record)
        officer.rests()
        one: RecordPage = officer.record_page(RecordPage)
        qtbot.waitUntil(lambda one=one, record=record: one.record_id == record)
        with qtbot.waitSignal(one.checked, timeout=10_000):
            officer.key(Qt.Key.Key_Return, CTRL)
        officer.rests()
        if one.stack.currentWidget() is one.ready_view:
            for card in list(one.ready_view.cards):
                qtbot.mouseClick(card.keep_button, Qt.MouseButton.LeftButton)
            qtbot.keyClicks(one.ready_view.reason, "More will follow")
            with qtbot.waitSignal(one.marked, timeout=10_000):
                officer.presses("Mark as ready", one.ready_view)
        officer.rests()
        assert one.standing.text() == "Ready to send"
    return list(made)


def print_it(officer: Officer, qtbot: QtBot, record: str, out: Path) -> None:
    """Ctrl+P on the record: look at the pages of the shareable version, then keep the PDF."""
    from desktop_app.reports.readback import text_of

    officer.window.context.open_record(record)
    page: RecordPage = officer.record_page(RecordPage)
    qtbot.waitUntil(lambda: page.record_id == record)
    officer.key(Qt.Key.Key_P, CTRL)
    officer.rests()
    reports = officer.window.frame.page("reports")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: officer.window.frame.content.currentWidget() is reports)  # type: ignore[union-attr]
    officer.presses("Shareable", reports)
    qtbot.waitUntil(lambda: reports.keep.isVisible(), timeout=60_000)
    officer.rests()
    qtbot.mouseClick(reports.keep.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(out.exists, timeout=60_000)
    officer.rests()
    said = text_of(out.read_bytes())
    assert TITLE in said
    assert "Thistlewood" not in said


def test_two_days(
    at_a_window: Callable[[ProfilePaths], Officer], office: tuple[ProfilePaths, Path], qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from desktop_app.services import profile as profiles

    # The passphrase at its cheapest cost: the way through is told here, not half a second of Argon2.
    monkeypatch.setitem(profiles.create.__kwdefaults__, "cost", keys.KdfCost(1, 8 * 1024 * 1024))
    office_paths, card = office
    documents, replies, pdf = tmp_path / "documents", tmp_path / "replies", tmp_path / "one.pdf"
    monkeypatch.setattr(dialogs, "open_file", lambda *_a: card)
    monkeypatch.setattr(dialogs, "save_file", lambda *_a: pdf)
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_a: replies)
    monkeypatch.setattr(outbox, "outbox_folder", lambda: documents)

    # The first day, at the branch.
    officer = at_a_window(ProfilePaths(tmp_path / "branch records"))
    set_up(officer, qtbot)
    evidence = record_evidence(officer, qtbot)
    hold_a_meeting(officer, qtbot)
    print_it(officer, qtbot, evidence, pdf)
    officer.key(Qt.Key.Key_E, CTRL)
    officer.rests()
    officer.presses("Make the file and open an e-mail")
    officer.waits_to_read("Was it e-mailed?")
    officer.presses("Yes, it was")
    officer.rests()
    [file] = documents.glob("Leeds-1-*.branchpack")
    assert officer.asks(standings)[TITLE].startswith("You said file 1 was e-mailed, ")

    # The second day, at the office.
    desk = at_a_window(office_paths)
    page = desk.window.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    desk.types(PASSPHRASE)
    desk.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.window.frame is not None, timeout=30_000)
    desk.rests()
    monkeypatch.setattr(dialogs, "open_files", lambda *_a: [file])
    desk.presses("Inbox")
    desk.rests()
    desk.key(Qt.Key.Key_I, CTRL)
    desk.waits_to_read("From Leeds, file 1")
    desk.presses("Add 1 file")
    desk.waits_to_read("compare these six words")
    desk.rests()
    assert officer.asks(lambda p: p.words) in desk.reads()
    assert desk.asks(standings) == {}
    desk.presses("The words are the same: accept")
    qtbot.waitUntil(lambda: TITLE in desk.asks(standings), timeout=30_000)
    desk.rests()
    arrived = desk.asks(standings)
    assert "Ask when the panel meets." not in arrived  # a draft stays where it is
    assert any("educational psychologist" in title or "Visits" in title for title in arrived)
    opened = desk.asks(lambda p: recording.open_record(p, evidence))
    assert opened.content.answers["about"]["when_from"] == "2026-09-03"
    for word in ("Thistlewood", "thistlewood"):
        assert desk.asks(lambda p, word=word: recording.list_records(p, Filters(words=word))).rows == []
    everything = desk.asks(_every_answer)
    assert "first requests come back refused" in everything
    assert "thistlewood" not in everything.casefold()

    # It looks at the record, asks, and replies.
    desk.window.context.open_record(evidence)
    look: RecordPage = desk.record_page(RecordPage)
    qtbot.waitUntil(lambda: look.record_id == evidence)
    def ask(dialog: Any) -> int:
        dialog.box.setPlainText("Which term was this?")
        qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
        return int(dialog.result())

    with monkeypatch.context() as answering:
        answering.setattr(dialogs, "run", ask)
        look.rights.ask_action.trigger()
    desk.rests()
    assert look.standing.text() == "Office asks a question"
    desk.presses("Inbox")
    desk.rests()
    desk.presses("Reply to every branch…")
    qtbot.waitUntil(lambda: any(replies.glob("*.officepack")), timeout=30_000)
    desk.rests()
    [reply] = replies.glob("*.officepack")

    # The branch adds the reply, and sees that the office has it, and what it asks.
    come_to(officer, qtbot)
    monkeypatch.setattr(dialogs, "open_files", lambda *_a: [reply])
    officer.key(Qt.Key.Key_E, CTRL)
    officer.rests()
    officer.key(Qt.Key.Key_I, CTRL)
    officer.rests()
    qtbot.waitUntil(lambda: officer.offers("Add 1 file"), timeout=30_000)
    officer.presses("Add 1 file")
    qtbot.waitUntil(lambda: officer.asks(standings)[TITLE] == "Office asks a question", timeout=30_000)
    officer.rests()
    others = [words for title, words in officer.asks(standings).items() if title != TITLE]
    assert any(words.startswith("The office has it, ") for words in others)
    assert "The office has it" in officer.reads()


def _every_answer(profile: Any) -> str:
    """All that the office's records hold, as text: current answers and every version that arrived."""
    from desktop_app.storage import revisions

    rows = recording.list_records(profile, Filters(), 1000).rows
    return "".join(each.line.decode() for row in rows for each in revisions.of_record(profile.store, row.id))
