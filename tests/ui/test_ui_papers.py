"""The shelf of papers in the window: the office puts one there with its title; a branch opens it and saves a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from ui import dialogs
from ui.sidebar import Sidebar

PAPER = b"%PDF-1.7\nA briefing made up for this test.\n%%EOF\n"


def words_on(page: Any) -> str:
    return "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def press(page: Any, name: str) -> None:
    (found,) = [b for b in page.findChildren(QPushButton) if (b.accessibleName() or b.text()) == name and b.isVisible()]
    found.click()


def test_the_office_puts_a_paper_on_the_shelf_opens_it_and_takes_it_off(
    office_desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office_desk
    page = desk.page("papers")
    assert "There is no paper on the shelf." in words_on(page)
    file = tmp_path / "safety_valve.pdf"
    file.write_bytes(PAPER)
    monkeypatch.setattr(dialogs, "open_file", lambda *_a: file)
    press(page, "Put a paper on the shelf…")
    assert page.paper_title.hasFocus()
    assert page.paper_title.text() == "safety valve"
    page.paper_title.setText("Guidance on Safety Valve")
    desk.qtbot.keyClick(page.paper_title, Qt.Key.Key_Return)
    desk.settle()
    assert not page.asking.isVisible()
    assert "Guidance on Safety Valve" in words_on(page)
    assert "safety_valve.pdf · 49 bytes · on the shelf since " in words_on(page)
    press(page, "Open Guidance on Safety Valve")
    desk.settle()
    (opened,) = [given[0] for what, given in desk.platform.asked if what == "open_file"]
    assert opened.read_bytes() == PAPER

    monkeypatch.setattr(dialogs, "choose", lambda *_a: -1)
    press(page, "Take off Guidance on Safety Valve")
    desk.settle()
    assert "Guidance on Safety Valve" in words_on(page)
    monkeypatch.setattr(dialogs, "choose", lambda *_a: 0)
    press(page, "Take off Guidance on Safety Valve")
    desk.settle()
    assert "There is no paper on the shelf." in words_on(page)


def test_a_file_that_may_not_go_there_is_refused_in_words(
    office_desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_unexpected_dialogs: list[Any]
) -> None:
    page = office_desk.page("papers")
    file = tmp_path / "setup.exe"
    file.write_bytes(b"MZ")
    monkeypatch.setattr(dialogs, "open_file", lambda *_a: file)
    page.put.click()
    page.put_it.click()
    office_desk.settle()
    (box,) = no_unexpected_dialogs
    assert "is not a kind of file that goes on the shelf" in box.accessibleName()
    assert page.asking.isVisible()


def test_a_branch_reads_the_shelf_and_saves_a_copy(desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.page("papers")
    assert "Papers come with the national office's replies." in words_on(page)
    assert not page.put.isVisible()
    assert not page.agenda.isVisible()

    def come(profile: Any) -> None:
        """As a reply does."""
        import json

        from desktop_app.storage import blobs

        sha256, length = blobs.put(profile.store, PAPER, "valve.pdf", "application/pdf")
        told = {"title": "Guidance", "name": "valve.pdf", "len": length, "put_utc": "2026-11-22T14:02:05Z"}
        away = {**told, "title": "Another", "sha256": "a" * 64}
        kept = {"as_at": "2026-11-22T14:02:05Z", "list": [{**told, "sha256": sha256}, away]}
        profile.store.set_setting("papers_shelf", json.dumps(kept))

    desk.db(come)
    page = desk.page("papers")
    assert "comes with the office's next reply" in words_on(page)
    out = tmp_path / "copy.pdf"
    monkeypatch.setattr(dialogs, "save_file", lambda *_a: out)
    press(page, "Save a copy of Guidance")
    desk.settle()
    assert out.read_bytes() == PAPER
    assert not [b for b in page.findChildren(QPushButton) if "Take off" in b.text() or "Another" in b.accessibleName()]
    press(page, "Agenda item with these papers…")
    desk.settle()
    assert desk.window.frame.current == "reports"


def shelve(profile: Any, data: bytes, name: str) -> None:
    """As a reply does."""
    import json

    from desktop_app.storage import blobs

    sha256, length = blobs.put(profile.store, data, name, "application/pdf")
    told = {"title": "Guidance", "name": name, "len": length, "sha256": sha256, "put_utc": "2026-11-22T14:02:05Z"}
    profile.store.set_setting("papers_shelf", json.dumps({"as_at": "2026-11-22T14:02:05Z", "list": [told]}))


def test_a_pdf_is_printed_from_the_shelf(desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    import pikepdf
    from PySide6.QtGui import QPageSize
    from PySide6.QtPrintSupport import QPrinter

    from desktop_app.reports.readback import page_count
    from ui.pages import report_print

    made = pikepdf.new()
    for _ in range(3):
        made.add_blank_page(page_size=(595, 842))
    data = io.BytesIO()
    made.save(data)
    desk.db(lambda profile: shelve(profile, data.getvalue(), "briefing.PDF"))
    page = desk.page("papers")
    out = tmp_path / "printed.pdf"

    def printer(_parent: Any, pages: int) -> QPrinter:
        assert pages == 3
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        device.setOutputFileName(str(out))
        return device

    monkeypatch.setattr(report_print, "choose_printer", printer)
    press(page, "Print Guidance")
    desk.settle()
    assert page_count(out.read_bytes()) == 3


def test_a_damaged_pdf_is_not_printed_and_says_so(desk: Any, no_unexpected_dialogs: list[Any]) -> None:
    desk.db(lambda profile: shelve(profile, PAPER, "briefing.pdf"))
    press(desk.page("papers"), "Print Guidance")
    desk.settle()
    (box,) = no_unexpected_dialogs
    assert "cannot be printed here" in box.accessibleName()


def test_only_a_pdf_has_a_print_button(desk: Any) -> None:
    desk.db(lambda profile: shelve(profile, b"words", "briefing.docx"))
    page = desk.page("papers")
    assert [b.text() for b in page.card.findChildren(QPushButton)] == ["Open", "Save a copy…"]


def test_the_office_is_told_before_a_paper_makes_replies_heavy(
    office_desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = office_desk.page("papers")
    for size, warned in ((12 * 2**20, True), (1000, False)):
        file = tmp_path / f"briefing {size}.pdf"
        file.write_bytes(b"%PDF-1.7\n".ljust(size, b" "))
        monkeypatch.setattr(dialogs, "open_file", lambda *_a, file=file: file)
        page.put.click()
        assert ("many mail services refuse" in words_on(page)) is warned


def test_every_place_of_the_sidebar_is_seen_on_a_small_laptop(desk: Any) -> None:
    desk.window.resize(1093, 614)
    desk.settle()
    sidebar = desk.window.findChild(Sidebar)
    last = sidebar.buttons["lock"]
    bottom = last.mapTo(sidebar, last.rect().bottomLeft()).y()
    assert bottom <= sidebar.height()
