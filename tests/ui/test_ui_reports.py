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
    page.kind.setCurrentIndex(page.kind.findData(kind))
    desk.settle()


def look(desk: Any, page: Any) -> None:
    desk.qtbot.waitUntil(lambda: bool(page._data), timeout=60_000)
    desk.settle()


def test_every_report_can_be_chosen_and_none_is(desk: Any, page: Any) -> None:
    from desktop_app.services import reporting

    assert [page.kind.itemData(n) for n in range(1, page.kind.count())] == [k.kind for k in reporting.kinds()]
    assert page.kind.currentData() == ""
    assert page.audience.checkedButton() is None
    assert page.problem() == "Choose a report."
    assert not page.keep.isVisible()


def test_a_record_is_looked_at_page_by_page_and_saved(
    desk: Any, page: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.reports.readback import text_of

    choose(desk, page, "record")
    page.record.setCurrentIndex(page.record.findData(desk.record))
    assert page.problem() == "Choose for whom it is."
    page.shareable.click()
    look(desk, page)
    assert page.view.where.text().startswith("Page 1 of ")
    assert not page.view.sheet.pixmap().isNull()
    out = tmp_path / "kept" / "one.pdf"
    asked: list[str] = []

    def save_file(_parent: Any, _title: str, name: str, _pattern: str) -> Path:
        asked.append(name)
        return out

    monkeypatch.setattr(dialogs, "save_file", save_file)
    page.save.click()
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
    page.save.click()
    desk.settle()
    assert not out.exists()
    assert "password" in page.said.text()
    page.password.setText("for the committee")
    page.save.click()
    desk.settle()
    assert page_count(out.read_bytes(), "for the committee") >= 1
    with pytest.raises(Exception, match=r"(?i)password"):
        page_count(out.read_bytes())


def test_an_e_mail_opens_with_the_pdf(desk: Any, page: Any, own_documents: Path) -> None:
    desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    look(desk, page)
    page.mail.click()
    desk.settle()
    what, arguments = desk.platform.asked[-1]
    assert what == "open_mail"
    assert arguments[3].exists()
    assert arguments[3].parent == own_documents


def test_a_blank_form_is_for_anyone_and_has_many_pages(desk: Any, page: Any) -> None:
    choose(desk, page, "blank_form")
    assert not page.union.isVisible()
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
    assert page.record.currentData() == desk.record


def test_a_new_choice_drops_the_old_pages(desk: Any, page: Any) -> None:
    desk.page("reports", ids=[desk.record], kind="record", audience="shareable")
    look(desk, page)
    page.kind.setCurrentIndex(page.kind.findData("authority_dossier"))
    assert page._data == b""
    assert not page.keep.isVisible()
