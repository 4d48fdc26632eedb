"""The look for personal data beside the typing, and what must be looked at before a record is marked as ready.

The look runs on the worker. Words a person keeps on purpose are kept with the record (in ``derived``, which is never
merged), so that nobody is asked twice and the office sees that it was decided.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import shiboken6

from desktop_app.services.content import KEPT_WORDS, REASON
from ui import dialogs
from ui.forms.suspects import Suspect
from ui.pages.record_ready import ReadyView

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from desktop_app.services.recording import Content, OpenRecord, PrivacyFinding
    from desktop_app.services.removing import Removed
    from ui.pages.record import RecordPage
    from ui.tasks import Task


class RecordCheck:
    """Works for one record page, over all its loadings."""

    def __init__(self, page: RecordPage, view: ReadyView) -> None:
        self._page = page
        self._view = view
        self._task: Task | None = None
        self._kept: set[tuple[str, str]] = set()
        self.suspects: tuple[Suspect, ...] = ()
        self._wanted = False
        view.go_to.connect(page.go_to)
        view.left.connect(self._leave)
        view.confirmed.connect(self._make_ready)
        view.replaced.connect(self.replace)
        view.kept.connect(self.keep)

    def load(self, content: Content) -> None:
        """Take over what was kept on purpose before."""
        self._kept = {(leaf, text) for leaf, text in json.loads(content.derived.get(KEPT_WORDS, "[]"))}

    def derived(self) -> dict[str, str]:
        """What is kept with the record about the check."""
        return {KEPT_WORDS: json.dumps(sorted(self._kept), ensure_ascii=False)} if self._kept else {}

    # looking -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look for likely personal data, off the window's thread; an older look still under way is dropped."""
        page = self._page
        if page.form is None or page.opened is None:
            return
        if self._task is not None:
            self._task.cancel()
        content, form = page.current_content(), page.opened.form

        def look(_profile: Profile) -> list[PrivacyFinding]:
            from desktop_app.services import recording

            return recording.privacy_findings(content, form)

        self._task = page.app.runner.db(look, self._found, lambda _problem: None)

    def _found(self, found: list[PrivacyFinding]) -> None:
        page = self._page
        assert page.form is not None
        self._task = None
        paths = {node.leaf: node.path for node in page.form.session.nodes()}
        self._kept &= {(one.path, one.finding.text) for one in found}
        self.suspects = tuple(
            Suspect(
                path=paths.get(one.path, ""),
                leaf=one.path,
                label=one.label,
                start=one.finding.start,
                end=one.finding.end,
                kind=one.finding.kind,
                text=one.finding.text,
                advice=one.finding.suggestion,
            )
            for one in found
            if (one.path, one.finding.text) not in self._kept
        )
        page.form.show_suspects(self.suspects)
        if self._wanted:
            self._show_what_is_open()
        elif self._is_asking:
            self._fill()
        page.checked.emit()

    def replace(self, suspect: Suspect, words: str) -> None:
        """Put other words in place of these, wherever they stand in that answer ("" takes them out)."""
        page = self._page
        assert page.form is not None
        if not suspect.path:
            page.app.toast("It is in the file's name. Give the file another name, then add it again.")
            return
        node = page.form.session.node(suspect.path)
        text = node.typed if node.typed is not None else node.value
        text = text.replace(suspect.text, words)
        page.form.set_answer(suspect.path, text if words else text.replace("  ", " ").strip())
        everywhere = ("Remove these words everywhere", lambda: self.remove_everywhere(suspect.text, words))
        page.app.toast(f"Replaced “{suspect.text}”.", undo=page.undo, also=everywhere)
        self.look()

    def remove_everywhere(self, text: str, instead: str) -> None:
        """The words go from the whole record, from versions never sent and from undo, not only from one answer."""
        page = self._page
        if not shiboken6.isValid(page) or page.form is None:
            return
        page.flush()
        form, record = page.form, page.record_id
        form.setEnabled(False)  # what is typed meanwhile would be lost when the record is shown anew

        def remove(profile: Profile) -> Removed:
            from desktop_app.services.removing import remove_words

            return remove_words(profile, record, text, instead)

        def done(removed: Removed) -> None:
            if shiboken6.isValid(page):
                page.changed_by_us()
            sent = " A version that was sent still has it; only deleting the record for good reaches that."
            page.app.toast(f"“{text}” is gone from this record.{sent if removed.sent else ''}")

        def failed(problem: Exception) -> None:
            if shiboken6.isValid(form):
                form.setEnabled(True)
                dialogs.show_error(page, problem)

        page.app.runner.db(remove, done, failed, priority="draft")

    def keep(self, suspect: Suspect) -> None:
        """The person says these words may stand; that is kept with the record."""
        self._kept.add((suspect.leaf, suspect.text))
        self.suspects = tuple(one for one in self.suspects if (one.leaf, one.text) != (suspect.leaf, suspect.text))
        assert self._page.form is not None
        self._page.form.show_suspects(self.suspects)
        if self._is_asking:
            self._fill()
        self._page.form.edited.emit()

    # ready -------------------------------------------------------------------------------------------------------

    def mark_ready(self) -> None:
        """Look first; what is found is shown, with links; nothing found, and it is ready at once."""
        assert self._page.form is not None
        self._wanted = True
        self._page.form.survey()
        self.look()

    @property
    def _is_asking(self) -> bool:
        return self._page.stack.currentWidget() is self._view

    def _show_what_is_open(self) -> None:
        self._wanted = False
        if self._fill():
            assert self._page.form is not None
            self._page.form.demand()
            self._page.stack.setCurrentWidget(self._view)
            self._view.take_focus()
        else:
            self._make_ready("")

    def _fill(self) -> bool:
        """Show what stands in the way; False when nothing does."""
        from desktop_app.services import recording

        form = self._page.form
        assert form is not None
        gaps = {gap.path: gap.label for gap in recording.gaps(form.session)}
        doubts = [(path, message) for path, message in form.problems() if path not in gaps]
        self._view.show_findings(self.suspects, doubts, list(gaps.items()))
        return bool(self.suspects or doubts or gaps)

    def _leave(self) -> None:
        self._page.show_writing()
        self._page.take_focus()

    def _make_ready(self, reason: str) -> None:
        page = self._page
        page.show_writing()
        if page.form is not None:
            page.form.demand_no_more()
        record_id, content, form = page.record_id, page.current_content(), page.form_filled()
        if reason:
            content = replace(content, derived={**content.derived, REASON: reason})
        page.stop_saving()

        def mark(profile: Profile) -> OpenRecord:
            from desktop_app.services import recording

            recording.save_draft(profile, record_id, content, form=form)
            recording.mark_ready(profile, record_id)
            return recording.open_record(profile, record_id)

        page.app.runner.db(mark, page.was_marked, self._failed, priority="draft")

    def _failed(self, problem: Exception) -> None:
        assert self._page.form is not None
        self._page.form.edited.emit()  # what was not made a version is still to be saved
        dialogs.show_error(self._page, problem)
