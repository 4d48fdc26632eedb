"""Forms at the office, through the page's own buttons: problems by cell, trying, comparing, publishing; at a branch, news."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTextBrowser, QWidget

from desktop_app.forms.xform import load_form
from ui import dialogs
from ui.forms.try_form import TryForm

GOOD = """| survey |
| | type | name | label |
| | text | title | What is it called? |
| | text | why | {why} |

| settings |
| | form_title | form_id | version | instance_name |
| | Trial | trial | {version} | ${{title}} |
"""


def press(root: QWidget, words: str) -> None:
    found = [b for b in root.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert found, f"no button “{words}”"
    found[0].click()


def words_on(root: QWidget) -> str:
    shown = [label.text() for label in root.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*shown, *(text.toPlainText() for text in root.findChildren(QTextBrowser))])


@pytest.fixture
def office(desk_on: Callable[..., Any], make_profile: Callable[..., Any]) -> Any:
    made = make_profile("office", "Policy team")
    made.profile.close()
    desk = desk_on(made.profile.paths)
    desk.unlock()
    return desk


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[QDialog]:
    """Dialogs that would have been waited for; left open so that a test can look at them."""
    seen: list[QDialog] = []

    def run(dialog: QDialog) -> int:
        dialog.show()
        seen.append(dialog)
        return 0

    monkeypatch.setattr(dialogs, "run", run)
    return seen


def look(desk: Any, page: Any, path: Path) -> None:
    with desk.qtbot.waitSignal(page.candidate.looked_at, timeout=60_000):
        page.candidate.look(path)
    desk.settle()


def test_problems_are_told_by_cell(office: Any, tmp_path: Path) -> None:
    page = office.page("forms")
    path = tmp_path / "trial.md"
    path.write_text(GOOD.format(why="Why?", version=1).replace("| text | why", "| txet | why"), encoding="utf-8")
    look(office, page, path)
    said = words_on(page.candidate)
    assert "survey, row 3" in said
    assert "txet" in said
    assert page.candidate.candidate is None  # nothing to publish


def test_a_form_is_tried_compared_published(office: Any, shown: list[QDialog], tmp_path: Path) -> None:
    page = office.page("forms")
    path = tmp_path / "trial.md"
    path.write_text(GOOD.format(why="Why was that?", version=1), encoding="utf-8")
    look(office, page, path)
    assert "A new form" in words_on(page.candidate)
    press(page.candidate, "Try it")
    trial = shown[-1]
    assert isinstance(trial, TryForm)
    trial.page.answer("/data/title", "A case")
    assert trial.page.session.instance_name() == "A case"
    trial.reject()
    press(page.candidate, "Publish with the next replies")
    office.settle()
    assert office.db(lambda p: p.forms.current("trial").version) == "1"
    path.write_text(GOOD.format(why="What was the reason?", version=2), encoding="utf-8")
    look(office, page, path)
    said = words_on(page.candidate)
    assert "1 place changed" in said
    assert "What was the reason?" in said
    press(page.candidate, "Publish with the next replies")
    office.settle()
    assert [form.version for form in office.db(lambda p: p.forms.used_before("trial"))] == ["1"]
    look(office, page, path)
    assert "This is the form in use already." in words_on(page.candidate)
    assert not page.candidate.publish_button.isEnabled()


def test_a_branch_hears_what_changed(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any], shown: list[QDialog], tmp_path: Path
) -> None:
    from desktop_app.services import receiving, recording, sending
    from desktop_app.services.contacts import adding_card, office_card

    office = make_profile("office", "Policy team").profile
    card = tmp_path / "o.officecard"
    office_card(office, card)
    made = make_profile("branch", "Leeds", authorities=("383",), prepare=adding_card(card.read_bytes())).profile
    recording.add_record(made, "evidence", {"about": {"summary": "They wait"}}, state="ready")
    pack = sending.send(made, tmp_path / "out").packs[0].path
    receiving.receive(office, [pack])
    receiving.accept_device(office, made.me.device)
    path = tmp_path / "trial.md"
    path.write_text(GOOD.format(why="Why was that?", version=1), encoding="utf-8")
    office.forms.use(load_form(path))
    reply = receiving.receive(office, [pack], reply_dir=tmp_path / "replies").replies[0]
    receiving.receive(made, [Path(reply)])
    made.close()
    office.close()
    desk = desk_on(made.paths)
    desk.unlock()
    home = desk.page("home")
    assert "The office has changed the form “Trial”. The office added this form." in words_on(home)
    press(home, "See what has changed")
    desk.settle()
    page = desk.page("forms")
    assert "Trial: The office added this form." in words_on(page)
    press(page, "Fill in")
    desk.settle()
    assert desk.db(lambda p: recording.counts(p)["trial"]) == 1
    page = desk.page("forms")
    press(page, "I have seen this")
    desk.settle()
    assert page.news == []


def test_a_shipped_form_is_saved_as_a_spreadsheet_that_compiles_to_itself(office: Any, tmp_path: Path) -> None:
    from desktop_app.services.form_library import shipped_form
    from desktop_app.services.form_workshop import look_at

    page = office.page("forms")
    page.save_sheet("action", tmp_path / "action.xlsx")
    office.settle()
    looked = look_at(tmp_path / "action.xlsx")
    assert looked.problems == ()
    assert looked.form == shipped_form("action")
    assert (tmp_path / "local_authorities.csv").exists()
