"""Sleep and a locked screen lock the records: told over a real bus by another process, as the system would."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from desktop_app.platform.linux import LOCK_SIGNALS
from desktop_app.platform.macos import LOCK_SIGNALS as MAC_SIGNALS
from desktop_app.platform.windows import LOCK_SIGNALS as WINDOWS_SIGNALS
from desktop_app.platform.windows import read_message
from ui import system_lock
from ui.system_lock import SystemLock

ROOT = Path(__file__).resolve().parents[2]
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus is how Linux tells")

# Owns the names the desktop owns and says what it is told on its standard input: number of the signal, whether it begins.
SYSTEM = """
import sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from desktop_app.platform.linux import LOCK_SIGNALS
app = QCoreApplication([])
bus = QDBusConnection.sessionBus()
for signal in LOCK_SIGNALS:
    bus.registerService(signal.service)
for line in sys.argv[1:]:
    number, begins = line.split("=")
    signal = LOCK_SIGNALS[int(number)]
    message = QDBusMessage.createSignal(signal.path or "/any/path", signal.interface, signal.name)
    if signal.value is not None:
        message.setArguments([begins == "begins"])
    assert bus.send(message)
bus.call(QDBusMessage.createMethodCall("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId"))  # all of it is out
"""
# A window of the program that waits for the system; what it is given to run says what came of it.
WINDOW = """
import subprocess, sys, time
from pathlib import Path
from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QWidget
from desktop_app.paths import ProfilePaths
from desktop_app.platform.linux import LOCK_SIGNALS
from ui.app import application, build
app = application()
def until(true):
    patience = QDeadlineTimer(30_000)
    while not true():
        assert not patience.hasExpired()
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)
def system(*told):
    other = subprocess.Popen([sys.executable, "-c", SYSTEM, *told])
    until(lambda: other.poll() is not None)
    assert other.returncode == 0
"""


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bus of this test's own, which is both the system's and the session's."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait(timeout=20)
    daemon.stdout.close()


def run(code: str, address: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    told = {"DBUS_SESSION_BUS_ADDRESS": address, "DBUS_SYSTEM_BUS_ADDRESS": address}
    return subprocess.run(
        [sys.executable, "-c", f"SYSTEM = {SYSTEM!r}\n{WINDOW}\n{code}", *arguments],
        env={**os.environ, **told}, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@on_linux
@pytest.mark.parametrize("number", range(2))
def test_going_to_sleep_or_locking_the_session_takes_the_page_and_the_key(
    bus: str, make_profile: Callable[..., Any], number: int
) -> None:
    created = make_profile("branch", "Leeds")
    paths = created.profile.paths
    created.profile.close()
    code = """
from ui.setup.unlock import UnlockPage
window = build(app, ProfilePaths(Path(sys.argv[1])))
window.show()
page = window.stack.currentWidget()
page.field.setText("plain words for tests only")
page.unlock()
until(lambda: window.frame is not None and not window.context.runner.busy)
assert "PySide6.QtDBus" not in sys.modules
window.hear_the_system()
record = []
from desktop_app.services import recording
window.context.runner.db(lambda profile: recording.jot(profile, "Begun"), record.append)
until(lambda: record)
window.context.open_record(record[0])
def form():
    page = getattr(window.frame._pages.get("evidence"), "record", None)
    return page.form if page is not None else None
until(lambda: form() is not None)
form().set_answer("/data/about/summary", "Typed as the lid went down")
frame = window.frame
system(sys.argv[2])
until(lambda: window.frame is None and not window.context.runner.is_open and not window.context.runner.busy)
assert isinstance(window.stack.currentWidget(), UnlockPage) and window.stack.count() == 1
window.close()
print("locked")
"""
    done = run(code, bus, str(paths.folder), f"{number}=begins")
    assert done.stdout == "locked\n", done.stderr
    from desktop_app.services import profile, recording

    opened = profile.unlock(paths, passphrase="plain words for tests only")
    (row,) = recording.list_records(opened, recording.Filters()).rows
    said = recording.open_record(opened, row.id).content.answers["about"]["summary"]
    opened.close()
    assert said == "Typed as the lid went down"


@on_linux
def test_every_sign_is_heard_and_its_end_is_not(bus: str) -> None:
    code = """
from ui.system_lock import SystemLock
window, locked = QWidget(), []
listening = SystemLock(LOCK_SIGNALS, lambda: locked.append(1), window)
numbers = range(len(LOCK_SIGNALS))
system(*(f"{number}=ends" for number in numbers if LOCK_SIGNALS[number].value), *(f"{number}=begins" for number in numbers))
until(lambda: len(locked) >= len(LOCK_SIGNALS))
print(len(locked))
"""
    done = run(code, bus)
    assert done.stdout == f"{len(LOCK_SIGNALS)}\n", done.stderr


@on_linux
@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/at/all"])
def test_without_a_bus_nothing_is_said(address: str) -> None:
    code = """
from ui.system_lock import SystemLock
window = QWidget()
SystemLock(LOCK_SIGNALS, window.close, window)
app.processEvents()
"""
    done = run(code, address)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_windows_messages_of_sleep_and_lock_are_told_from_others(qtbot: Any) -> None:
    from ctypes import wintypes

    locked: list[int] = []
    filters = system_lock._Messages(WINDOWS_SIGNALS, lambda: locked.append(1))
    # WinUser.h: suspend, resume, session lock, session unlock, and a key
    for message, value in ((0x218, 4), (0x218, 7), (0x2B1, 7), (0x2B1, 8), (0x100, 7)):
        told = wintypes.MSG(message=message, wParam=value)
        assert read_message(ctypes.addressof(told)) == (message, value)
        assert filters.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(told)) == (False, 0)
    assert len(locked) == 2


def test_a_clock_that_jumped_while_the_program_stood_still_means_it_slept(qtbot: Any) -> None:
    locked: list[int] = []
    window = QWidget()
    qtbot.addWidget(window)
    listening = SystemLock(MAC_SIGNALS, lambda: locked.append(1), window)
    listening._tick()
    assert not locked
    listening._seen -= 3600
    listening._tick()
    assert locked == [1]
