"""A record begun in an older form, on its page: the notice, the answers nobody asks any more, and the next draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.forms.xform import load_form
from desktop_app.services import recording
from desktop_app.services.profile import Profile
from desktop_app.storage import drafts
from ui import dialogs
from ui.forms.form_changes import FormChangesDialog
from ui.pages.record import RecordPage

FORM = """| survey |
| | type | name | label |
| | text | title | What is it called? |
| | text | {name} | {label} |

| settings |
| | form_title | form_id | version | instance_name |
| | Trial | trial | {version} | ${{title}} |
"""


def test_a_record_goes_on_in_the_new_form(
    records: Any, show: Any, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "trial.md"

    def add(profile: Profile, name: str, label: str, version: int) -> str:
        path.write_text(FORM.format(name=name, label=label, version=version), encoding="utf-8")
        form = load_form(path)
        profile.forms.use(form)
        return form.package

    def begin(profile: Profile) -> tuple[str, str]:
        add(profile, "why", "Why was that?", 1)
        record = recording.start(profile, "trial", {"title": "A case", "why": "Nobody said"})
        return record, add(profile, "how", "How was that?", 2)

    record, newer = records.ask(begin)
    page = RecordPage(records.app, record)
    show(page)
    qtbot.waitUntil(lambda: page.form is not None)
    records.settle()
    assert "One of them answers a question no longer asked" in "\n".join(
        each.text() for each in page.findChildren(QLabel)
    )
    assert [(each.label, each.words) for each in page.form.panel.earlier.entries] == [("Why was that?", "Nobody said")]
    assert page.form.panel.earlier.isVisible()
    assert records.ask(lambda p: drafts.load(p.store, record)).form.package != newer  # opening writes nothing
    shown: list[QDialog] = []
    monkeypatch.setattr(dialogs, "run", lambda dialog: shown.append(dialog) or 0)
    next(each for each in page.findChildren(QPushButton) if each.text() == "What has changed").click()
    assert isinstance(shown[0], FormChangesDialog)
    assert "How was that?" in shown[0].text.toPlainText()
    page.form.answer("/data/how", "By post")
    page.do_save()
    records.settle()
    draft = records.ask(lambda p: drafts.load(p.store, record))
    assert draft.form.package == newer
    assert draft.content["answers"]["how"] == "By post"
    assert draft.content["answers"]["earlier"]["why"]["value"] == "Nobody said"
