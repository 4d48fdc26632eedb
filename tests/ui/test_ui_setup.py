"""First run and unlocking, as a new person would go through them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel

from desktop_app.paths import ProfilePaths
from desktop_app.records import shares
from desktop_app.reports import square
from desktop_app.services import rescue
from desktop_app.storage import keys
from ui import dialogs
from ui.setup.unlock import UnlockPage
from ui.setup.wizard import SetupPage

WORDS = "lobster umbrella thirteen quiet meadow"


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real derivation at its cheapest cost: what is tested is the way through, not half a second of Argon2."""
    from desktop_app.services import profile

    monkeypatch.setitem(profile.create.__kwdefaults__, "cost", keys.KdfCost(1, 8 * 1024 * 1024))


def through_who_and_passphrase(desk: Any, name: str = "Leeds", role: str = "branch") -> SetupPage:
    page = desk.window.stack.currentWidget()
    assert isinstance(page, SetupPage)
    (page.branch if role == "branch" else page.office).click()
    page.who.name.setText(name)
    page.who.role.setCurrentIndex(1)
    if role == "branch":
        page.who.authorities.editor.field.setFocus()
        desk.qtbot.keyClicks(page.who.authorities.editor.field, "hull")
        desk.qtbot.keyClick(page.who.authorities.editor.field, Qt.Key.Key_Return)
    page.who.go.click()
    if role == "branch":
        page.card.later.click()
    page.passphrase.first.setText(WORDS)
    page.passphrase.second.setText(WORDS)
    page.passphrase.go.click()
    desk.qtbot.waitUntil(lambda: page.stack.currentWidget() is page.spare, timeout=20_000)
    return page


def shown_groups(page: SetupPage) -> list[str]:
    """The eight groups as a person reads them off the screen."""
    return [label.text().split()[1] for label in page.spare.group_labels]


def test_a_branch_sets_up_and_arrives_home(desk_on: Callable[..., Any], tmp_path: Path) -> None:
    paths = ProfilePaths(tmp_path / "new records")
    desk = desk_on(paths)
    page = through_who_and_passphrase(desk)
    assert paths.exists()
    groups = shown_groups(page)
    first, second = page.spare.asked()
    page.spare.first.setText(groups[first - 1].lower())
    page.spare.second.setText(groups[second - 1])
    page.spare.go.click()
    assert page.stack.currentWidget() is page.last
    page.last.box.setPlainText("Heard at the gate: the panel meets only once a month now.")
    page.last.go.click()
    desk.settle()
    assert desk.window.frame is not None
    me = desk.app.me
    assert (me.branch, me.officer_role, me.authorities) == ("Leeds", "local_secretary", ("810",))
    drafts = desk.db(_titles)
    assert drafts == ["Heard at the gate: the panel meets only once a month now."]
    # The paper is looked at again in a year, and nobody is asked before.
    assert desk.db(rescue.due) == ("", True)
    assert desk.db(lambda p: rescue.due(p, timedelta(days=366)))[0]
    # The key on the paper opens the records.
    assert keys.open_with_spare_key(paths, "-".join(groups))


def _titles(profile: Any) -> list[str]:
    from desktop_app.services import recording

    return [row.title for row in recording.list_records(profile, recording.Filters()).rows]


def test_a_wrong_group_is_told_and_the_check_may_wait_a_week(desk_on: Callable[..., Any], tmp_path: Path) -> None:
    desk = desk_on(ProfilePaths(tmp_path / "r"))
    page = through_who_and_passphrase(desk)
    page.spare.first.setText("AAAAA")
    page.spare.go.click()
    assert page.stack.currentWidget() is page.spare
    assert "Compare it with the paper" in page.spare.wrong.text()
    page.spare.later.click()
    page.last.go.click()
    desk.settle()
    home = desk.window.frame.page("home")
    words = [label.text() for label in home.findChildren(type(home.title), "notice-text")]
    assert any(text.startswith("Check your spare key on paper by ") for text in words)


