"""The form page on a session: sections, relevance, rows, undo, what is put aside, narrow windows, and the keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.forms.definition import FormDefinition
from ui.forms.blocks import Cards
from ui.forms.choice_editors import RadioEditor
from ui.forms.form_page import FormPage
from ui.forms.form_sections import MOST_LIVE
from ui.forms.question_row import QuestionRow
from ui.forms.sections import divide
from ui.forms.suspects import Suspect
from ui.forms.text_editors import MultilineEditor

OpenForm = Callable[..., FormPage]
ROWS = [{"_id": f"row{n}", "_order": f"a{n:02d}", "what": f"service {n}", "long": str(n)} for n in range(30)]


def row_of(page: FormPage, name: str) -> QuestionRow:
    return next(row for row in page.view.rows() if row.path.endswith(f"/{name}"))


def type_in(qtbot: QtBot, page: FormPage, name: str, text: str) -> None:
    field = row_of(page, name).editor.fields()[0]
    field.setFocus()
    qtbot.keyClicks(field, text)


def choose(page: FormPage, name: str, choice: str) -> None:
    editor = row_of(page, name).editor
    assert isinstance(editor, RadioEditor)
    editor.lines[choice].button.click()


def cards_of(page: FormPage) -> Cards:
    return page.view.questions.cards()[0]


def states(page: FormPage) -> dict[str, str]:
    page.survey()
    model = page.list.model()
    said = [str(model.index(n, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for n in range(page.list.count())]
    return {words.partition(", ")[0]: words.partition(", ")[2] for words in said}


def test_sections_say_how_far_they_have_come(open_form: OpenForm, small: FormDefinition, qtbot: QtBot) -> None:
    page = open_form(small)
    assert states(page) == {"About it": "", "Waits": ""}
    type_in(qtbot, page, "title", "Refusals")
    assert states(page)["About it"] == "1 of 11"
    choose(page, "limited", "yes")
    assert list(states(page)) == ["About it", "Waits", "More"]


def test_rows_are_counted_as_rows(open_form: OpenForm, small: FormDefinition) -> None:
    page = open_form(small, {"waits_part": {"waits": ROWS[:2]}})
    assert states(page)["Waits"] == "2 rows"


def test_an_answer_opens_the_next_question_where_it_belongs(open_form: OpenForm, small: FormDefinition) -> None:
    page = open_form(small)
    names = [row.path.rpartition("/")[2] for row in page.view.shown_rows()]
    assert "limited_detail" not in names
    choose(page, "limited", "yes")
    names = [row.path.rpartition("/")[2] for row in page.view.shown_rows()]
    assert names.index("limited_detail") == names.index("limited") + 1


def test_tab_follows_the_eye_also_for_a_question_made_later(
    open_form: OpenForm, small: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(small)
    choose(page, "limited", "yes")
    detail = row_of(page, "limited_detail").editor.fields()[0]
    seen = []
    row_of(page, "story").focus()
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        name = next((row.path.rpartition("/")[2] for row in page.view.rows() if row.isAncestorOf(focus)), "")
        if name and name not in seen:
            seen.append(name)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    order = [row.path.rpartition("/")[2] for row in page.view.shown_rows()]
    assert seen[: len(order)] == order
    assert detail.isVisible()


def test_an_error_waits_until_the_question_is_left_and_reads_as_in_the_summary(
    open_form: OpenForm, small: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(small)
    type_in(qtbot, page, "refused", "400")
    row = row_of(page, "refused")
    assert not row.error_line.isVisible()
    row_of(page, "title").focus()
    assert row.error_line.isVisible()
    assert row.error_line.text() == "Enter 100 or less."
    assert ("/data/about/refused", "Enter 100 or less.") in page.problems()
    field = row.editor.fields()[0]
    spoken = QAccessible.queryAccessibleInterface(field).text(QAccessible.Text.Description)
    assert spoken.startswith("Error: Enter 100 or less.")
    assert isinstance(field, QLineEdit)
    assert field.text() == "400", "what was typed is kept"
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, "40")
    assert not row.error_line.isVisible()


def test_a_part_date_is_kept_and_said_in_the_same_words(
    open_form: OpenForm, small: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(small)
    _day, month, year = row_of(page, "when").editor.fields()
    month.setFocus()
    qtbot.keyClicks(month, "March")
    qtbot.keyClicks(year, "2024")
    row_of(page, "title").focus()
    page.survey()
    said = row_of(page, "when").error_line.text()
    assert "“March 2024” is kept as typed" in said
    assert said in dict(page.problems()).values()
    assert page.snapshot().typed["about/when"] == "March 2024"


def test_hiding_filled_answers_asks_and_they_can_be_kept_in(
    open_form: OpenForm, small: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(small)
    choose(page, "limited", "yes")
    type_in(qtbot, page, "limited_detail", "Every first request since May.")
    choose(page, "limited", "no")
    notice = row_of(page, "limited")._notice
    assert notice is not None
    assert "What else can you say?" in notice.accessibleName()
    assert page.aside() == ("about/limited_detail",)
    assert not row_of(page, "limited_detail").isVisible()
    keep = [b for b in notice.findChildren(QWidget) if getattr(b, "text", str)() == "Keep it in"]
    keep[0].click()
    assert page.aside() == ()
    assert row_of(page, "limited_detail").isVisible()
    assert page.snapshot().answers["about"]["limited_detail"] == "Every first request since May."
    page.undo()
    assert page.aside() == ("about/limited_detail",)


def test_what_a_record_keeps_in_is_shown_when_it_is_opened_again(open_form: OpenForm, small: FormDefinition) -> None:
    answers = {"about": {"limited": "no", "limited_detail": "Kept."}}
    kept = open_form(small, answers, aside=())
    assert row_of(kept, "limited_detail").isVisible()
    put_aside = open_form(small, answers, aside=("about/limited_detail",))
    assert "limited_detail" not in [row.path.rpartition("/")[2] for row in put_aside.view.shown_rows()]


# --- undo -----------------------------------------------------------------------------------------------------------


def test_undo_takes_back_typing_and_choices_over_the_whole_record(
    open_form: OpenForm, small: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(small)
    empty = page.snapshot().answers
    type_in(qtbot, page, "title", "Refusals")
    choose(page, "limited", "yes")
    page.show_section(2)
    type_in(qtbot, page, "extra", "more")
    full = page.snapshot().answers
    assert page.undo()
    assert "more" not in page.snapshot().answers
    assert page.undo()
    assert row_of(page, "limited").isVisible(), "undo goes to where it was"
    assert page.undo()
    assert page.snapshot().answers == empty
    assert not page.undo()
    while page.redo():
        pass
    assert page.snapshot().answers == full


def test_ctrl_z_in_a_text_box_is_the_records_undo(open_form: OpenForm, small: FormDefinition, qtbot: QtBot) -> None:
    page = open_form(small)
    type_in(qtbot, page, "title", "Refusals")
    field = row_of(page, "title").editor.fields()[0]
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(field, QLineEdit)
    assert field.text() == "Refusals", "the box itself must not answer; the page's shortcut does"


def test_rows_can_be_added_moved_duplicated_and_removed_with_undo(
    open_form: OpenForm, small: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(small)
    page.show_section(1)
    cards = cards_of(page)
    cards.add_button.click()
    assert row_of(page, "what").editor.fields()[0].hasFocus()
    type_in(qtbot, page, "what", "speech therapy")
    type_in(qtbot, page, "long", "27")
    cards_of(page).add_button.click()
    type_in(qtbot, page, "what", "a place")
    said = [card.summary.text() for card in cards_of(page).cards]
    assert said == ["speech therapy · 27 weeks", "a place"]
    cards_of(page).cards[1].buttons["Move up"].click()
    assert [row["what"] for row in page.snapshot().answers["waits_part"]["waits"]] == ["a place", "speech therapy"]
    cards_of(page).cards[1].toggle.click()
    cards_of(page).cards[1].buttons["Duplicate"].click()
    waits = page.snapshot().answers["waits_part"]["waits"]
    assert [(row["what"], row.get("long")) for row in waits] == [
        ("a place", None),
        ("speech therapy", "27"),
        ("speech therapy", "27"),
    ]
    assert len({row["_id"] for row in waits}) == 3
    with qtbot.waitSignal(page.undoable) as heard:
        cards_of(page).cards[2].buttons["Remove"].click()
    assert heard.args == ["Row 3 (speech therapy · 27 weeks) removed."]
    assert len(page.snapshot().answers["waits_part"]["waits"]) == 2
    page.undo()
    assert page.snapshot().answers["waits_part"]["waits"] == waits


def test_thirty_rows_hold_the_editors_of_one(open_form: OpenForm, small: FormDefinition) -> None:
    page = open_form(small, {"waits_part": {"waits": ROWS}})
    page.show_section(1)
    assert len(cards_of(page).cards) == 30
    assert page.view.rows() == []
    cards_of(page).cards[17].toggle.click()
    row = "/data/waits_part/waits[18]"
    assert [shown.path for shown in page.view.rows()] == [f"{row}/what", f"{row}/long"]
    assert page.go_to("waits_part/waits/row29/long")
    assert row_of(page, "long").path == "/data/waits_part/waits[30]/long"


def test_live_editors_stay_about_sixty(open_form: OpenForm, evidence: FormDefinition) -> None:
    topics = "plan_and_targets access_and_consequences pressure_on_staff wider_pressures health_and_care talks_with_dfe"
    page = open_form(evidence, {"about": {"topics": topics}})
    for index in range(len(page._all_sections)):
        page.show_section(index)
        others = sum(len(view.rows()) for view in page._views.values() if view is not page.view)
        assert others <= MOST_LIVE
    page.show_section(0)
    assert row_of(page, "summary").isVisible()


def test_every_question_of_the_form_stands_in_one_section(evidence: FormDefinition) -> None:
    sections = divide(evidence)
    for question in evidence.questions:
        if question.control and question.kind not in ("group", "repeat", "calculate"):
            assert sum(section.holds(question.path) for section in sections) == 1, question.path


# --- ugly things ----------------------------------------------------------------------------------------------------

UGLY: dict[str, Any] = {
    "about": {"story": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 4, "title": "W" * 300},
    "waits_part": {"waits": [{**ROWS[0], "what": "x" * 400}]},
}


def fits(page: FormPage) -> None:
    """Nothing wider than its scroll area, no wrapped words cut off below."""
    for area in page.findChildren(QScrollArea):
        if area.isVisible():
            assert area.widget().width() <= area.viewport().width(), area
    for text in page.view.findChildren(QLabel):
        if text.isVisible() and text.wordWrap():
            assert text.height() >= text.heightForWidth(text.width()) - 1, text.text()[:60]


@pytest.mark.parametrize("width", [1100, 860, 640, 420])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_runs_out_at_the_side(
    open_form: OpenForm, small: FormDefinition, qtbot: QtBot, width: int, scale: float, theme: Any
) -> None:
    theme.choose("light", scale)
    page = open_form(small, UGLY, width=width)
    try:
        for index in range(2):
            page.show_section(index)
            if index == 1:
                cards_of(page).cards[0].toggle.click()
            qtbot.waitUntil(lambda: fits(page), timeout=2000)
    finally:
        theme.choose("light", 1.0)


def test_without_room_the_check_stands_under_a_tab(open_form: OpenForm, small: FormDefinition, qtbot: QtBot) -> None:
    page = open_form(small, width=1100)
    assert page.panel.isVisible()
    assert not page.tabs.isVisible()
    page.resize(520, 500)
    qtbot.waitUntil(lambda: page.tabs.isVisible())
    assert not page.panel.isVisible()
    assert page.chooser.isVisible(), "the sections drop down"
    page.tabs.setCurrentIndex(1)
    assert page.panel.isVisible()
    assert page.go_to("/data/about/title")
    assert row_of(page, "title").isVisible()


def test_likely_names_are_underlined_and_lead_to_the_answer(open_form: OpenForm, small: FormDefinition) -> None:
    page = open_form(small, {"about": {"story": "Mrs Sample says so."}})
    advice = "Write “a teacher”."
    name = Suspect("/data/about/story", "about/story", "What happened?", 0, 10, "name", "Mrs Sample", advice)
    page.show_suspects([name])
    editor = row_of(page, "story").editor
    assert isinstance(editor, MultilineEditor)
    (mark,) = editor.field.extraSelections()
    assert mark.cursor.selectedText() == "Mrs Sample"
    assert mark.format.fontUnderline(), "never by colour alone"


# --- the keyboard alone, from the first question to the last --------------------------------------------------------


def test_the_whole_form_can_be_filled_by_keyboard(open_form: OpenForm, small: FormDefinition, qtbot: QtBot) -> None:
    page = open_form(small)
    page.enter_section()

    def key(what: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, what, how)

    def words(text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClicks(focus, text)

    def tab() -> None:
        key(Qt.Key.Key_Tab)

    words("The form grew.")
    tab()
    words("Refusals")
    tab()
    key(Qt.Key.Key_Space)  # Yes
    tab()  # Clear answer
    tab()
    words("Since May.")
    tab()
    words("23")
    tab()
    words("£1.2m")
    tab()
    words("27")
    tab()
    for part in ("22", "nov", "2026"):
        words(part)
        tab()
    key(Qt.Key.Key_Space)
    tab()
    tab()
    key(Qt.Key.Key_Space)
    tab()
    key(Qt.Key.Key_Down)  # the drop-down's first
    key(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.view.section.title == "Waits")
    focus = QApplication.focusWidget()
    assert focus is not None
    while focus is not cards_of(page).add_button:
        tab()
        focus = QApplication.focusWidget()
    key(Qt.Key.Key_Space)
    words("speech therapy")
    tab()
    words("27")
    answers = page.snapshot().answers
    assert answers["about"] == {
        "story": "The form grew.",
        "title": "Refusals",
        "limited": "yes",
        "limited_detail": "Since May.",
        "refused": "23",
        "money": "1200000",
        "weeks": "27",
        "when": "2026-11-22",
        "ways": "refused late",
        "service": "s1",
    }
    (wait,) = answers["waits_part"]["waits"]
    assert (wait["what"], wait["long"]) == ("speech therapy", "27")


def test_no_colour_is_written_outside_the_theme() -> None:
    from pathlib import Path

    import ui

    root = Path(ui.__file__).parent
    for path in [*root.glob("forms/*.py"), *root.glob("pages/record*.py"), *root.glob("pages/senco*.py")]:
        assert not re.search(r"#[0-9a-fA-F]{6}\b|Qt\.GlobalColor\.(?!transparent)", path.read_text()), path
