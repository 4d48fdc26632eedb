"""Reports: nothing is chosen for the person, every page can be looked at, and a union-only PDF is not let go by accident."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ui import dialogs


@pytest.fixture
def page(desk: Any, evidence: dict[str, Any]) -> Any:
    """The Reports page with one ready record there."""

    def add(profile: Any) -> str:
        from desktop_app.services import recording

        return str(recording.add_record(profile, "evidence", evidence, state="ready").id)

    desk.record = desk.db(add)
    return desk.page("reports")


def choose(desk: Any, page: Any, kind: str) -> None:
    page.choice.kind.setCurrentIndex(page.choice.kind.findData(kind))
    desk.settle()


def look(desk: Any, page: Any) -> None:
    desk.qtbot.waitUntil(lambda: bool(page._data), timeout=60_000)
    desk.settle()


def test_every_report_can_be_chosen_and_none_is(desk: Any, page: Any) -> None:
    from desktop_app.services import reporting

    assert [page.choice.kind.itemData(n) for n in range(1, page.choice.kind.count())] == [k.kind for k in reporting.kinds()]
    assert page.choice.kind.currentData() == ""
    assert page.choice.audience.checkedButton() is None
    assert page.problem() == "Choose a report."
    assert not page.keep.isVisible()


def test_a_record_is_looked_at_page_by_page_and_saved(
    desk: Any, page: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.reports.readback import text_of

    choose(desk, page, "record")
    page.choice.record.setCurrentIndex(page.choice.record.findData(desk.record))
    assert page.problem() == "Choose for whom it is."
    page.choice.shareable.click()
    look(desk, page)
    assert page.view.where.text().startswith("Page 1 of ")
    assert not page.view.sheet.pixmap().isNull()
    out = tmp_path / "kept" / "one.pdf"
    asked: list[str] = []

    def save_file(_parent: Any, _title: str, name: str, _pattern: str) -> Path:
        asked.append(name)
        return out

    monkeypatch.setattr(dialogs, "save_file", save_file)
    page.keep.save.click()
    desk.settle()
    assert "shareable" in asked[0]
    assert "First requests come back refused" in text_of(out.read_bytes())


def test_a_union_only_pdf_needs_a_password_or_a_reason(
    desk: Any, page: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.reports.readback import page_count

    desk.page("reports", ids=[desk.record], kind="record", audience="union")
    look(desk, page)
    out = tmp_path / "one.pdf"
    monkeypatch.setattr(dialogs, "save_file", lambda *_a: out)
    page.keep.save.click()
    desk.settle()
    assert not out.exists()
    assert "password" in page.keep.said.text()
    page.keep.password.setText("for the committee")
    page.keep.save.click()
    desk.settle()
    assert page_count(out.read_bytes(), "for the committee") >= 1
    with pytest.raises(Exception, match=r"(?i)password"):
        page_count(out.read_bytes())


def test_an_e_mail_opens_with_the_pdf(desk: Any, page: Any, own_documents: Path) -> None:
    desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    look(desk, page)
    page.keep.mail.click()
    desk.settle()
    what, arguments = desk.platform.asked[-1]
    assert what == "open_mail"
    copy = arguments[3]
    assert arguments[1].startswith("Record LEE-"), "the subject says of what it is"
    assert copy.exists()
    assert copy.parent == own_documents
    assert "Did the e-mail open with the file attached?" in words_of(page.mail_ask)
    assert "Use your union account." in words_of(page.mail_ask)


def test_without_a_mail_program_it_asks_whether_the_file_is_attached(desk: Any, page: Any, own_documents: Path) -> None:
    desk.platform.has_mail = False
    desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    look(desk, page)
    page.keep.mail.click()
    desk.settle()
    words = words_of(page.mail_ask)
    assert "Start an e-mail yourself" in words
    assert "Is the file attached now?" in words
    assert "Did the e-mail open" not in words


def test_a_blank_form_is_for_anyone_and_has_many_pages(desk: Any, page: Any) -> None:
    choose(desk, page, "blank_form")
    assert not page.choice.union.isVisible()
    look(desk, page)
    first = page.view.page()
    page.view.after.click()
    desk.settle()
    assert page.view.page() == first + 1
    assert page.view.before.isEnabled()


def test_ctrl_p_on_a_list_takes_the_chosen_rows_along(desk: Any, page: Any) -> None:
    records = desk.page("evidence")
    records.panel.table.selectRow(0)
    records.do_print()
    desk.settle()
    assert desk.window.frame.current == "reports"
    assert page.choice.record.currentData() == desk.record


def test_a_new_choice_drops_the_old_pages(desk: Any, page: Any) -> None:
    desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    look(desk, page)
    page.choice.kind.setCurrentIndex(page.choice.kind.findData("authority_dossier"))
    assert page._data == b""
    assert not page.keep.isVisible()


def words_of(widget: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(found.text() for found in widget.findChildren(QLabel))


def press(widget: Any, words: str) -> None:
    from PySide6.QtWidgets import QPushButton

    next(found for found in widget.findChildren(QPushButton) if found.text() == words).click()


def mailed(desk: Any, page: Any) -> Path:
    """A shareable record, e-mailed: the copy made for the mail program."""
    desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    look(desk, page)
    page.keep.mail.click()
    desk.settle()
    return Path(desk.platform.asked[-1][1][3])


def test_yes_it_opened_and_the_copy_can_be_deleted(desk: Any, page: Any, own_documents: Path) -> None:
    copy = mailed(desk, page)
    press(page.mail_ask, "Yes")
    assert copy.exists()
    press(page.mail_ask, "It has gone: delete the copy")
    desk.settle()
    assert not copy.exists()
    assert not page.mail_ask.isVisible()


def test_no_it_did_not_says_how_by_hand(desk: Any, page: Any, own_documents: Path) -> None:
    copy = mailed(desk, page)
    press(page.mail_ask, "No")
    assert desk.platform.asked[-1] == ("open_folder", (copy,))
    assert copy.name in words_of(page.mail_ask)
    assert "union account" in words_of(page.mail_ask)


def test_copies_outside_are_listed_on_home_and_deleted(desk: Any, page: Any, own_documents: Path) -> None:
    copy = mailed(desk, page)
    home = desk.page("home")
    assert "1 PDF lies outside your locked records" in words_of(home)
    settings = desk.page("settings")
    assert settings.outside.text().startswith("1 PDF lies outside your locked records")
    press(desk.page("home"), "Look at it")
    desk.settle()
    assert desk.window.frame.current == "reports"
    assert str(copy) in words_of(page.copies)
    page.copies.all_mail.click()
    desk.settle()
    assert not copy.exists()
    assert not page.copies.isVisible()
    assert "outside your locked records" not in words_of(desk.page("home"))


def test_a_union_only_pdf_starts_from_the_shareable_version(
    desk: Any, page: Any, own_documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.page("reports", ids=[desk.record], kind="record", audience="union")
    look(desk, page)
    page.keep.reason.setCurrentIndex(page.keep.reason.findData("cannot"))
    answers = [0]
    monkeypatch.setattr(dialogs, "choose", lambda *_a: answers.pop())
    page.keep.mail.click()
    desk.settle()
    assert page.choice.shareable.isChecked()
    assert not [what for what, _ in desk.platform.asked if what == "open_mail"]
    look(desk, page)
    assert page._given.audience == "shareable"


def test_why_a_union_only_pdf_has_no_password_is_kept(
    desk: Any, page: Any, own_documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.services import copies

    desk.page("reports", ids=[desk.record], kind="record", audience="union")
    look(desk, page)
    page.keep.reason.setCurrentIndex(page.keep.reason.findData("cannot"))
    monkeypatch.setattr(dialogs, "choose", lambda *_a: 1)
    page.keep.mail.click()
    desk.settle()
    (copy,) = desk.db(copies.outside)
    assert (copy.audience, copy.locked, copy.mail) == ("union", False, True)
    assert copy.why_open == "The receiver cannot open a locked PDF"
    assert "union only" in desk.platform.asked[-1][1][1]
    assert desk.db(lambda profile: copies.delete(profile, [copy.path])) == []
    assert desk.db(copies.outside) == []


def test_a_short_password_is_no_password(desk: Any, page: Any, tmp_path: Path) -> None:
    desk.page("reports", ids=[desk.record], kind="record", audience="union")
    look(desk, page)
    page.keep.password.setText("abc")
    page.keep.save.click()
    assert "soon guessed" in page.keep.said.text()
    press(page.keep, "Suggest one")
    assert len(page.keep.password.text().split()) >= 4
    assert page.keep.problem() == ""


@pytest.fixture
def named(desk: Any, evidence: dict[str, Any]) -> Any:
    """The Reports page with a record that names a child and a telephone number."""
    evidence["about"]["summary"] = "Jack Smith in Year 4 waits. Ring his mother on 0113 496 0123. Ask at Moor Lane."

    def add(profile: Any) -> str:
        from desktop_app.services import recording

        return str(recording.add_record(profile, "evidence", evidence, state="ready").id)

    desk.record = desk.db(add)
    page = desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    desk.qtbot.waitUntil(lambda: page.personal.isVisible(), timeout=60_000)
    return page


def test_likely_personal_data_is_decided_about_before_there_is_a_file(desk: Any, named: Any) -> None:
    from desktop_app.reports.readback import text_of

    page = named
    assert page._data == b""
    assert not page.keep.isVisible()
    assert {row.text for row in page.personal.rows} >= {"Jack Smith", "0113 496 0123"}
    page.personal.go.click()
    assert "Decide about" in page.personal.said.text()
    by_text = {row.text: row for row in page.personal.rows}
    child = by_text["Jack Smith"]
    child.do.setCurrentIndex(next(n for n in range(child.do.count()) if "Year 4" in child.do.itemText(n)))
    by_text["0113 496 0123"].do.setCurrentIndex(by_text["0113 496 0123"].do.findData("keep"))
    page.personal.all_button.click() if page.personal.all_button.isVisible() else None
    page.personal.go.click()
    assert "Say why" in page.personal.said.text()
    by_text["0113 496 0123"].words.setText("the council's published number")
    page.personal.everywhere.setText("Moor Lane")
    page.personal.go.click()
    look(desk, page)
    text = text_of(page._data)
    assert "Jack" not in text
    assert "Moor Lane" not in text
    assert "a pupil in Year 4" in text
    assert "0113 496 0123" in text
    assert "decisions" in page.keep.decided_words.text()
    page.keep.again_button.click()
    desk.qtbot.waitUntil(lambda: page.personal.isVisible(), timeout=60_000)
    assert page._data == b""


def test_the_tab_key_goes_from_piece_to_piece_as_they_stand(desk: Any, named: Any, tmp_path: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    def note(profile: Any) -> None:
        from desktop_app.services import copies

        file = tmp_path / "minutes.pdf"
        file.write_bytes(b"%PDF-1.7")
        copies.note(profile, file, title="Minutes", audience="union")

    desk.db(note)
    named.copies.refresh()
    desk.settle()
    card = named.personal
    card.show_likely([one for row in card.rows for one in row.found])
    desk.settle()
    expected = [widget for row in card.rows for widget in (row.do, row.open_it)]
    expected += [card.all_button, card.everywhere, card.add_button, card.records_button, card.go]
    expected[0].setFocus()
    for widget in expected:
        assert QApplication.focusWidget() is widget, widget.accessibleName()
        desk.qtbot.keyClick(widget, Qt.Key.Key_Tab)
    named.choice.archive.setFocus()
    desk.qtbot.keyClick(named.choice.archive, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is expected[0], "what is to be decided comes after what was chosen"


def test_arrow_keys_go_through_all_that_can_be_done_and_only_a_choice_goes_on_to_the_words(desk: Any, named: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    row = named.personal.rows[0]
    row.do.setFocus()
    for _ in range(row.do.count() - 1):
        desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert row.do.currentData() == "keep"
    assert QApplication.focusWidget() is row.do
    desk.qtbot.keyClick(row.do, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is row.words
    row.do.setCurrentIndex(0)
    row.do.showPopup()
    desk.qtbot.keyClick(row.do.view(), Qt.Key.Key_End)
    desk.qtbot.keyClick(row.do.view(), Qt.Key.Key_Return)
    desk.settle()
    assert row.do.currentData() == "keep"
    assert named.window().focusWidget() is row.words


def test_what_was_left_out_is_said_with_its_reason(desk: Any, evidence: dict[str, Any]) -> None:
    evidence["about"]["permission"] = "background_only"

    def add(profile: Any) -> str:
        from desktop_app.services import recording

        return str(recording.add_record(profile, "evidence", evidence, state="ready").id)

    record = desk.db(add)
    page = desk.page("reports", ids=[record], kind="record", audience="shareable")
    look(desk, page)
    assert "Left out, and why (1)" in words_of(page.keep)
    assert "Background only: LEE-" in words_of(page.keep)


def test_the_page_can_be_made_larger_and_turned_with_the_keyboard(desk: Any, page: Any) -> None:
    from PySide6.QtCore import Qt

    choose(desk, page, "blank_form")
    look(desk, page)
    fitted = page.view.sheet.width()
    page.choice.kind.setFocus()
    desk.qtbot.keyClick(page.choice.kind, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert page.view.percent() > 0
    assert page.view.sheet.width() > fitted
    page.view.zoom.setCurrentIndex(page.view.zoom.findData(200))
    desk.settle()
    assert page.view.sheet.width() == 1588
    assert page.view.port.width() < 1588
    assert page.scroll.horizontalScrollBar().maximum() == 0
    desk.qtbot.keyClick(page.view.port, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert page.view.percent() == 0
    page.view.port.setFocus()
    desk.qtbot.keyClick(page.view.port, Qt.Key.Key_PageDown)
    desk.settle()
    assert page.view.page() == 1
    assert page.view.port.accessibleName().startswith("Page 2 of ")
    assert page.view.port.accessibleDescription() != ""
    desk.qtbot.keyClick(page.view.port, Qt.Key.Key_End)
    desk.settle()
    assert page.view.page() == page.view.pages() - 1
    desk.qtbot.keyClick(page.view.port, Qt.Key.Key_PageUp)
    desk.settle()
    assert page.view.page() == page.view.pages() - 2


def test_the_pages_are_printed(desk: Any, page: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtGui import QPageSize
    from PySide6.QtPrintSupport import QPrinter

    from desktop_app.reports.readback import page_count
    from ui.pages import report_print

    choose(desk, page, "blank_form")
    look(desk, page)
    out = tmp_path / "printed.pdf"

    def printer(_parent: Any, pages: int) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(out))
        made.setFromTo(2, 3)
        assert pages > 3
        return made

    monkeypatch.setattr(report_print, "choose_printer", printer)
    page.do_print()
    desk.settle()
    assert page_count(out.read_bytes()) == 2


def test_filters_of_its_own_and_single_records(desk: Any, page: Any, evidence: dict[str, Any]) -> None:
    from PySide6.QtCore import Qt

    evidence["about"] |= {"title": "A second one", "strength": "first_hand", "authorities": "886"}

    def add(profile: Any) -> str:
        from desktop_app.services import recording

        return str(recording.add_record(profile, "evidence", evidence, state="ready").id)

    second = desk.db(add)
    choose(desk, page, "branch_summary")
    records = page.choice.records
    assert records.count == 2
    records.filters_button.click()
    box = records.boxes["strength"]
    box.setCurrentIndex(box.findData("first_hand"))
    desk.qtbot.waitUntil(lambda: records.count == 1)
    desk.settle()
    assert records.filters() == {"strength": "first_hand"}
    assert records.filters_button.text() == "Filters (1)"
    records.since.setText("1 Septembre")
    desk.qtbot.waitUntil(lambda: records.wrong.isVisible())
    assert page.problem() == "Mend the date among the filters."
    records.since.clear()
    records.clear()
    desk.settle()
    records.some.click()
    assert page.problem() == "Tick at least one record."
    assert records.list.count() == 2
    row = next(n for n in range(2) if "second" in records.list.item(n).text())
    records.list.setCurrentRow(row)
    desk.qtbot.keyClick(records.list, Qt.Key.Key_Space)
    assert records.ids() == [second]
    page.choice.union.click()
    look(desk, page)
    assert [item.record for item in page._given.items] == [second]


def test_making_it_can_be_stopped(desk: Any, page: Any) -> None:
    desk.page("reports", ids=[desk.record], kind="record", audience="union")
    desk.qtbot.waitUntil(lambda: page.busy.isVisible())
    page.busy.stop.click()
    desk.settle()
    assert page._data == b""
    assert "Stopped" in page.view.words.text()
    assert not page.busy.isVisible()


def test_copy_for_word_puts_rich_and_plain_text_on_the_clipboard(desk: Any, page: Any) -> None:
    from PySide6.QtGui import QGuiApplication

    desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    look(desk, page)
    page.keep.copy.click()
    desk.settle()
    held = QGuiApplication.clipboard().mimeData()
    assert "First requests come back refused" in held.text()
    assert "<h1" in held.html()
    assert "First requests come back refused" in held.html()


def test_a_file_moved_by_hand_is_noticed_and_forgotten_when_the_person_says_so(
    desk: Any, page: Any, own_documents: Path
) -> None:
    copy = mailed(desk, page)
    copy.rename(copy.with_name("moved.pdf"))
    desk.page("reports")
    desk.settle()
    said = words_of(page.copies)
    assert "1 file is no longer where this program wrote it" in said and copy.name in said
    page.copies.known.click()
    desk.settle()
    assert not page.copies.isVisible()
    desk.page("reports")
    desk.settle()
    assert not page.copies.isVisible()


def test_in_a_narrow_window_one_press_leads_to_the_pages(desk: Any, page: Any) -> None:
    desk.window.resize(1280, 800)
    desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    look(desk, page)
    assert not page.jump.isVisible(), "side by side they are in sight"
    desk.window.resize(683, 384)
    desk.settle()
    assert page.jump.isVisible() and page.jump.text().startswith("See the ")
    page.scroll.verticalScrollBar().setValue(0)
    page.jump.click()
    desk.settle()
    shown = page.keep.save.visibleRegion().boundingRect()
    assert shown.height() == page.keep.save.height(), "the deeds are in sight, and the pages under them"
    assert page.keep.save.hasFocus()
    assert page.scroll.horizontalScrollBar().maximum() == 0


def test_what_is_to_be_decided_shows_the_words_around_it(desk: Any, page: Any) -> None:
    from desktop_app.services import recording

    about = {"title": "Told", "summary": "We waited. A boy called Kayden sat outside. Nobody came.", "permission": "quote"}
    record = desk.db(lambda profile: recording.add_record(profile, "evidence", {"about": about}, state="ready").id)
    desk.page("reports", ids=[record], kind="record", audience="shareable")
    desk.qtbot.waitUntil(page.personal.isVisible, timeout=60_000)
    assert "A boy called Kayden sat outside." in words_of(page.personal)


def test_feedback_to_the_office_is_copied_as_the_text_of_an_e_mail(desk: Any, page: Any) -> None:
    from PySide6.QtGui import QGuiApplication

    desk.page("reports", kind="feedback_to_office", audience="union")
    look(desk, page)
    desk.qtbot.waitUntil(page.keep.text.isVisible)
    page.keep.text.click()
    desk.settle()
    desk.qtbot.waitUntil(lambda: "Feedback to the national office from" in QGuiApplication.clipboard().text())
    choose(desk, page, "branch_summary")
    look(desk, page)
    assert not page.keep.text.isVisible(), "it has no such text"
