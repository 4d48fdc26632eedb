"""Words that stand in a box of the window and are not kept anywhere yet: settings, each under the name of its box.

A box that belongs to a record names it first, so that its words go when the record is deleted for good, and are found
when everything about a word is looked for.
"""

from __future__ import annotations

from desktop_app.storage.database import Store

_BOX = "half_written:"


def keep(store: Store, box: str, text: str) -> None:
    """What stands in the box now; empty takes it away."""
    if text or store.setting(_BOX + box) is not None:
        store.set_setting(_BOX + box, text or None)


def find(store: Store, box: str) -> str:
    """What was left in the box, or ""."""
    return store.setting(_BOX + box) or ""


def of_record(store: Store, record: str) -> list[str]:
    """Everything left in the boxes of one record."""
    begins = f"{_BOX}{record}:"
    return [
        str(text)
        for (text,) in store.rows("select value from settings where substr(name, 1, ?) = ?", (len(begins), begins))
    ]


def forget_record(store: Store, record: str, what_for: str = "") -> None:
    """Take away what was left in the boxes of one record, or only in those for one thing; call it inside a transaction."""
    begins = f"{_BOX}{record}:{what_for}"
    store.conn.execute("delete from settings where substr(name, 1, ?) = ?", (len(begins), begins))
