"""What the tests of the store share."""

from __future__ import annotations

from collections.abc import Iterator

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
