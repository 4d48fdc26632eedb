"""What the tests of the store share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop_app import files
from desktop_app.records.revision import FormRef
from desktop_app.storage import keys
from desktop_app.storage.database import Store

CHEAP = keys.KdfCost(1, 8 * 1024 * 1024)
PASSPHRASE = "plain words for tests"
SEED = bytes(range(32))
FORM = FormRef("evidence", "1", "f" * 64)


def every_value(store: Store) -> Iterator[tuple[str, bytes]]:
    """Every value in every table, the hidden ones of the index included, as ``(table, bytes)``."""
    for (table,) in store.rows("select name from sqlite_master where type = 'table'"):
        for row in store.rows(f'select * from "{table}"'):
            for value in row:
                if isinstance(value, str):
                    yield table, value.encode()
                elif isinstance(value, bytes):
                    yield table, value


class Failing(files.Disk):
    """Fails at the k-th call, once or for good, with this error number."""

    def __init__(self, at: int, number: int, *, for_good: bool) -> None:
        self.at, self.number, self.for_good, self.calls = at, number, for_good, 0

    def _count(self) -> None:
        self.calls += 1
        if self.calls == self.at or (self.for_good and self.calls > self.at):
            raise OSError(self.number, os.strerror(self.number))

    def open(self, path: Path, flags: int, mode: int) -> int:
        self._count()
        return super().open(path, flags, mode)

    def write(self, descriptor: int, data: Any) -> int:
        self._count()
        return super().write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        self._count()
        super().fsync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        self._count()
        super().replace(source, target)

    def fsync_folder(self, folder: Path) -> None:
        self._count()
        super().fsync_folder(folder)
