"""The record page on real records: saved as typed, undo, check, ready, history, taking back, two versions, files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.services import recording
from desktop_app.services.history import history
from desktop_app.services.profile import Profile
from desktop_app.storage import revisions
from desktop_app.storage.projection import Filters
from ui import dialogs
from ui.forms.text_editors import MultilineEditor
from ui.pages.record import RecordPage
from ui.pages.record_history import HistoryDialog, word_difference
from ui.pages.record_saving import SAVE_LATEST_MS, SAVE_SOON_MS
from ui.pages.record_versions import VersionsDialog

FULL: dict[str, Any] = {
    "about": {
        "summary": "The form grew from four pages to eleven.",
        "title": "Refusals of first requests",
        "when_from": "2026-09-01",
        "source_reference": "A SENCO of a primary school",
        "strength": "first_hand",
        "permission": "quote",
    }
}


@pytest.fixture
def open_page(qtbot: QtBot, records: Any, show: Callable[..., QWidget]) -> Callable[..., RecordPage]:
    def do(answers: dict[str, Any] | None = None, record_id: str = "") -> RecordPage:
        found = record_id or records.ask(lambda profile: recording.start(profile, "evidence", answers))
        page = RecordPage(records.app, found)
        with qtbot.waitSignal(page.loaded):
            show(page, 1060, 700)
        records.settle()
        return page

    return do


def field(page: RecordPage, name: str) -> QWidget:
    assert page.form is not None
    row = next(row for row in page.form.view.rows() if row.path == f"/data/about/{name}")
    return row.editor.fields()[0]


def stored(records: Any, page: RecordPage) -> dict[str, Any]:
    found: dict[str, Any] = records.ask(lambda p: recording.open_record(p, page.record_id)).content.answers["about"]
    return found


def test_typing_is_saved_by_itself_within_five_seconds(open_page: Any, records: Any, qtbot: QtBot) -> None:
    assert SAVE_SOON_MS < SAVE_LATEST_MS < 5000
    page = open_page()
    heard: list[object] = []
    records.app.was_saved.connect(heard.append)
    with qtbot.waitSignal(page.saved, timeout=5000):
        qtbot.keyClicks(field(page, "summary"), "The form grew.")
    assert stored(records, page)["summary"] == "The form grew."
    assert len(heard) == 1


def test_leaving_the_page_writes_at_once_and_asks_nothing(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page()
    qtbot.keyClicks(field(page, "summary"), "Half a sen")
    with qtbot.waitSignal(page.saved):
        page.hide()
    assert stored(records, page)["summary"] == "Half a sen"


def test_locking_writes_at_once(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page()
    qtbot.keyClicks(field(page, "summary"), "Before the lock")
    records.app.flush()
    records.settle()
    assert stored(records, page)["summary"] == "Before the lock"


def test_ctrl_z_and_ctrl_y_work_from_within_a_text(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page()
    box = field(page, "summary")
    box.setFocus()
    qtbot.keyClicks(box, "Gone and back")
    qtbot.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "summary" not in page.current_content().answers["about"]
    focus = QApplication.focusWidget()
    assert focus is field(page, "summary")
    qtbot.keyClick(focus, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert page.current_content().answers["about"]["summary"] == "Gone and back"


def test_a_whole_record_is_ready_at_once(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page(FULL)
    assert page.standing.text() == "Draft"
    with qtbot.waitSignal(page.marked):
        qtbot.keyClick(field(page, "title"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.standing.text() == "Ready to send"
    assert not page.ready_button.isEnabled()
    qtbot.keyClicks(field(page, "title"), " again")
    assert page.standing.text() == "Draft"
    assert page.ready_button.isEnabled()
    page.flush()
    records.settle()
    assert page.standing.text() == "Draft", "saving it does not make it ready again"


def test_gaps_are_allowed_with_a_reason_that_stays_with_the_record(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page({"about": {"summary": "The form grew."}})
    with qtbot.waitSignal(page.checked):
        page.ready_button.click()
    assert page.stack.currentWidget() is page.ready_view
    assert page.ready_view.title.hasFocus()
    page.ready_view.mark_button.click()
    assert "Say why" in page.ready_view.said.text()
    page.ready_view.reason.setText("Nothing more is known")
    with qtbot.waitSignal(page.marked):
        page.ready_view.mark_button.click()
    opened = records.ask(lambda p: recording.open_record(p, page.record_id))
    assert opened.standing_code == "ready"
    assert opened.content.derived["ready_reason"] == "Nothing more is known"
    assert any("“Nothing more is known”" in w.text() for w in page.findChildren(QLabel, "notice-text"))
    (entry,) = records.ask(lambda p: history(p, page.record_id))
    assert (entry.what, entry.reason) == ("Marked as ready", "Nothing more is known")
    dialog = HistoryDialog([entry], records.app.theme.colours, page)
    qtbot.addWidget(dialog)
    assert "Although: Nothing more is known" in dialog.list.item(0).text()
    dialogs.fit(dialog)
    assert (dialog.width(), dialog.height()) == (900, 600), "before and after have room side by side"
    found = records.ask(lambda p: recording.search(p, "nothing more", Filters()))
    assert [row.id for row in found.rows] == [page.record_id], "the list finds it by the reason"
    qtbot.keyClicks(field(page, "summary"), "Again. ")
    page.flush()
    records.settle()
    opened = records.ask(lambda p: recording.open_record(p, page.record_id))
    assert "ready_reason" not in opened.content.derived, "a reason belongs to the version it was given for"


def test_the_keyboard_stays_while_the_check_looks_again(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page({"about": {"summary": "The form grew."}})
    with qtbot.waitSignal(page.checked):
        page.ready_button.click()
    view = page.ready_view
    assert view.title.hasFocus()
    with qtbot.waitSignal(page.checked):
        page.check.look()
    assert view.title.hasFocus(), "nothing new was found"
    view.reason.setFocus()
    qtbot.keyClicks(view.reason, "More will")
    page.form.set_answer("/data/about/summary", "Mrs Sample says the form grew.")
    with qtbot.waitSignal(page.checked):
        page.check.look()
    assert view.cards, "a likely name came in"
    assert view.reason.hasFocus()
    assert view.reason.text() == "More will"


def test_a_link_in_the_summary_leads_to_the_question(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page({"about": {"summary": "The form grew."}})
    with qtbot.waitSignal(page.checked):
        page.ready_button.click()
    page.ready_view.go_to.emit("/data/about/source_reference")
    assert page.stack.currentWidget() is page.form
    assert field(page, "source_reference").hasFocus()


def test_a_record_without_names_says_that_it_was_checked(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page(FULL)
    records.settle()

    def said() -> list[str]:
        return [label.text() for label in page.form.panel.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: "No likely personal data found." in said() and "Not checked yet." not in said())


def test_a_likely_name_must_be_replaced_or_kept_before_ready(open_page: Any, records: Any, qtbot: QtBot) -> None:
    told = {"about": {**FULL["about"], "summary": "Mrs Sample says each form takes two evenings."}}
    page = open_page(told)
    with qtbot.waitSignal(page.checked):
        page.ready_button.click()
    (card,) = page.ready_view.cards
    assert card.suspect.text == "Mrs Sample"
    page.ready_view.mark_button.click()
    assert "Replace or keep" in page.ready_view.said.text()
    instead = next(button for button in card.buttons if "a teacher" in button.text())
    with qtbot.waitSignal(page.checked):
        instead.click()
    with qtbot.waitSignal(page.marked):
        page.ready_view.mark_button.click()
    opened = records.ask(lambda p: recording.open_record(p, page.record_id))
    assert opened.content.answers["about"]["summary"] == "a teacher says each form takes two evenings."


def test_replaced_words_can_go_from_the_whole_record(open_page: Any, records: Any, qtbot: QtBot) -> None:
    told = {"about": {**FULL["about"], "summary": "Mrs Sample says so.", "title": "What mrs sample said"}}
    page = open_page(told)
    qtbot.waitUntil(lambda: bool(page.form.panel.suspects))
    suspect = next(one for one in page.form.panel.suspects if one.path == "/data/about/summary")
    page.form.panel.replace_wanted.emit(suspect, "a teacher")
    words, remove = next(toast.also for toast in records.toasts if toast.also)
    assert words == "Remove these words everywhere"
    with qtbot.waitSignal(page.loaded):
        remove()
    assert page.form.isEnabled()
    page.undo()
    about = page.current_content().answers["about"]
    assert (about["summary"], about["title"]) == ("a teacher says so.", "What a teacher said")
    opened = records.ask(lambda p: recording.open_record(p, page.record_id))
    assert "sample" not in str(opened.content).casefold()


def test_what_is_kept_on_purpose_is_not_asked_again(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page({"about": {**FULL["about"], "summary": "Mrs Sample says so."}})
    qtbot.waitUntil(lambda: bool(page.form.panel.suspects))
    page.form.panel.keep_wanted.emit(page.form.panel.suspects[0])
    page.flush()
    records.settle()
    again = open_page(record_id=page.record_id)
    assert again.form.panel.suspects == ()
    editor = next(row.editor for row in again.form.view.rows() if row.path == "/data/about/summary")
    assert isinstance(editor, MultilineEditor)
    assert editor.field.extraSelections() == []


def test_taking_back_can_be_undone_at_once(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page(FULL)
    with qtbot.waitSignal(page.marked):
        page.mark_ready()
    with qtbot.waitSignal(page.loaded):
        page.deeds.take_back()
    assert page.standing.text() == "Taken back"
    undo = next(toast.undo for toast in records.toasts if toast.message == "Taken back.")
    with qtbot.waitSignal(page.loaded):
        undo()
    assert page.standing.text() == "Ready to send"


def test_a_draft_thrown_away_comes_back_with_undo(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page(FULL)
    wanted: list[str] = []
    records.app.record_wanted.connect(wanted.append)
    with qtbot.waitSignal(page.gone):
        page.deeds.discard()
    undo = records.toasts[-1].undo
    undo()
    qtbot.waitUntil(lambda: bool(wanted))
    opened = records.ask(lambda p: recording.open_record(p, wanted[0]))
    assert opened.content.answers["about"]["title"] == "Refusals of first requests"


def test_an_earlier_version_is_shown_word_by_word_and_restored(
    open_page: Any, records: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(FULL)
    with qtbot.waitSignal(page.marked):
        page.mark_ready()
    field(page, "title").selectAll()
    qtbot.keyClicks(field(page, "title"), "Another title")
    with qtbot.waitSignal(page.marked):
        page.mark_ready()
    seen: list[str] = []

    def choose_oldest(dialog: QDialog) -> int:
        assert isinstance(dialog, HistoryDialog)
        qtbot.addWidget(dialog)
        seen.append(dialog.text.toPlainText())
        dialog.list.setCurrentRow(dialog.list.count() - 1)
        dialog.restore_button.click()
        return dialog.result()

    monkeypatch.setattr(dialogs, "run", choose_oldest)
    with qtbot.waitSignal(page.loaded):
        page.deeds.show_history()
    assert "Another title" in seen[0]
    assert stored(records, page)["title"] == "Refusals of first requests"


def test_a_word_that_changed_is_marked_without_colour_alone(records: Any) -> None:
    before, after = word_difference("three of nine <b>", "four of nine <b>", records.app.theme.colours)
    assert "<s " in before
    assert ">three</s>" in before
    assert "<u " in after
    assert ">four</u>" in after
    assert "&lt;b&gt;" in before, "an answer is never read as markup"


def test_two_versions_are_both_shown_and_one_is_chosen(
    open_page: Any, records: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(FULL)
    with qtbot.waitSignal(page.marked):
        page.mark_ready()

    def part(profile: Profile) -> None:
        opened = recording.open_record(profile, page.record_id)
        state = revisions.state(profile.store, page.record_id)
        assert state is not None
        with profile.store.atomic():
            for title in ("What the branch wrote", "What the office wrote"):
                changed = opened.content.with_answer("about/title", title)
                recording.make_revision(profile, page.record_id, state.form, changed, parents=state.heads)
            recording.refresh(profile, page.record_id)

    records.ask(part)
    with qtbot.waitSignal(page.loaded):
        page.load()
    assert page.standing.text() == "Two versions"

    def choose(dialog: QDialog) -> int:
        assert isinstance(dialog, VersionsDialog)
        qtbot.addWidget(dialog)
        assert not dialog.use_button.isEnabled(), "none is chosen beforehand"
        buttons = [b for card in dialog.cards for b in card.buttons]
        words = [b.accessibleName() for b in buttons]
        assert any("What the branch wrote" in said for said in words)
        buttons[next(i for i, said in enumerate(words) if "What the office wrote" in said)].click()
        dialog.use_button.click()
        return dialog.result()

    monkeypatch.setattr(dialogs, "run", choose)
    with qtbot.waitSignal(page.loaded):
        page.deeds.choose_versions()
    assert stored(records, page)["title"] == "What the office wrote"
    assert page.standing.text() == "Ready to send"


def test_a_dropped_file_is_asked_about_and_hangs_on_the_record(
    open_page: Any, records: Any, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(FULL)
    letter = tmp_path / "letter.txt"
    letter.write_text("Mrs Sample wrote this.", encoding="utf-8")
    asked: list[str] = []

    def answer(_parent: object, title: str, _sentences: object, answers: tuple[str, ...]) -> int:
        asked.append(title)
        return answers.index("Not sure")

    monkeypatch.setattr(dialogs, "choose", answer)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(letter))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(page.saved):
        page.form.panel.drop.dropEvent(drop)
    records.settle()
    assert asked == ["Does this show a child, or a person who has not agreed?"]
    (blob,) = records.ask(lambda p: recording.open_record(p, page.record_id)).content.blobs
    assert (blob.name, blob.shows_person) == ("letter.txt", "not_sure")
    assert stored(records, page)["attachments"] == "letter.txt"
    assert any("Mrs Sample" in toast.message for toast in records.toasts)
    page.files.remove(blob.sha256)
    records.settle()
    assert "attachments" not in stored(records, page)
    records.toasts[-1].undo()
    records.settle()
    assert stored(records, page)["attachments"] == "letter.txt"
    for act, hangs in ((page.undo, False), (page.undo, True), (page.undo, False), (page.redo, True)):
        act()
        page.flush()
        records.settle()
        content = records.ask(lambda p: recording.open_record(p, page.record_id)).content
        assert [b.name for b in content.blobs] == (["letter.txt"] if hangs else []), "the file goes with its answer"
        assert ("attachments" in stored(records, page)) is hangs


def test_a_private_note_is_begun_from_the_menu_and_linked(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page(FULL)
    opened: list[str] = []
    records.app.record_wanted.connect(opened.append)
    next(a for a in page.more_button.menu().actions() if a.text() == "Add a private note").trigger()
    qtbot.waitUntil(lambda: bool(opened))
    records.settle()
    note = open_page(record_id=opened[0])
    assert note.menu.branch_only.isChecked()
    assert [link.accessibleName() for link in note.links.links] == [
        "A private note about: Refusals of first requests. Draft"
    ]
    qtbot.keyClicks(field(note, "title"), "Between ourselves")
    note.flush()
    records.settle()
    with qtbot.waitSignal(page.loaded):
        page.load()
    records.settle()
    assert [link.accessibleName() for link in page.links.links] == ["Private notes: Between ourselves. Draft"]


def test_a_failed_save_is_said_and_tried_again(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page()
    kept = records.runner._worker.profile
    records.runner._worker.profile = None  # locked under the page's feet
    qtbot.keyClicks(field(page, "summary"), "Not lost")
    page.flush()
    records.settle()
    qtbot.waitUntil(lambda: any(w.isVisible() for w in page.findChildren(QLabel, "notice-text")))
    (said,) = [w.text() for w in page.findChildren(QLabel, "notice-text") if w.isVisible()]
    assert "could not be saved" in said
    records.runner._worker.profile = kept
    with qtbot.waitSignal(page.saved, timeout=6000):
        page.flush()
    assert stored(records, page)["summary"] == "Not lost"


def test_ctrl_p_hands_the_record_to_the_reports(open_page: Any, records: Any) -> None:
    page = open_page(FULL)
    page.do_print()
    assert records.pages[-1] == ("reports", {"ids": [page.record_id]})


def test_branch_only_is_written_and_said(open_page: Any, records: Any, qtbot: QtBot) -> None:
    page = open_page(FULL)
    with qtbot.waitSignal(page.saved):
        page.menu.branch_only.setChecked(True)
    assert records.ask(lambda p: recording.open_record(p, page.record_id)).content.branch_only