def test_what_is_missing_is_said_beside_the_field(desk_on: Callable[..., Any], tmp_path: Path) -> None:
    desk = desk_on(ProfilePaths(tmp_path / "r"))
    page = desk.window.stack.currentWidget()
    page.branch.click()
    page.who.go.click()
    assert "Type a name" in page.who.wrong.text()
    assert page.who.name.hasFocus() or page.who.focusWidget() is page.who.name
    page.who.name.setText("Leeds")
    page.who.go.click()
    assert "Choose your role" in page.who.wrong.text()
    page.who.role.setCurrentIndex(2)
    page.who.go.click()
    page.card.later.click()
    page.passphrase.first.setText(WORDS)
    page.passphrase.second.setText(WORDS + "x")
    page.passphrase.go.click()
    assert "not the same" in page.passphrase.wrong.text()
    assert not desk.app.paths.exists()


def test_a_passphrase_is_judged_and_suggested(desk_on: Callable[..., Any], tmp_path: Path) -> None:
    desk = desk_on(ProfilePaths(tmp_path / "r"))
    page = desk.window.stack.currentWidget()
    page.branch.click()
    page.passphrase.first.setText("password")
    desk.qtbot.waitUntil(lambda: page.passphrase.strength.said.text() != "", timeout=20_000)
    weak = page.passphrase.strength.bar.value()
    page.passphrase.strength.suggest.click()
    desk.qtbot.waitUntil(lambda: page.passphrase.strength.bar.value() > weak, timeout=20_000)
    assert len(page.passphrase.first.text().split()) == 5
    assert page.passphrase.second.text() == ""


def test_a_passphrase_that_opens_in_an_afternoon_is_refused(desk_on: Callable[..., Any], tmp_path: Path) -> None:
    desk = desk_on(ProfilePaths(tmp_path / "r"))
    page = desk.window.stack.currentWidget()
    page.branch.click()
    page.who.name.setText("Hull and district")
    page.who.role.setCurrentIndex(1)
    page.who.authorities.editor.field.setFocus()
    desk.qtbot.keyClicks(page.who.authorities.editor.field, "hull")
    desk.qtbot.keyClick(page.who.authorities.editor.field, Qt.Key.Key_Return)
    page.who.go.click()
    page.card.later.click()
    for easy in ("Password1!", "hullanddistrict", "Kingston upon Hull"):
        page.passphrase.first.setText(easy)
        page.passphrase.second.setText(easy)
        page.passphrase.go.click()
        desk.qtbot.waitUntil(lambda: page.stack.isEnabled() and page.passphrase.wrong.isVisibleTo(page), timeout=20_000)
        assert "easy to guess" in page.passphrase.wrong.text(), easy
        assert not desk.app.paths.exists()
    page.passphrase.first.setText("hull")
    desk.qtbot.waitUntil(lambda: "Very easy" in page.passphrase.strength.said.text(), timeout=20_000)


def test_the_office_gets_its_rescue_key_once(desk_on: Callable[..., Any], tmp_path: Path) -> None:
    desk = desk_on(ProfilePaths(tmp_path / "o"))
    page = through_who_and_passphrase(desk, "Desk 2", role="office")
    page.spare.later.click()
    assert page.stack.currentWidget() is page.recovery
    parts = page.recovery.parts
    assert [len(part.split()) for part in parts] == [33, 33, 33]
    assert shares.join(parts[1:]).startswith("AGE-SECRET-KEY-1")
    shown = [words.text().split() for words in page.recovery.findChildren(QLabel) if words.text().strip()[:1].isdigit()]
    assert [word for _, word in shown] == " ".join(parts).split(), "numbered, in their order"
    page.recovery.go.click()
    assert "That is not word" in page.recovery.wrong.text()
    for (part, word), entry in zip(page.recovery.ceremony._asked, page.recovery.ceremony.fields, strict=True):
        entry.setText(parts[part].split()[word])
    page.recovery.go.click()
    assert page.recovery.parts == (), "off the screen and forgotten"
    page.last.go.click()
    desk.settle()
    assert desk.app.is_office
    assert "inbox" in desk.window.frame.sidebar.buttons


