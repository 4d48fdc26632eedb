"""Hears from the system that the computer goes to sleep or its screen is locked. What to listen to is the platform's.

Where nobody can be heard (no bus, no desktop) nothing is said: the idle time and Ctrl+L lock all the same.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from desktop_app.platform import LockSignal

TICK_MS, SLEPT_SECONDS = 5_000, 30


class SystemLock(QObject):
    """Calls `lock` at every sign, on the window's thread, from now until `window` is gone."""

    def __init__(self, signals: Sequence[LockSignal], lock: Callable[[], None], window: QWidget) -> None:
        super().__init__(window)
        self._lock = lock
        self._messages: _Messages | None = None
        kinds = {signal.kind for signal in signals}
        for bus in kinds & {"dbus-system", "dbus-session"}:
            self._listen(bus == "dbus-system", [signal for signal in signals if signal.kind == bus])
        if "window-message" in kinds:
            self._messages = _Messages(signals, lock)
            self._messages.begin(int(window.winId()))
            self.destroyed.connect(self._messages.end)
        if "clock" in kinds:
            self._seen = time.time()
            clock = QTimer(self, interval=TICK_MS)
            clock.timeout.connect(self._tick)
            clock.start()

    def _listen(self, system: bool, signals: Sequence[LockSignal]) -> None:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:  # no D-Bus library on this computer
            return
        # Without an address libdbus would start a bus of its own, which nobody speaks on.
        if not system and not _has_session_bus():
            return
        bus = QDBusConnection.systemBus() if system else QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        for signal in signals:
            # The stub asks for bytes; the call itself takes only the text SLOT gives.
            slot: Any = SLOT("told()" if signal.value is None else "told_whether(bool)")
            bus.connect(signal.service, signal.path, signal.interface, signal.name, self, slot)

    @Slot()
    def told(self) -> None:
        self._lock()

    @Slot(bool)
    def told_whether(self, begins: bool) -> None:
        if begins:  # false: it woke, or the screen was unlocked
            self._lock()

    def _tick(self) -> None:
        seen, self._seen = self._seen, time.time()
        if self._seen - seen > TICK_MS / 1000 + SLEPT_SECONDS:
            self._lock()


class _Messages(QAbstractNativeEventFilter):
    """Windows: messages to any of our windows."""

    def __init__(self, signals: Sequence[LockSignal], lock: Callable[[], None]) -> None:
        super().__init__()
        self._wanted = {(signal.message, signal.value) for signal in signals}
        self._lock = lock

    def begin(self, window: int) -> None:
        from desktop_app.platform.windows import hear_session

        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)
        hear_session(window)

    def end(self) -> None:
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        from desktop_app.platform.windows import read_message

        if kind == b"windows_generic_MSG" and read_message(int(message)) in self._wanted:
            self._lock()
        return False, 0


def _has_session_bus() -> bool:
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS") or (folder and Path(folder, "bus").exists()))
