"""Words in boxes that are no record: locked away while they are typed, they are there again, and go when they are kept."""

from __future__ import annotations

from typing import Any

from ui import dialogs
from ui.pages.record_rights import WordsDialog

PASSPHRASE = "plain words for tests only"
WORDS = "Talks with the Department on a second deal"


def locked_and_open_again(desk: Any) -> None:
    desk.window.lock()
    desk.settle()
    desk.unlock(PASSPHRASE)
    desk.settle()


def left_in_settings(desk: Any) -> list[str]:
    return desk.db(
        lambda profile: [v for (v,) in profile.store.rows("select value from settings where name like 'half%'")]
    )


def test_what_the_office_is_to_be_told_at_once_outlives_locking_and_goes_when_it_is_sent(desk: Any) -> None:
    page = desk.page("send")
    desk.settle()
    desk.qtbot.keyClicks(page.now.words, WORDS)
    locked_and_open_again(desk)
    page = desk.page("send")
    desk.qtbot.waitUntil(lambda: page.now.words.toPlainText() == WORDS, timeout=20_000)
    page.now.words.clear()
    locked_and_open_again(desk)
    assert left_in_settings(desk) == []
    page = desk.page("send")
    desk.settle()
    assert page.now.words.toPlainText() == ""


def test_a_question_half_written_when_the_records_lock_is_there_again(office_desk: Any, monkeypatch: Any) -> None:
    shown: list[WordsDialog] = []

    def typed_then_locked(dialog: WordsDialog) -> int:
        shown.append(dialog)
        office_desk.settle()
        if len(shown) == 1:
            office_desk.qtbot.keyClicks(dialog.box, WORDS)
            office_desk.app.flush()  # as locking does, the box being rejected
        return 0

    monkeypatch.setattr(dialogs, "run", typed_then_locked)
    record = office_desk.db(_a_record)
    for _ in range(2):
        dialogs.run(WordsDialog(office_desk.app, f"{record}:question", "Ask", (), "Ask", office_desk.window))
    assert shown[1].words == WORDS

    def look(profile: Any) -> list[str]:
        from desktop_app.services import erasing, rights
        from desktop_app.services.keeping import drained

        assert len(drained(rights.find(profile, "second deal")).found) == 1
        erasing.erase(profile, record, "asked")
        return [value for (value,) in profile.store.rows("select value from settings where name like 'half%'")]

    assert office_desk.db(look) == []


def _a_record(profile: Any) -> str:
    from desktop_app.services import recording

    return recording.jot(profile, "A note")


def test_a_notice_half_written_at_the_office_is_there_again(office_desk: Any) -> None:
    card = office_desk.page("settings").policy
    office_desk.settle()
    office_desk.qtbot.keyClicks(card.notice, WORDS)
    locked_and_open_again(office_desk)
    card = office_desk.page("settings").policy
    office_desk.qtbot.waitUntil(lambda: card.notice.toPlainText() == WORDS, timeout=20_000)
    card.keep()
    office_desk.settle()
    assert left_in_settings(office_desk) == []
    locked_and_open_again(office_desk)
    assert office_desk.page("settings").policy.notice.toPlainText() in ("", WORDS)
