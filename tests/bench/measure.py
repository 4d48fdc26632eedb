"""How a row of the performance table is measured: ours and its yardstick by turns in one run, the median of the ratios.

Ratios travel from one computer to another; milliseconds do not. They are printed, never asserted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table. Times are medians in milliseconds; ``note`` says what else was seen."""

    what: str
    yardstick: str
    ours_ms: float
    yardstick_ms: float
    ratio: float
    reach: str
    within: bool
    note: str = ""


def milliseconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def paired(
    what: str,
    ours: Callable[[], float],
    yardstick: str,
    bare: Callable[[], float],
    *,
    at_most: float,
    plus_ms: float = 0.0,
    rounds: int = ROUNDS,
    note: Callable[[], str] = lambda: "",
) -> Row:
    """Measure both by turns, after one round that does not count. `ours` and `bare` give milliseconds themselves."""
    ours(), bare()
    pairs = [(ours(), bare()) for _ in range(rounds)]
    ratio = statistics.median(own / other for own, other in pairs)
    own_ms, bare_ms = (statistics.median(column) for column in zip(*pairs, strict=True))
    reach = f"{at_most:g} x" + (f" + {plus_ms:g} ms" if plus_ms else "")
    within = own_ms <= at_most * bare_ms + plus_ms if plus_ms else ratio <= at_most
    return Row(what, yardstick, own_ms, bare_ms, ratio, reach, within, note())


def shown(rows: list[Row]) -> str:
    """The table as text."""
    head = ("what", "ours ms", "yardstick ms", "ratio", "reach", "", "yardstick")
    cells = [
        (r.what, f"{r.ours_ms:.2f}", f"{r.yardstick_ms:.2f}", f"{r.ratio:.3g}", r.reach, "yes" if r.within else "NO",
         r.yardstick + (f" ({r.note})" if r.note else ""))
        for r in rows
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in (head, *cells)) for column in range(len(head))]
    lines = ("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in (head, *cells))
    return "\n".join(line.rstrip() for line in lines)
