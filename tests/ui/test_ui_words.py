"""The words in the window are product.md's: the left column of its table is nowhere, in code or on the screen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QGroupBox, QLabel, QLineEdit, QPlainTextEdit, QTabBar, QWidget

from ui.forms.plain_tip import plain_tip

ROOT = Path(__file__).resolve().parents[2]
MARKUP = "<b>They</b> said <img src=\"a.png\">"
# product.md, "Words in the window", left column; and the words that belong under "Details" only.
FORBIDDEN = re.compile(
    r"\b(packs?|profiles?|escrow|recovery code|quarantined?|revoke[ds]?|conflicts?|resolved?|resolution|withdraw[ns]?"
    r"|withdrawal|revisions?|erased?|erasure|shred(ded)?|salvaged?|gaps?|audience|hash(es)?|argon2?(id)?|bagit|xforms?"
    r"|uuid|ids?)\b|\.officepack|\.branchpack",
    re.IGNORECASE,
)


def sentences() -> Iterator[tuple[str, int, str]]:
    """Every text in the window's code that reads like words for people: not a docstring, with a space and a letter."""
    for path in sorted((ROOT / "ui").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
            and isinstance(node.body[0].value, ast.Constant)
        }
        logged = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Assert) for part in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | logged:
                text = node.value
                if re.search(r"[A-Za-z]{2,} [A-Za-z]", text) and "{" not in text and "select " not in text:
                    yield str(path.relative_to(ROOT)), node.lineno, text


def test_no_forbidden_word_in_a_sentence_of_the_code() -> None:
    found = []
    assert len(list(sentences())) > 300
    for path, line, text in sentences():
        shown = re.sub(r"\(\*\.[^)]*\)", "", text)  # a file box needs the ending of a file's name
        shown = shown.replace("All files (*)", "")
        if (match := FORBIDDEN.search(shown)) and "usage:" not in text and path != "ui/pictures.py":
            found.append(f"{path}:{line}: “{match.group()}” in “{text[:80]}”")
    assert found == []


def test_the_search_finds_what_it_must() -> None:
    assert FORBIDDEN.search("Make a pack for the office")
    assert FORBIDDEN.search("2 conflicts to resolve")
    assert not FORBIDDEN.search("A spare key on paper; a file for the office; two versions; take back")


def said_by(widget: QWidget) -> list[str]:
    """Everything a widget shows or speaks."""
    texts = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    if isinstance(widget, (QLabel, QAbstractButton)):
        texts.append(widget.text())
    if isinstance(widget, QGroupBox):
        texts.append(widget.title())
    if isinstance(widget, (QLineEdit, QPlainTextEdit)):
        texts.append(widget.placeholderText())
    if isinstance(widget, QComboBox):
        texts += [widget.itemText(n) for n in range(widget.count())]
    if isinstance(widget, QTabBar):
        texts += [widget.tabText(n) for n in range(widget.count())]
    return [text for text in texts if text]


PATHS = re.compile(r"\S*[/\\]\S*|\S+\.(branchpack|officepack|officecard)")  # names of files are not our words


def bad_words(root: QWidget) -> list[str]:
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        for text in said_by(widget):
            if match := FORBIDDEN.search(PATHS.sub("", text)):
                found.append(f"{type(widget).__name__}: “{match.group()}” in “{text[:100]}”")
    return found


BRANCH_PAGES = (
    "home", "evidence", "senco_meetings", "meetings", "plans", "forum_questions", "actions", "reports", "send", "settings",
    "help", "data_protection", "everything_about", "review", "lost_laptop", "leaving",
)  # fmt: skip
OFFICE_PAGES = (
    "home", "inbox", "records", "overview", "reports", "settings", "help", "data_protection", "review", "leaving",
)  # fmt: skip


def test_no_forbidden_word_on_a_branchs_pages(desk: Any) -> None:
    for name in BRANCH_PAGES:
        assert desk.page(name) is not None
        assert bad_words(desk.window) == [], name


def test_no_forbidden_word_on_the_offices_pages(office_desk: Any) -> None:
    for name in OFFICE_PAGES:
        assert office_desk.page(name) is not None
        assert bad_words(office_desk.window) == [], name


def guessing(root: QWidget) -> list[str]:
    """Labels and tool tips whose words Qt would take for markup where they look like it."""
    labels = [each for each in root.findChildren(QLabel) if each.textFormat() == Qt.TextFormat.AutoText and each.text()]
    tips = [each for each in root.findChildren(QWidget) if MARKUP in each.toolTip()]
    return [each.text() for each in labels if not each.text().startswith("<b>1</b>")] + [each.toolTip() for each in tips]


def test_no_words_of_others_are_read_as_markup(desk: Any, evidence: dict[str, Any]) -> None:
    def add(profile: Any) -> str:
        from desktop_app.services import recording

        evidence["about"]["title"] = MARKUP
        evidence["about"]["summary"] = f"{MARKUP} was said."
        return str(recording.add_record(profile, "evidence", evidence, state="ready").id)

    record = desk.db(add)
    for name in BRANCH_PAGES:
        desk.page(name)
        desk.settle()
        assert guessing(desk.window) == [], name
    desk.app.open_record(record)
    desk.settle()
    desk.app.toast(f"{MARKUP} " * 40)
    assert guessing(desk.window) == []
    assert plain_tip(MARKUP) != MARKUP and plain_tip("R&D") == "R&D"


def test_no_forbidden_word_at_first_run(desk_on: Any, tmp_path: Path) -> None:
    from desktop_app.paths import ProfilePaths

    desk = desk_on(ProfilePaths(tmp_path / "r"))
    page = desk.window.stack.currentWidget()
    for role in ("branch", "office"):
        page.start(role)
        assert bad_words(desk.window) == []


def test_standings_are_exactly_the_record_pages_words(desk: Any, evidence: dict[str, Any]) -> None:
    def add(profile: Any) -> list[str]:
        from desktop_app.services import recording

        recording.add_record(profile, "evidence", evidence, state="ready")
        recording.add_record(profile, "evidence", evidence)
        return [row.standing_words for row in recording.list_records(profile, recording.Filters()).rows]

    assert desk.db(add) == ["Draft", "Ready to send"]