def test_the_card_is_added_after_its_words_are_shown(
    desk_on: Callable[..., Any], tmp_path: Path, make_profile: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.services.contacts import office_card

    office = make_profile("office", "Policy team").profile
    card = tmp_path / "office.officecard"
    words = office_card(office, card).words
    desk = desk_on(ProfilePaths(tmp_path / "r"))
    page = desk.window.stack.currentWidget()
    page.branch.click()
    page.who.name.setText("Leeds")
    page.who.role.setCurrentIndex(1)
    page.who.go.click()
    monkeypatch.setattr(dialogs, "open_file", lambda *_a: card)
    page.card.pick.click()
    assert page.card.words.text() == words
    page.card.yes.click()
    page.passphrase.first.setText(WORDS)
    page.passphrase.second.setText(WORDS)
    assert not page.passphrase.let.isChecked() and not page.passphrase.let_not.isChecked()
    page.passphrase.go.click()
    assert "Say whether the office may help" in page.passphrase.wrong.text()
    page.passphrase.let_not.click()
    page.passphrase.go.click()
    desk.qtbot.waitUntil(lambda: page.stack.currentWidget() is page.spare, timeout=20_000)
    page.spare.later.click()
    page.last.go.click()
    desk.settle()
    assert desk.db(rescue.office_may_unlock) is False

    def words_here(profile: Any) -> str:
        from desktop_app.services.contacts import office_of

        return str(office_of(profile).words)

    assert desk.db(words_here) == words


def test_the_spare_key_can_be_saved_as_a_pdf(
    desk_on: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.reports.readback import text_of

    desk = desk_on(ProfilePaths(tmp_path / "r"))
    page = through_who_and_passphrase(desk)
    out = tmp_path / "stick" / "spare.pdf"
    out.parent.mkdir()
    monkeypatch.setattr(dialogs, "save_file", lambda *_a: out)
    page.spare._save()
    printed = text_of(out.read_bytes())
    assert all(group in printed for group in shown_groups(page))
    assert "same drive" in page.spare.done_words.text()
    code = square.dark("-".join(shown_groups(page)))
    assert _square_code(out.read_bytes(), len(code)) == code


def _square_code(pdf: bytes, side: int) -> list[list[bool]]:
    """The modules of the square code on the first page, read from its pixels: light all round, sampled in the middle."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[0]
    (image,) = [each for each in page.get_objects() if each.type == 3]
    left, _bottom, right, top = (at * 4 for at in image.get_bounds())
    pixels = page.render(scale=4).to_pil().convert("L")
    step = (right - left) / side
    rows = range(side)
    return [
        [pixels.getpixel((int(left + (x + 0.5) * step), int(pixels.height - top + (y + 0.5) * step))) < 128 for x in rows]
        for y in rows
    ]


def test_the_rescue_key_is_saved_in_three_pages_or_it_is_said_why_not(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    import pikepdf
    import pypdfium2

    from desktop_app.exchange.cards import new_device_keys
    from ui.setup.rescue_key import RescueParts

    ceremony = RescueParts()
    qtbot.addWidget(ceremony)
    ceremony.parts = tuple(shares.split(new_device_keys().age_identity))
    out, told = tmp_path / "rescue.pdf", []
    monkeypatch.setattr(dialogs, "show_error", lambda _parent, problem: told.append(problem))
    for path, words in ((None, ""), (tmp_path, "")):  # nowhere; a folder stands in the way
        monkeypatch.setattr(dialogs, "save_file", lambda *_a, path=path: path)
        ceremony._save()
        assert ceremony.said.text() == words
    assert len(told) == 1
    monkeypatch.setattr(dialogs, "save_file", lambda *_a: out)
    ceremony._save()
    assert ceremony.said.text().startswith(f"Saved in {out}, all three parts")
    pages = pypdfium2.PdfDocument(out.read_bytes())
    for page, part in zip(pages, ceremony.parts, strict=True):
        words = re.findall(r"[a-z]{3,}", page.get_textpage().get_text_bounded().partition("worthless.")[2])
        assert words[:33] == part.split(), "each part on a page of its own, whole and in order"
    with pikepdf.open(io.BytesIO(out.read_bytes())) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Rescue key of the national office"


def test_looking_round_needs_no_passphrase_and_cannot_send(desk_on: Callable[..., Any], tmp_path: Path) -> None:
    paths = ProfilePaths(tmp_path / "r")
    desk = desk_on(paths)
    desk.window.stack.currentWidget().practice.click()
    desk.settle()
    assert desk.app.is_practice
    assert not paths.exists()
    page = desk.page("send")
    assert not page.mail.isEnabled()
    assert not page.save.isEnabled()
    assert "made-up" in page.said.text()
    desk.window.lock()
    desk.settle()
    assert isinstance(desk.window.stack.currentWidget(), SetupPage)


def test_a_wrong_passphrase_is_told_and_the_spare_key_opens(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any]
) -> None:
    created = make_profile("branch", "Leeds")
    paths = created.profile.paths
    created.profile.close()
    desk = desk_on(paths)
    page = desk.window.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    page.field.setText("not this one")
    page.go.click()
    desk.settle()
    assert "not right" in page.wrong.text()
    assert desk.window.frame is None
    page.other.click()
    page.field.setText(created.spare_key.lower().replace("-", " "))
    page.go.click()
    desk.settle()
    assert desk.window.frame is not None


def test_locking_forgets_every_page_and_the_records(desk: Any) -> None:
    desk.page("evidence")
    page = desk.window.frame.page("evidence")
    gone: list[bool] = []
    page.destroyed.connect(lambda: gone.append(True))
    desk.window.run_action("lock")
    desk.qtbot.waitUntil(lambda: bool(gone))
    desk.settle()
    assert not desk.app.runner.is_open
    assert desk.app.me is None
    assert isinstance(desk.window.stack.currentWidget(), UnlockPage)
    desk.unlock()
    assert desk.window.frame is not None


def test_the_records_lock_by_themselves(desk: Any) -> None:
    assert desk.window._idle.isActive()
    desk.window._idle.start(1)
    desk.qtbot.waitUntil(lambda: desk.window.frame is None, timeout=5000)


def test_with_neither_key_the_page_says_what_is_safe(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any], no_unexpected_dialogs: list[QDialog]
) -> None:
    created = make_profile("branch", "Leeds")
    created.profile.close()
    desk = desk_on(created.profile.paths)
    desk.window.stack.currentWidget().help.click()
    assert no_unexpected_dialogs[0].accessibleName() == "Without the passphrase or the spare key"


def test_what_a_dead_run_left_open_is_gone_before_anybody_unlocks(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any]
) -> None:
    from desktop_app import files

    made = make_profile("branch", "Leeds").profile
    paths = made.paths
    made.close()
    files.make_dirs(paths.opened)
    (paths.opened / "0123456789abcdef.txt").write_text("A letter, in the clear.")
    desk = desk_on(paths)
    desk.window.warm_up()
    desk.settle()
    assert isinstance(desk.window.stack.currentWidget(), UnlockPage)
    assert not paths.opened.exists()


def test_locking_while_the_drive_is_out_is_no_first_run(desk: Any) -> None:
    folder = desk.app.paths.folder
    away = folder.with_name("pulled out")
    folder.rename(away)
    desk.window.lock()
    desk.settle()
    page = desk.window.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    page.field.setText("plain words for tests only")
    page.go.click()
    desk.qtbot.waitUntil(lambda: "put the drive back in" in page.wrong.text(), timeout=20_000)
    away.rename(folder)
    desk.unlock()
    assert desk.window.frame is not None
