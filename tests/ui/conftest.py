"""The real window on real records in a folder of the test's own. Nothing of Qt or of the core is replaced; a modal box
that a test did not expect fails the test instead of waiting for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop_app.paths import ProfilePaths
from desktop_app.platform.fake import FakePlatform
from ui import dialogs
from ui.app import build
from ui.main_window import MainWindow
from ui.setup.unlock import UnlockPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_app.services.profile import Created

PASSPHRASE = "plain words for tests only"
PATIENCE = 20_000


@pytest.fixture(autouse=True)
def no_unexpected_dialogs(monkeypatch: pytest.MonkeyPatch) -> list[QDialog]:
    """Every modal box goes through `dialogs.run`; here it is closed at once and remembered."""
    shown: list[QDialog] = []

    def run(dialog: QDialog) -> int:
        shown.append(dialog)
        return 0

    monkeypatch.setattr(dialogs, "run", run)
    return shown


class _Strays(QObject):
    """Notes every widget that comes up as a window of its own without being meant as one."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.windowType() == Qt.WindowType.Window
            and type(watched).__module__.startswith("PySide6")
        ):
            text = getattr(watched, "text", lambda: "")()
            self.seen.append(f"{type(watched).__name__} “{text}”")
        return False


@pytest.fixture(autouse=True)
def no_stray_windows(qapp: QApplication) -> Iterator[None]:
    """A label made visible before it has a parent flashes up as a window and takes the keyboard with it."""
    strays = _Strays()
    qapp.installEventFilter(strays)
    yield
    qapp.removeEventFilter(strays)
    assert strays.seen == []


class Desk:
    """A window and what a test does with it."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.problems: list[Exception] = []
        window.context.runner.unhandled = self.problems.append
        self.platform = FakePlatform()
        window.context.platform = self.platform

    @property
    def app(self) -> Any:
        return self.window.context

    def settle(self) -> None:
        """Wait until everything asked for is answered, and what the answers asked for too."""
        for _ in range(3):
            self.qtbot.waitUntil(lambda: not self.app.runner.busy, timeout=PATIENCE)
            QApplication.processEvents()
        assert self.problems == []

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        page = self.window.stack.currentWidget()
        assert isinstance(page, UnlockPage)
        page.field.setText(passphrase)
        page.unlock()
        self.settle()

    def page(self, name: str, **options: object) -> Any:
        """Open a screen and wait for it."""
        assert self.window.frame is not None
        found = self.window.frame.open_page(name, dict(options))
        self.settle()
        return found

    def db(self, fn: Callable[[Any], Any]) -> Any:
        """Run something with the records on the worker and wait for the answer."""
        answers: list[Any] = []
        self.app.runner.db(fn, answers.append)
        self.qtbot.waitUntil(lambda: bool(answers) or bool(self.problems), timeout=PATIENCE)
        assert self.problems == []
        return answers[0]


@pytest.fixture
def desk_on(qtbot: QtBot) -> Iterator[Callable[[ProfilePaths], Desk]]:
    """A window on the records in a folder, set up or not; closed at the end."""
    desks: list[Desk] = []

    def make(paths: ProfilePaths) -> Desk:
        from ui.app import application

        window = build(application(), paths, "light")
        qtbot.addWidget(window)
        window.setWindowState(Qt.WindowState.WindowNoState)  # the screen of a test is small; the window need not be
        window.resize(1180, 760)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)  # keys go to the active window only
        desk = Desk(window, qtbot)
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.window.close()


@pytest.fixture
def desk(desk_on: Callable[[ProfilePaths], Desk], make_profile: Callable[..., Created]) -> Desk:
    """A branch's records, unlocked: Leeds, with its own authority."""
    created = make_profile("branch", "Leeds", officer_role="local_secretary", authorities=("383",))
    paths = created.profile.paths
    created.profile.close()
    found = desk_on(paths)
    found.unlock()
    return found


@pytest.fixture
def office_desk(desk_on: Callable[[ProfilePaths], Desk], make_profile: Callable[..., Created]) -> Desk:
    """The office's records, unlocked."""
    created = make_profile("office", "Policy team")
    paths = created.profile.paths
    created.profile.close()
    found = desk_on(paths)
    found.unlock()
    return found


@pytest.fixture
def own_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files for the office go here instead of the person's Documents."""
    from ui.pages import outbox

    folder = tmp_path / "documents"
    monkeypatch.setattr(outbox, "outbox_folder", lambda: folder)
    return folder


EVIDENCE = {
    "about": {
        "summary": "A SENCO said that most first requests come back refused.",
        "title": "First requests come back refused",
        "area": "one_authority",
        "authorities": "383",
        "source_kind": "senco_meeting",
        "strength": "second_hand",
        "permission": "quote",
        "topics": "access_and_consequences",
    },
    "access_and_consequences": {"c2_refuses_first_assessment": "yes"},
}


@pytest.fixture
def evidence() -> dict[str, Any]:
    """The answers of one small record; change a copy at will."""
    import copy

    return copy.deepcopy(EVIDENCE)
