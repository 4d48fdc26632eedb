"""`dev.py bench`: the performance table, each figure beside its yardstick, measured in the same run.

--full        also a million records, and attachments of a gigabyte instead of 200 MB (many minutes more)
--only WORD   only rows whose group is called so: start, store, engine, packs, pdf, search, window, large, bundle
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from measure import Row, shown  # noqa: E402 - the folder of this file is put on the path first


def groups(folder: Path, full: bool) -> Iterator[tuple[str, Callable[[], list[Row]]]]:
    """The parts of the table. A group's modules are imported when it is its turn: start-up is measured in children."""

    def start() -> list[Row]:
        from rows_start import start_row

        return [start_row(folder)]

    def store() -> list[Row]:
        from rows_store import saving_rows, unlock_row

        return [unlock_row(folder), *saving_rows(folder)]

    def search() -> list[Row]:
        from rows_store import search_rows

        return [row for count in ((100_000, 1_000_000) if full else (100_000,)) for row in search_rows(folder, count)]

    def window() -> list[Row]:
        from rows_form import section_row
        from rows_window import list_rows

        return [section_row(), *list_rows(folder, 1_000_000 if full else 100_000)]

    def large() -> list[Row]:
        from rows_large import counting_rows, reading_rows

        counted = counting_rows(folder, 1_000_000 if full else 100_000)
        return [*counted, *reading_rows(folder, 1024 if full else 200)]

    def engine() -> list[Row]:
        from rows_engine import javarosa_row, keystroke_row

        java = javarosa_row()
        return [keystroke_row(), *([java] if java else [])]

    def packs() -> list[Row]:
        from rows_packs import take_in_rows, write_row

        return [*take_in_rows(folder / "in", 10_000), write_row(folder / "outgoing", 200)]

    def pdf() -> list[Row]:
        from rows_pdf import growth_row, pdf_row

        return [pdf_row(folder), growth_row(10_000 if full else 2_000), growth_row(2_000, "shareable")]

    yield from (
        ("start", start), ("store", store), ("engine", engine), ("packs", packs), ("pdf", pdf), ("search", search),
        ("window", window), ("large", large),
    )  # fmt: skip
    yield "bundle", bundle


def bundle() -> list[Row]:
    """The size of what `dev.py bundle` left in dist/, if it is there."""
    folder = ROOT / "dist" / "branch-evidence"
    if not folder.exists():
        return []
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink()) / 2**20
    return [Row("bundle, MB on disk", "default onedir", size, 229, size / 229, "165 MB", size <= 165)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", action="append")
    given = parser.parse_args()
    machine = f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores"
    print(f"{machine}; ratios are medians of pairs in this run")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bench ") as place:
        for name, measure in groups(Path(place), given.full):
            if given.only and name not in given.only:
                continue
            print(f"  measuring: {name}", file=sys.stderr, flush=True)
            (Path(place) / "in").mkdir(exist_ok=True)
            (Path(place) / "outgoing").mkdir(exist_ok=True)
            rows += measure()
    print(shown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
