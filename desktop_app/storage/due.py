"""Records in the order of a date they give, without those that are finished."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.storage.database import Store


def earliest(
    store: Store, form: str, *, date: str, finished: tuple[str, Sequence[str]], most: int
) -> list[tuple[str, str, str]]:
    """Record, title and date of at most ``most`` records of ``form``, the earliest first, those without a date last.

    ``date`` is the leaf with the date, ``finished`` a leaf and its values that mean: not to be listed. Records that
    were taken back are left out.
    """
    leaf, values = finished
    marks = ", ".join("?" * len(values))
    done = f"select 1 from answers f where f.n = p.n and f.leaf = ? and f.value in ({marks})"  # noqa: S608 - only marks
    rows = store.rows(
        "select p.record, p.title, coalesce(d.value, '') from projection p"  # noqa: S608 - `done` has no values in it
        " left join answers d on d.n = p.n and d.leaf = ?"
        f" where p.form = ? and p.standing <> 'taken_back' and not exists({done})"
        " order by d.value is null, d.value, p.n desc limit ?",
        (date, form, leaf, *values, most),
    )
    return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]
