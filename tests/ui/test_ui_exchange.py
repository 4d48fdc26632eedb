"""Sending at a branch and receiving at the office, through the pages' own buttons, and the reply back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ui import dialogs


def press(root: QWidget, words: str) -> None:
    """Press the visible button with these words."""
    found = [b for b in root.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert found, f"no button “{words}”; there are {[b.text() for b in root.findChildren(QPushButton) if b.isVisible()]}"
    found[0].click()


def words_on(root: QWidget) -> str:
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def both(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any], evidence: dict[str, Any], tmp_path: Path
) -> tuple[Any, Any]:
    """A branch with one ready record, one draft, and the office's card; and that office. Both windows unlocked."""
    from desktop_app.services import recording
    from desktop_app.services.contacts import adding_card, office_card

    office = make_profile("office", "Policy team")
    card = tmp_path / "o.officecard"
    office_card(office.profile, card)
    branch = make_profile("branch", "Leeds", authorities=("383",), prepare=adding_card(card.read_bytes()))
    recording.add_record(branch.profile, "evidence", evidence, state="ready")
    recording.jot(branch.profile, "Not ready yet")
    desks = []
    for created in (branch, office):
        paths = created.profile.paths
        created.profile.close()
        made = desk_on(paths)
        made.unlock()
        desks.append(made)
    return desks[0], desks[1]


def test_what_goes_and_what_stays_is_told(both: tuple[Any, Any]) -> None:
    branch, _office = both
    page = branch.page("send")
    assert "First requests come back refused" in words_on(page.going)
    assert "Goes in file 1" in words_on(page.going)
    assert "It is a draft: mark it as ready to send it." in words_on(page.staying)


def test_from_the_branch_to_the_office_and_back(
    both: tuple[Any, Any], own_documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch, office = both
    page = branch.page("send")
    page.mail.click()
    branch.settle()
    file = next(own_documents.glob("Leeds-1-*.branchpack"))
    what, arguments = branch.platform.asked[-1]
    assert (what, arguments[3]) == ("open_mail", file)
    assert "was read back" in words_on(page)
    assert "Was it e-mailed?" in words_on(page)
    press(page, "Yes, it was")
    branch.settle()
    rows = branch.db(_standings)
    assert rows["First requests come back refused"].startswith("You said file 1 was e-mailed, ")

    inbox = office.page("inbox")
    drop(inbox.receive, [file])
    office.settle()
    assert "From Leeds, file 1" in words_on(inbox.receive)
    assert "that you have not spoken to yet" in words_on(inbox.receive)
    press(inbox.receive, "Add 1 file")
    office.settle()
    assert office.db(_standings) == {}
    words = words_on(inbox.laptops.waiting)
    assert "compare these six words" in words
    press(inbox, "The words are the same: accept")
    office.settle()
    assert list(office.db(_standings)) == ["First requests come back refused"]

    inbox.receive.look_at([file])
    office.settle()
    press(inbox.receive, "Add 1 file")
    office.settle()
    assert "Nothing new" in words_on(inbox.receive)
    replies = tmp_path / "replies"
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_a: replies)
    press(inbox, "Make the replies…")
    office.settle()
    reply = next(replies.glob("*.officepack"))

    page.receive.look_at([reply])
    branch.settle()
    press(page.receive, "Add 1 file")
    branch.settle()
    assert branch.db(_standings)["First requests come back refused"].startswith("The office has it, ")
    assert "The office has it" in words_on(page.before)


def test_an_adding_is_undone(both: tuple[Any, Any], own_documents: Path) -> None:
    branch, office = both
    page = branch.page("send")
    page.save_folder = own_documents
    page._make(own_documents, mail=False)
    branch.settle()
    assert branch.platform.asked[-1][0] == "open_folder"
    file = next(own_documents.glob("*.branchpack"))
    inbox = office.page("inbox")
    inbox.receive.look_at([file])
    office.settle()
    inbox.receive.add_now()
    office.settle()
    press(inbox, "The words are the same: accept")
    office.settle()
    assert len(office.db(_standings)) == 1
    press(inbox.added, "Show its records")
    office.settle()
    assert office.window.frame.page("records").panel.model.rowCount() == 1, "of the newest file too"
    inbox = office.page("inbox")
    press(inbox.added, "Undo")
    office.settle()
    assert office.db(_standings) == {}
    assert "Undone" in words_on(inbox.added)


def test_a_damaged_file_says_why_and_changes_nothing(both: tuple[Any, Any], own_documents: Path, tmp_path: Path) -> None:
    branch, office = both
    page = branch.page("send")
    page._make(own_documents, mail=False)
    branch.settle()
    file = next(own_documents.glob("*.branchpack"))
    damaged = tmp_path / "Leeds-1-damaged.branchpack"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(bytes(data))
    inbox = office.page("inbox")
    inbox.receive.look_at([damaged, file])
    office.settle()
    said = words_on(inbox.receive)
    assert "Cannot be added" in said
    assert inbox.receive.add_button.text() == "Add 1 file"


def test_the_other_answer_is_kept_too(both: tuple[Any, Any], own_documents: Path) -> None:
    branch, _office = both
    page = branch.page("send")
    page.mail.click()
    branch.settle()
    press(page, "Not yet")
    branch.settle()
    standing = branch.db(_standings)["First requests come back refused"]
    assert standing.startswith("In file 1, made ")
    assert standing.endswith("not yet e-mailed")
    assert "It was e-mailed" in [b.text() for b in page.before.findChildren(QPushButton)]


