"""What can be done with a whole record: its earlier versions, taking it back, throwing the draft away, two versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import dialogs

if TYPE_CHECKING:
    from desktop_app.services.history import HistoryEntry
    from desktop_app.services.profile import Profile
    from desktop_app.services.two_versions import Pair
    from ui.pages.record import RecordPage


class RecordDeeds:
    """Works for one record page. Nothing asks "Are you sure?"; the sentence at the foot takes it back."""

    def __init__(self, page: RecordPage) -> None:
        self._page = page
        self._app = page.app

    def show_history(self) -> None:
        """Every version, with what changed; one may be made the newest."""
        record_id = self._page.record_id

        def fetch(profile: Profile) -> list[HistoryEntry]:
            from desktop_app.services.history import history

            return history(profile, record_id)

        self._app.runner.db(fetch, self._show_versions, self._failed)

    def _show_versions(self, entries: list[HistoryEntry]) -> None:
        from ui.pages.record_history import HistoryDialog

        dialog = HistoryDialog(entries, self._app.theme.colours, self._page)
        dialogs.run(dialog)
        if dialog.restored:
            self._change("restore_version", dialog.restored, said="That version is the newest again.")

    def add_private_note(self) -> None:
        """A record of this branch only, about this one; the page of the note opens."""
        page = self._page
        page.flush()
        record_id = page.record_id

        def begin(profile: Profile) -> str:
            from desktop_app.services.beginnings import begin_note

            return begin_note(profile, record_id)

        def begun(note: str) -> None:
            self._app.changed(note)
            self._app.open_record(note)
            self._app.toast("A private note. It stays in this branch and is never sent.")

        self._app.runner.db(begin, begun, self._failed, priority="draft")

    def show_form_changes(self) -> None:
        """What is different in the form since the record was filled in."""
        from desktop_app.forms.comparison import compare
        from ui.forms.form_changes import FormChangesDialog

        opened = self._page.opened
        if opened is not None and opened.filled_with is not None:
            comparison = compare(opened.filled_with, opened.form)
            dialogs.run(FormChangesDialog(opened.form.title, comparison, self._app.theme.colours, self._page))

    def take_back(self) -> None:
        """Say that the record no longer stands; undo makes the version before it the newest again."""
        self._page.flush()
        record_id = self._page.record_id

        def take(profile: Profile) -> str:
            from desktop_app.services import recording
            from desktop_app.services.history import history

            before = history(profile, record_id)[0].rev
            recording.take_back(profile, record_id)
            return before

        def done(before: str) -> None:
            self._page.changed_by_us()
            self._app.toast("Taken back.", lambda: self._change("restore_version", before, said="It stands again."))

        self._app.runner.db(take, done, self._failed)

    def discard(self) -> None:
        """Throw the draft away. A record that was never marked as ready is gone; undo brings it back as a new draft."""
        page = self._page
        assert page.opened is not None
        content, form_id, form = page.current_content(), page.opened.form.id, page.form_filled()
        page.stop_saving()
        record_id, never_marked = page.record_id, page.opened.revisions == 0

        def drop(profile: Profile) -> None:
            from desktop_app.services import recording

            recording.discard_draft(profile, record_id)

        def bring_back(profile: Profile) -> str:
            from desktop_app.services import recording

            found = recording.start(profile, form_id) if never_marked else record_id
            recording.save_draft(profile, found, content, form=form)
            return found

        def back(found: str) -> None:
            self._app.changed(found)
            self._app.open_record(found)

        def done(_none: None) -> None:
            self._app.toast("The draft is thrown away.", lambda: self._app.runner.db(bring_back, back))
            if never_marked:
                self._app.changed(record_id)
                page.gone.emit()
            else:
                page.changed_by_us()

        self._app.runner.db(drop, done, self._failed)

    def choose_versions(self) -> None:
        """See both versions of what was changed in two places, and choose. What is being typed is kept."""
        self._page.flush()
        record_id = self._page.record_id

        def fetch(profile: Profile) -> list[Pair]:
            from desktop_app.services.deciding import pairs

            return pairs(profile, record_id)

        self._app.runner.db(fetch, self._choose, self._failed)

    def _choose(self, pairs: list[Pair]) -> None:
        from ui.pages.record_versions import VersionsDialog

        record_id = self._page.record_id
        dialog = VersionsDialog(self._app, record_id, pairs, self._page, look=self._page.files.open_blob)
        if not pairs or not dialogs.run(dialog):
            return
        chosen = dialog.chosen

        def work(profile: Profile) -> None:
            from desktop_app.services.deciding import decide

            decide(profile, record_id, chosen)

        def done(_none: None) -> None:
            self._page.changed_by_us()
            self._app.toast("Chosen. The other version stays in the earlier versions.")

        self._app.runner.db(work, done, self._failed)

    def _change(self, what: str, argument: object, *, said: str) -> None:
        record_id = self._page.record_id

        def work(profile: Profile) -> None:
            from desktop_app.services import recording

            getattr(recording, what)(profile, record_id, argument)

        def done(_none: None) -> None:
            self._page.changed_by_us()
            self._app.toast(said)

        self._app.runner.db(work, done, self._failed)

    def _failed(self, problem: Exception) -> None:
        dialogs.show_error(self._page, problem)
