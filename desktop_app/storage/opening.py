"""Opening a person's records, and what belongs to every opening: a backup before new tables, and orders to delete.

Stands above the database, the backups and the orders, none of which knows it.
"""

from __future__ import annotations

from contextlib import ExitStack

from desktop_app.paths import ProfilePaths
from desktop_app.storage import erasures, rotation
from desktop_app.storage.database import Store


def open_store(paths: ProfilePaths, data_key: bytes) -> Store:
    """As `Store.open`. Tables of an older version are backed up before they are changed, and orders to delete that lie
    beside the database (after a restore, or a computer that stopped in between) are carried out before anything is read.
    """
    store = Store.open(paths, data_key, lambda older: rotation.automatic(older, paths, reason="update"))
    with ExitStack() as otherwise:
        otherwise.callback(store.close)
        if paths.erasures.exists():
            store.carried_out = erasures.apply_side_file(store)
        otherwise.pop_all()
    return store