def test_a_code_heard_wrongly_is_told(both: tuple[Any, Any]) -> None:
    branch, _office = both
    page = branch.page("send")
    page.phone.code.setText("ABCDEFGH2")
    page.phone.check()
    branch.settle()
    assert page.phone.said.isVisible()
    assert "Nothing was changed." in page.phone.said.text()


def test_intelligence_goes_at_once_and_alone(both: tuple[Any, Any], own_documents: Path) -> None:
    branch, _office = both
    page = branch.page("send")
    page.now.words.setPlainText("The authority has a meeting with the Department on Thursday.")
    page.now.tell()
    branch.settle()
    assert len(list(own_documents.glob("*.branchpack"))) == 1
    assert page.now.words.toPlainText() == ""
    assert branch.db(_standings)["First requests come back refused"] == "Ready to send"


def test_the_overview_opens_what_is_behind_a_figure(both: tuple[Any, Any], own_documents: Path) -> None:
    branch, office = both
    branch.page("send")._make(own_documents, mail=False)
    branch.settle()
    inbox = office.page("inbox")
    inbox.receive.look_at(list(own_documents.glob("*.branchpack")))
    office.settle()
    inbox.receive.add_now()
    office.settle()
    press(inbox, "The words are the same: accept")
    office.settle()
    page = office.page("overview")
    tile = page.map._tiles["383"]
    assert tile.records == 1
    assert "Leeds" in tile.words
    page.map.opened.emit("383")
    office.settle()
    assert office.window.frame.current == "records"
    records = office.window.frame.page("records")
    assert records.panel.model.rowCount() == 1
    page = office.page("overview")
    page.map.setFocus()
    first = page.map.current()
    office.qtbot.keyClick(page.map, Qt.Key.Key_Down)
    assert page.map.current() != first
    assert page.map.accessibleDescription()


def drop(target: QWidget, paths: list[Path]) -> None:
    """What the desktop does when files are let go over a widget."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    target.dropEvent(event)


def _standings(profile: Any) -> dict[str, str]:
    from desktop_app.services import recording

    return {row.title: row.standing_words for row in recording.list_records(profile, recording.Filters()).rows}


def test_a_reply_is_written_to_the_branch_where_it_said(
    both: tuple[Any, Any], own_documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch, office = both
    settings = branch.page("settings")
    settings.address.address.setText("leeds at union")
    settings.address.keep()
    branch.settle()
    assert "is no e-mail address" in words_on(settings)
    settings.address.address.setText("officer@leeds.union.example")
    settings.address.keep()
    branch.settle()
    assert "with your next file" in words_on(settings)
    branch.page("send")._make(own_documents, mail=False)
    branch.settle()
    file = next(own_documents.glob("*.branchpack"))
    inbox = office.page("inbox")
    inbox.receive.look_at([file])
    office.settle()
    inbox.receive.add_now()
    office.settle()
    press(inbox, "The words are the same: accept")
    office.settle()
    inbox.receive.look_at([file])
    office.settle()
    inbox.receive.add_now()
    office.settle()
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_a: tmp_path / "replies")
    press(inbox, "Reply to every branch…")
    office.settle()
    (row,) = inbox.replies.letters.rows
    assert row.to.text() == "officer@leeds.union.example"
    press(inbox.replies.letters, "Write to the branch")
    office.settle()
    (reply,) = (tmp_path / "replies").glob("*.officepack")
    what, arguments = office.platform.asked[-1]
    assert (what, arguments[0], arguments[3]) == ("open_mail", "officer@leeds.union.example", reply)
    assert "Did the e-mail open with the file attached?" in words_on(inbox.replies.letters)
    press(inbox.replies.letters, "No")
    office.settle()
    assert office.platform.asked[-1] == ("open_folder", (reply,))
    row.to.setText("nowhere")
    press(inbox.replies.letters, "Write to the branch")
    office.settle()
    assert "is no e-mail address" in words_on(inbox.replies.letters)


def test_very_much_at_once_is_asked_about_before_it_is_added(
    both: tuple[Any, Any], own_documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.pages import receive_box

    monkeypatch.setattr(receive_box, "VERY_MANY", 0)
    branch, office = both
    branch.page("send")._make(own_documents, mail=False)
    branch.settle()
    inbox = office.page("inbox")
    inbox.receive.look_at([next(own_documents.glob("*.branchpack"))])
    office.settle()
    inbox.receive.add_now()
    office.settle()
    press(inbox, "The words are the same: accept")
    office.settle()
    assert len(office.db(_standings)) == 1, "accepting a laptop adds what was looked at before"
    branch.db(lambda profile: _another(profile))
    branch.page("send")._make(own_documents, mail=False)
    branch.settle()
    asked: list[str] = []

    def answer(place: int) -> None:
        monkeypatch.setattr(dialogs, "choose", lambda _parent, title, *_rest: asked.append(title) or place)

    answer(1)
    newest = max(own_documents.glob("*.branchpack"), key=lambda path: path.stat().st_mtime_ns)
    inbox.receive.look_at([newest])
    office.settle()
    inbox.receive.add_now()
    office.settle()
    assert asked == ["1 record to add"]
    assert len(office.db(_standings)) == 1, "left as it was"
    answer(0)
    inbox.receive.add_now()
    office.settle()
    assert len(office.db(_standings)) == 2


def _another(profile: Any) -> str:
    from desktop_app.services import recording

    return str(recording.add_record(profile, "evidence", {"about": {"summary": "One more."}}, state="ready").id)
