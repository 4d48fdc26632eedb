"""What the form pages are tried with: a small form of every common kind, and records on disk behind a real worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.session import FormSession, Snapshot
from desktop_app.forms.xform import load_form
from desktop_app.forms.xlsform import compile_xlsform
from desktop_app.paths import ProfilePaths, resource
from ui.context import AppContext, Toast
from ui.forms.form_page import FormPage
from ui.runner import TaskRunner
from ui.theme import Theme

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

T = TypeVar("T")

SMALL = (Path(__file__).parent / "small_form.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> FormDefinition:
    path = tmp_path_factory.mktemp("forms") / "small.md"
    path.write_text(SMALL, encoding="utf-8")
    return compile_xlsform(path)


@pytest.fixture(scope="session")
def evidence() -> FormDefinition:
    return load_form(Path(resource("forms", "evidence.xml")))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def show(qtbot: QtBot) -> Callable[..., QWidget]:
    """Put a widget on the screen at a size and give it the keyboard's window."""

    def do(widget: QWidget, width: int = 1060, height: int = 640) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()

        def is_active() -> bool:
            widget.activateWindow()  # again: the window of the test before may take it away when it is deleted
            return widget.isActiveWindow()

        qtbot.waitUntil(is_active)
        return widget

    return do


@pytest.fixture
def open_form(theme: Theme, show: Callable[..., QWidget]) -> Callable[..., FormPage]:
    """A form page on a session of `form`, with `answers`; undo opens the form anew when it must."""

    def do(form: FormDefinition, answers: dict[str, Any] | None = None, width: int = 1060, **more: Any) -> FormPage:
        session = FormSession(form, answers, record="r1")

        def reopen(snapshot: Snapshot) -> FormSession:
            return FormSession(form, snapshot.answers, snapshot.typed, record="r1", first_load=False)

        page = FormPage(theme, session, reopen, **more)
        show(page, width)
        return page

    return do


class Records:
    """Real records behind a real worker, and what the window would hear."""

    def __init__(self, qtbot: QtBot, theme: Theme, folder: Path) -> None:
        from desktop_app.services import profile as profiles
        from desktop_app.storage.keys import KdfCost

        self._qtbot = qtbot
        self.runner = TaskRunner()
        self.app = AppContext(self.runner, theme, ProfilePaths(folder))
        self.toasts: list[Toast] = []
        self.pages: list[tuple[str, dict[str, Any]]] = []
        self.app.toast_wanted.connect(self.toasts.append)
        self.app.page_wanted.connect(lambda name, options: self.pages.append((name, options)))

        def opener() -> tuple[Profile, Any]:
            made = profiles.create(
                self.app.paths,
                role="branch",
                name="Leeds",
                passphrase="five words make it long",
                officer_role="local_secretary",
                authorities=("383",),
                cost=KdfCost(1, 8 * 1024 * 1024),
            )
            return made.profile, made.profile.me

        self.runner.open(opener, self.app.set_me)
        self.settle()

    def settle(self) -> None:
        """Until the worker has answered everything."""
        self._qtbot.waitUntil(lambda: not self.runner.busy, timeout=15_000)

    def ask(self, fn: Callable[[Profile], T]) -> T:
        """Run something on the worker and wait for its answer."""
        found: list[T] = []
        failed: list[Exception] = []
        self.runner.db(fn, found.append, failed.append)
        self._qtbot.waitUntil(lambda: bool(found or failed), timeout=15_000)
        if failed:
            raise failed[0]
        return found[0]


@pytest.fixture
def records(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Records]:
    made = Records(qtbot, theme, tmp_path / "records é")
    yield made
    made.app.flush()
    made.runner.shut_down()
