"""A system that does nothing and remembers what it was asked, for tests and for made-up records."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.platform.interface import LockSignal, MailRoute
from desktop_app.platform.mail import attached, by_hand


@dataclass
class FakePlatform:
    """`has_mail` and `synced_as` choose its answers; `asked` is every call: (what, arguments)."""

    has_mail: bool = True
    synced_as: str | None = None
    asked: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)
    name: str = "fake"
    lock_signals: tuple[LockSignal, ...] = ()

    def open_mail(self, to: str, subject: str, body: str, attachment: Path) -> MailRoute:
        self.asked.append(("open_mail", (to, subject, body, attachment)))
        return attached("draft") if self.has_mail else by_hand(attachment, message_opened=False)

    def open_folder(self, path: Path) -> bool:
        self.asked.append(("open_folder", (path,)))
        return True

    def open_file(self, path: Path) -> bool:
        self.asked.append(("open_file", (path,)))
        return True

    def is_synced(self, path: Path) -> str | None:
        self.asked.append(("is_synced", (path,)))
        return self.synced_as
