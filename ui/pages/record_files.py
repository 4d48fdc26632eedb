"""The attachments of a record: asked about, taken in, shown, opened, taken off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.records.state import file_undecided
from ui import dialogs
from ui.forms.attached_list import AttachedFile
from ui.forms.file_editor import FileEditor, file_size, kind_of_file

if TYPE_CHECKING:
    from desktop_app.records.revision import BlobRef
    from desktop_app.services.attachments import Attached
    from desktop_app.services.profile import Profile
    from ui.forms.question_row import QuestionRow
    from ui.pages.record import RecordPage

_ANSWERS = ("No", "Yes", "Not sure")
_CODES = ("no", "yes", "not_sure")
_PATTERNS = {
    "image": "Pictures (*.png *.jpg *.jpeg *.gif *.bmp *.tif *.tiff *.webp *.heic *.pdf);;",
    "audio": "Sound (*.mp3 *.m4a *.wav *.ogg *.opus *.aac *.flac *.wma);;",
    "video": "Films (*.mp4 *.m4v *.mov *.avi *.webm *.mkv *.wmv);;",
}
_FILE_KINDS = ("file", "image", "audio", "video")


class RecordFiles:
    """Works for one record page as it is loaded."""

    def __init__(self, page: RecordPage) -> None:
        self._page = page
        assert page.form is not None
        self._form = page.form
        panel = page.form.panel
        panel.files_wanted.connect(lambda: self.choose(""))
        panel.files_given.connect(lambda paths: self.add(paths, ""))
        panel.file_open_wanted.connect(self.open)
        panel.file_remove_wanted.connect(self.remove)
        page.form.files_wanted.connect(self.choose)
        page.form.files_given.connect(lambda path, paths: self.add(paths, path))
        page.form.file_open_wanted.connect(self._open_answer)
        page.form.row_added.connect(self._show_about)
        page.form.goes_with(self._hung_on, self._hang_on)
        self.show()

    def show(self) -> None:
        """The list beside the questions, and the line under a question that a file answers."""
        content = self._page.content
        assert content is not None
        self._form.panel.show_files([AttachedFile(b.sha256, b.name, self._about(b)) for b in content.blobs])
        for row in self._form.view.made_rows():
            self._show_about(row)

    def _show_about(self, row: QuestionRow) -> None:
        content = self._page.content
        if isinstance(row.editor, FileEditor) and content is not None:
            mine = [b for b in content.blobs if b.question == row.node.leaf]
            others = f" and {len(mine) - 1} more, listed under Attachments" if len(mine) > 1 else ""
            row.editor.show_about(f"{self._about(mine[-1])}{others}" if mine else "")

    def _hung_on(self) -> object:
        return self._page.content.blobs if self._page.content is not None else ()

    def _hang_on(self, blobs: object) -> None:
        """Undo and redo: the attachments as they were."""
        content = self._page.content
        if content is not None and isinstance(blobs, tuple) and blobs != content.blobs:
            self._page.content = replace(content, blobs=blobs)
            self.show()

    def choose(self, path: str) -> None:
        """Ask for files to attach to the question at `path` ("": to the record)."""
        question = next((n.question for n in self._form.session.nodes() if n.path == path), None)
        title = f"Add {kind_of_file(question)}" if question is not None else "Add a file"
        kinds = _PATTERNS.get(question.kind, "") if question is not None else ""
        self.add(dialogs.open_files(self._page, title, f"{kinds}All files (*)"), path)

    def add(self, paths: list[Path], path: str) -> None:
        """Ask about each file what must be asked, and take it in."""
        question = self._question(path)
        for file in paths:
            answer = dialogs.choose(
                self._page,
                "Does this show a child, or a person who has not agreed?",
                [file.name, "If it does, or you are not sure, it stays on this laptop and does not travel."],
                _ANSWERS,
            )
            if answer >= 0:
                self._take_in(file, _CODES[answer], question)

    def open(self, sha256: str) -> None:
        """Open a copy of an attachment in its usual program."""
        content = self._page.content
        assert content is not None
        self.open_blob(next(b for b in content.blobs if b.sha256 == sha256))

    def open_blob(self, blob: BlobRef) -> None:
        """As `open`, for one that may hang on an earlier version only."""

        def copy(profile: Profile) -> Path:
            from desktop_app.services import attachments

            return attachments.open_copy(profile, blob)

        def show(path: Path) -> None:
            from desktop_app import platform

            if not platform.current().open_file(path):
                self._page.app.toast(f"No program opened “{blob.name}”.")

        self._page.app.runner.db(copy, show, self._failed)

    def remove(self, sha256: str) -> None:
        """Take an attachment off the record; the sentence at the foot, or undo, puts it back."""
        page = self._page
        assert page.content is not None
        gone = next(b for b in page.content.blobs if b.sha256 == sha256)
        left = tuple(b for b in page.content.blobs if b.sha256 != sha256)
        others = [b.name for b in left if b.question == gone.question]
        self._change(left, gone.question, others[-1] if others else "")

        def put_back() -> None:
            assert page.content is not None
            if gone not in page.content.blobs:
                self._change((*page.content.blobs, gone), gone.question, gone.name)

        page.app.toast(f"“{gone.name}” removed.", put_back)

    def _take_in(self, file: Path, shows_person: str, question: str) -> None:
        page = self._page
        page.flush()
        record = page.record_id

        def attach(profile: Profile) -> Attached:
            from desktop_app.services import recording

            return recording.attach(profile, record, file, shows_person=shows_person, question=question)

        page.app.runner.db(attach, self._taken_in, self._failed, priority="draft")

    def _taken_in(self, taken: Attached) -> None:
        page = self._page
        assert page.content is not None
        same = (taken.blob.sha256, taken.blob.question)
        kept = tuple(b for b in page.content.blobs if (b.sha256, b.question) != same)
        self._change((*kept, taken.blob), taken.blob.question, taken.blob.name)
        if taken.findings:
            words = ", ".join(f"“{finding.text}”" for finding in taken.findings[:3])
            page.app.toast(f"“{taken.blob.name}” was added. It seems to hold {words}.")
        elif not taken.checked:
            page.app.toast(f"“{taken.blob.name}” was added. It could not be checked for names: look at it yourself.")
        else:
            page.app.toast(f"“{taken.blob.name}” was added.")

    def _change(self, blobs: tuple[BlobRef, ...], question: str, name: str) -> None:
        """Other attachments, and the answer that names the file (as in ODK): one step, which undo takes back whole."""
        page, session = self._page, self._form.session
        assert page.content is not None
        content = page.content
        path = self._form.path_of(question) if question else ""

        def do() -> None:
            page.content = replace(content, blobs=blobs)
            if any(node.path == path for node in session.nodes()):
                session.set(path, name)

        self._form.change(path, do)
        self.show()
        page.flush()

    def _question(self, path: str) -> str:
        """The leaf path of the question at `path`, or of the form's first question for files."""
        nodes = [n for n in self._form.session.nodes() if n.question.kind in _FILE_KINDS]
        chosen = next((n for n in nodes if n.path == path), nodes[0] if nodes else None)
        return chosen.leaf if chosen is not None else ""

    def _open_answer(self, path: str) -> None:
        leaf = self._form.session.node(path).leaf
        content = self._page.content
        assert content is not None
        mine = [b for b in content.blobs if b.question == leaf]
        if mine:
            self.open(mine[-1].sha256)

    def _failed(self, problem: Exception) -> None:
        dialogs.show_error(self._page, problem)

    def _about(self, blob: BlobRef) -> str:
        stays = "" if blob.shows_person == "no" else " · stays on this laptop"
        opened = self._page.opened
        apart = " · two versions" if opened is not None and file_undecided(blob, opened.two_versions) else ""
        return f"{file_size(blob.len)}{stays}{apart}"
