"""Rights in the window: deleting for good, everything about a word, review, the lost laptop, leaving, questions, policy,
locking, and one window at a time. Real widgets on real records."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from ui import dialogs
from ui.instance import LOCK, OneWindow

PASSPHRASE = "plain words for tests only"


def add(desk: Any, words: str, state: str = "ready", **about: str) -> str:
    def work(profile: Any) -> str:
        from desktop_app.services import recording

        told = {"summary": words, "title": words[:40], "area": "one_authority", "authorities": "383", **about}
        return str(recording.add_record(profile, "evidence", {"about": told}, state=state).id)

    return str(desk.db(work))


def record_page(desk: Any, record: str) -> Any:
    desk.app.open_record(record)
    desk.settle()
    desk.settle()
    screen = "records" if desk.app.is_office else "evidence"
    return desk.window.frame.page(screen).record


def answering(monkeypatch: pytest.MonkeyPatch, act: Callable[[Any], int]) -> list[QDialog]:
    """The next boxes are answered by `act`, as a person would fill them in."""
    shown: list[QDialog] = []

    def run(dialog: QDialog) -> int:
        shown.append(dialog)
        return act(dialog)

    monkeypatch.setattr(dialogs, "run", run)
    return shown


def words_on(widget: Any) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if not each.isHidden())


def count(desk: Any) -> int:
    def work(profile: Any) -> int:
        from desktop_app.storage import listing
        from desktop_app.storage.projection import Filters

        return listing.count(profile.store, Filters())

    return int(desk.db(work))


# --- deleting for good ------------------------------------------------------------------------------------------------


def test_deleting_asks_why_has_its_number_typed_and_offers_no_undo(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = add(desk, "Zebrafish was refused.")
    page = record_page(desk, record)
    steps: list[Any] = []

    def fill(dialog: Any) -> int:
        steps.append((dialog.next.isEnabled(), dialog.ring.isHidden(), dialog.step.isHidden()))
        dialog.reasons["mistake"].setChecked(True)
        assert dialog.ring.isHidden(), "nobody need be rung for a mistake of one's own"
        dialog.reasons["asked"].setChecked(True)
        assert not dialog.ring.isHidden()
        first = next(each for each in dialog.findChildren(QLabel) if each.objectName() == "notice-text")
        assert first.text().startswith("Ring the data protection officer first")
        dialog.next.click()
        assert not dialog.step.isHidden() and "no undo" in words_on(dialog.step)
        assert not dialog.go.isEnabled()
        dialog.typed.setText("LEE")
        assert not dialog.go.isEnabled()
        dialog.typed.setText(dialog.word.lower())
        dialog.go.click()
        return int(dialog.result())

    answering(monkeypatch, fill)
    page.rights.delete_action.trigger()
    desk.settle()
    desk.settle()
    assert steps == [(False, False, True)], "whom to ring is said first of all"
    assert count(desk) == 0
    assert desk.window.frame.page("evidence").record is None
    toast = desk.window.frame.toast_bar
    assert "Deleted for good" in toast.words.text() and toast.act.isHidden()


def test_leaving_the_box_deletes_nothing(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = record_page(desk, add(desk, "Stays."))
    answering(monkeypatch, lambda dialog: dialog.leave.click() or int(dialog.result()))
    page.rights.delete_action.trigger()
    desk.settle()
    assert count(desk) == 1


def test_words_being_typed_do_not_come_back_after_deleting(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    record = add(desk, "Zebrafish was refused.")
    page = record_page(desk, record)
    page.form.set_answer("/data/about/summary", "Zebrafish, typed meanwhile.")

    def fill(dialog: Any) -> int:
        dialog.reasons["mistake"].setChecked(True)
        assert dialog.ring.isHidden()
        dialog.next.click()
        dialog.typed.setText(dialog.word)
        dialog.go.click()
        return int(dialog.result())

    answering(monkeypatch, fill)
    page.rights.delete()
    desk.settle()
    desk.window.context.flush()
    desk.settle()
    assert count(desk) == 0


# --- everything about a word ------------------------------------------------------------------------------------------


def test_everything_about_a_word_is_found_given_out_and_deleted(
    desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = add(desk, "Mrs Kingfisher said so.")
    add(desk, "Nothing to do with it.")
    door = desk.page("data_protection")
    door.word.setText("KINGFISHER")
    door.find()
    desk.settle()
    page = desk.window.frame.page("everything_about")
    assert list(page.boxes) == [wanted]
    assert "1 record of 2 records" in page.said.text()
    assert "Mrs Kingfisher said so." in words_on(page)
    assert not page.delete.isEnabled(), "none is ticked to begin with"
    page.tick_all.click()
    out = tmp_path / "for her.json"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: out)
    page.give_json.click()
    desk.settle()
    assert "Kingfisher" in out.read_text("utf-8")

    def fill(dialog: Any) -> int:
        dialog.reasons["asked"].setChecked(True)
        dialog.next.click()
        dialog.typed.setText(dialog.word)
        dialog.go.click()
        return int(dialog.result())

    answering(monkeypatch, fill)
    page.delete.click()
    desk.settle()
    desk.settle()
    assert count(desk) == 1
    assert page.said.text().startswith("Nothing in 1 record")
    done = words_on(desk.page("data_protection").done)
    assert "1 record given out" in done and "1 record deleted for good" in done and "Kingfisher" not in done


def test_less_than_two_characters_is_said_beside_the_box(desk: Any) -> None:
    page = desk.page("everything_about", words="x")
    assert "two characters" in page.said.text()


# --- review, lost laptop, leaving -------------------------------------------------------------------------------------


def test_review_keeps_and_undoes(desk: Any) -> None:
    record = add(desk, "An old story.")

    def grow_old(profile: Any) -> None:
        with profile.store.atomic():
            profile.store.conn.execute("update projection set changed_utc = '2020-01-01T00:00:00Z'")
            profile.store.conn.execute("insert into report_uses values(?, 'record', '2021-01-01T00:00:00Z')", (record,))
            profile.store.conn.execute("insert into report_uses values(?, 'record', '2021-01-02T00:00:00Z')", (record,))

    desk.db(grow_old)
    home = desk.page("home")
    assert "1 record is due for review" in words_on(home)
    page = desk.page("review")
    assert "used in 2 reports" in words_on(page)
    keep = next(each for each in page.findChildren(QPushButton) if each.text() == "Keep")
    keep.click()
    desk.settle()
    assert "Nothing is due" in words_on(page)
    desk.window.frame.toast_bar.act.click()
    desk.settle()
    assert "An old story." in words_on(page)


def test_the_lost_laptop_page_tells_whom_the_hours_and_counts(
    desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    add(desk, "Kingfisher.")
    page = desk.page("lost_laptop")
    assert "Ring the national office" in page.officer.text()
    assert page.until.text() in ("71 hours left", "72 hours left")
    page.noticed.setDateTime(QDateTime.currentDateTime().addDays(-4))
    assert page.until.text() == "The 72 hours are over"
    said = words_on(page.here)
    assert "1 record, encrypted" in said and "Kingfisher" not in said
    out = tmp_path / "sheet.pdf"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: out)
    page.save_sheet()
    desk.settle()
    assert out.read_bytes().startswith(b"%PDF")


def test_wiping_is_refused_until_said_twice_and_typed(desk: Any) -> None:
    add(desk, "Not sent yet.")
    folder = desk.app.paths.folder
    page = desk.page("leaving")
    assert "1 record would not be with the office" in page.state.text()
    page.typed.setText("wipe")
    assert not page.wipe_button.isEnabled()
    page.once.setChecked(True)
    assert not page.wipe_button.isEnabled()
    page.twice.setChecked(True)
    assert page.wipe_button.isEnabled()
    page.wipe_button.click()
    desk.settle()
    assert type(desk.window.stack.currentWidget()).__name__ == "SetupPage"
    assert {path.name for path in folder.iterdir()} <= {LOCK}


# --- questions and policy ---------------------------------------------------------------------------------------------


def test_the_office_asks_and_the_branch_answers(
    desk: Any, office_desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from desktop_app.services import receiving, sending

    card = tmp_path / "office.officecard"
    office_desk.db(lambda profile: receiving.office_card(profile, card))
    desk.db(lambda profile: receiving.add_office_card(profile, card))
    record = add(desk, "Refused as a rule.")
    (pack,) = desk.db(lambda profile: sending.send(profile, tmp_path / "a")).packs
    office_desk.db(lambda profile: receiving.receive(profile, [pack.path]))
    device = desk.app.me.device
    office_desk.db(lambda profile: receiving.accept_device(profile, device))

    page = record_page(office_desk, record)

    def ask(dialog: Any) -> int:
        assert not dialog.keep.isEnabled()
        dialog.box.setPlainText("Since when?")
        dialog.keep.click()
        return int(dialog.result())

    answering(monkeypatch, ask)
    page.rights.ask_action.trigger()
    office_desk.settle()
    office_desk.settle()
    assert "You asked the branch" in words_on(page) and page.standing.text() == "Office asks a question"
    (reply,) = office_desk.db(lambda profile: receiving.reply_to_all(profile, tmp_path / "r"))

    desk.db(lambda profile: receiving.receive(profile, [reply]))
    page = record_page(desk, record)
    assert "The national office asks" in words_on(page) and "“Since when?”" in words_on(page)

    def answer(dialog: Any) -> int:
        assert "Since when?" in words_on(dialog)
        dialog.box.setPlainText("Since September 2024.")
        dialog.keep.click()
        return int(dialog.result())

    answering(monkeypatch, answer)
    page.rights.answer(page.rights.questions[0])
    desk.settle()
    desk.settle()
    assert "You answered: “Since September 2024.”" in words_on(page)
    send = desk.page("send")
    assert send.also.text() == "Also: 1 answer to the office." and send.mail.isEnabled()
    (pack,) = desk.db(lambda profile: sending.send(profile, tmp_path / "b")).packs
    office_desk.db(lambda profile: receiving.receive(profile, [pack.path]))
    page = record_page(office_desk, record)
    page.load()
    office_desk.settle()
    assert "The branch answered" in words_on(page) and "Since September 2024." in words_on(page)


def test_the_policy_is_written_at_the_office_and_read_at_the_branch(desk: Any, office_desk: Any) -> None:
    from desktop_app.services import office

    page = office_desk.page("settings", part="policy")
    assert "Ring the national office" in page.policy.officer.placeholderText()
    page.policy.officer.setText("Pat, 020 7946 0000")
    page.policy.readers.setPlainText("age1nonsense")
    page.policy.keep()
    office_desk.settle()
    assert "age1" in page.policy.says.text()
    page.policy.readers.setPlainText("")
    page.policy.keep()
    office_desk.settle()
    assert page.policy.says.isHidden()
    said = office_desk.db(lambda profile: office.policy(profile.store))
    assert said.data_protection_officer == "Pat, 020 7946 0000"

    read = desk.page("settings")
    assert "cautious words hold" in words_on(read.policy)

    def take(profile: Any) -> None:
        from dataclasses import asdict, replace

        from desktop_app.storage import office_words

        office_words.set_policy(profile.store, asdict(replace(said, from_office_utc="2026-11-03T10:00:00Z")))

    desk.db(take)
    read.refresh()
    desk.settle()
    assert read.policy.heading.text() == "From the national office, 3 November 2026"
    assert "Pat, 020 7946 0000" in words_on(read.policy)


# --- locking, one window ----------------------------------------------------------------------------------------------


def test_locking_keeps_what_is_being_typed_and_wipes_opened_copies(desk: Any) -> None:
    record = add(desk, "Before.", state="draft")
    page = record_page(desk, record)
    page.form.set_answer("/data/about/summary", "Typed and not yet saved.")
    opened = desk.app.paths.opened
    opened.mkdir()
    (opened / "copy.pdf").write_bytes(b"x")
    desk.window.run_action("jot")
    from ui.pages.jot import JotBox

    box = desk.window.frame.findChild(JotBox)
    box.box.setPlainText("A jotting not kept yet.")
    desk.window.run_action("lock")
    assert desk.window.frame is None and desk.app.me is None
    desk.settle()
    assert not desk.app.runner.is_open and not opened.exists()
    desk.unlock()

    def told(profile: Any) -> set[str]:
        from desktop_app.services import recording

        rows = recording.list_records(profile, recording.Filters()).rows
        return {recording.open_record(profile, row.id).content.answers["about"]["summary"] for row in rows}

    assert told_of(desk, told) == {"Typed and not yet saved.", "A jotting not kept yet."}


def told_of(desk: Any, read: Callable[[Any], set[str]]) -> set[str]:
    return set(desk.db(read))


def test_locking_closes_open_boxes(desk: Any) -> None:
    box = QDialog(desk.window)
    box.show()
    desk.window.lock()
    assert not box.isVisible()


def test_idle_minutes_lock(desk: Any) -> None:
    desk.window.note_activity()
    assert desk.window._idle.isActive() and desk.window._idle.interval() == 10 * 60_000
    desk.window.kept.lock_minutes = 5
    desk.window.note_activity()
    assert desk.window._idle.interval() == 5 * 60_000
    desk.window._idle.timeout.emit()
    assert desk.window.frame is None


def test_a_second_start_brings_the_first_window_forward(desk: Any, tmp_path: Path) -> None:
    told: list[str] = []
    desk.window.one.wanted.connect(told.append)
    file = tmp_path / "Office-3.officepack"
    file.write_bytes(b"x")
    second = subprocess.run(
        [sys.executable, "-m", "ui", "--profile", str(desk.app.paths.folder), str(file)],
        capture_output=True, text=True, timeout=60, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert second.returncode == 0 and "open already" in second.stderr
    desk.qtbot.waitUntil(lambda: told == [str(file)])
    desk.settle()
    assert desk.window.frame.current == "send"


def test_the_lock_is_free_when_the_window_has_gone(desk: Any) -> None:
    other = OneWindow(desk.app.paths)
    assert not other.first()
    desk.window.close()
    assert other.first()
    other.leave()


def test_a_command_says_that_a_window_has_the_records_open(desk: Any, tmp_path: Path) -> None:
    word = tmp_path / "passphrase.txt"
    word.write_text(PASSPHRASE, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--profile", str(desk.app.paths.folder), "--passphrase-file", str(word),
         "record", "list"],
        capture_output=True, text=True, timeout=60, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert done.returncode == 1 and "already open in another window" in done.stderr


def test_the_office_is_asked_for_a_backup_before_it_leaves_and_not_whether_it_has_its_own_records(office_desk: Any) -> None:
    def jot(profile: Any) -> str:
        from desktop_app.services import recording

        return recording.jot(profile, "The office's own note.")

    office_desk.db(jot)
    page = office_desk.page("leaving")
    office_desk.settle()
    assert "Make a backup on another drive first" in page.state.text()
    assert "office does not have it" not in words_on(page)
    assert not page.wipe_button.isEnabled() and not page.hand.isEnabled()
