"""The list of records as Qt's views want it, read a page at a time by key, never all at once.

Pages arrive newest first. Only the nearest pages are kept in memory; a page scrolled away from is read again by the key
it began at, so a million records cost no more than a few thousand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from ui.models.first_pages import Read, read
from ui.tasks import Task
from ui.words import FORM_WORDS, authority_names, long_date

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from desktop_app.storage.projection import Filters, Page, Row
    from ui.context import AppContext

PAGE = 100
FIRST = 50  # more than any screen shows at once; the next page comes as soon as somebody scrolls
KEPT_PAGES = 30
COLUMNS = ("What", "Where", "When", "Standing")
RowRole = int(Qt.ItemDataRole.UserRole)
SecondLineRole = RowRole + 1
# As numbers: a view asks hundreds of times in one painting, mostly for colours and fonts there are none of.
_DISPLAY, _SPOKEN = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)
_ANSWERED = frozenset((RowRole, SecondLineRole, _DISPLAY, _SPOKEN))
Index = QModelIndex | QPersistentModelIndex


class RecordTable(QAbstractTableModel):
    """Rows of `storage.projection.Row`; `RowRole` gives the row itself (None while its page is being read again),
    `SecondLineRole` the muted words under its title."""

    loaded = Signal()  # the first page of what was asked for is there
    counted = Signal(int)

    def __init__(self, app: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._filters: Filters | None = None
        self._starts: list[str | None] = []  # the key each page begins after
        self._sizes: list[int] = []
        self._firsts: list[int] = []  # the number of the first row of each page
        self._total = 0
        self._cells: dict[str, tuple[str, ...]] = {}  # the words of rows shown, by record
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._next: str | None = None
        self._more = False
        self._task: Task | None = None
        self._count_task: Task | None = None
        self._missing: set[int] = set()
        self._generation = 0
        self.mixed = False  # the list holds several kinds of record: the second line names the kind

    # asking ------------------------------------------------------------------------------------------------------

    def load(self, filters: Filters) -> None:
        """Show what passes `filters`, from the newest. What was asked for before and has not come is dropped."""
        self._filters = filters
        self._generation += 1
        generation = self._generation
        for task in (self._task, self._count_task):
            if task is not None:
                task.cancel()
        wanted = max(FIRST, min(self._total, 3 * PAGE))
        there = self._app.first_pages.take(filters, wanted)
        if there is not None:
            self._begin(there)
            # Painted first; then asked all the same, so that nothing depends on its being right.
            QTimer.singleShot(0, self, lambda: self._ask(generation, wanted, there))
        else:
            self._ask(generation, wanted, None)

    def _ask(self, generation: int, wanted: int, shown: Page | None) -> None:
        """Read the first rows, and count all. `shown`: the rows that are shown already, which may well be the same."""
        filters = self._filters
        if generation != self._generation or filters is None:
            return

        def show(found: Read) -> None:
            self._app.first_pages.put(filters, found)
            if generation == self._generation and shown != found.page:
                self._begin(found.page)

        self._task = self._app.runner.db(lambda profile: read(profile, filters, wanted), show)

        def count(profile: Profile) -> Generator[None, None, int]:
            from desktop_app.storage import counting

            return counting.count_steps(profile.store, filters)

        self._count_task = self._app.runner.db(count, self.counted.emit, priority="bulk")

    def reload(self) -> None:
        """Read again what is shown; the view keeps its selection by record."""
        if self._filters is not None:
            self.load(self._filters)

    def _begin(self, page: Page) -> None:
        rows = page.rows
        same = self._sizes and sum(self._sizes) == len(rows) and all(p in self._pages for p in range(len(self._sizes)))
        same = same and [r.id for r in rows] == [r.id for p in range(len(self._sizes)) for r in self._pages[p]]
        self._next, self._more = page.next, page.next is not None
        if same:
            self._split(rows, keep_keys=True)
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
        else:
            self.beginResetModel()
            self._split(rows, keep_keys=False)
            self.endResetModel()
        self.loaded.emit()

    def _split(self, rows: list[Row], *, keep_keys: bool) -> None:
        # The first read may hold several pages; only the first of them has a key to be read again by, so the rest are
        # one block with it.
        self._cells.clear()
        if keep_keys and len(self._sizes) == 1:
            self._pages[0] = rows
            return
        self._pages = OrderedDict({0: rows}) if rows else OrderedDict()
        self._starts = [None] if rows else []
        self._sizes = [len(rows)] if rows else []
        self._firsts = [0] if rows else []
        self._total = len(rows)
        self._missing.clear()

    def canFetchMore(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008 - Qt's own default
        return not parent.isValid() and self._more

    def fetchMore(self, parent: Index = QModelIndex()) -> None:  # noqa: B008 - Qt's own default
        if parent.isValid() or not self._more or self._filters is None:
            return
        self._more = False  # until the answer is here
        filters, after, generation = self._filters, self._next, self._generation

        def show(found: Read) -> None:
            page = found.page
            if generation != self._generation:
                return
            if page.rows:
                first = self._total
                self.beginInsertRows(QModelIndex(), first, first + len(page.rows) - 1)
                self._starts.append(after)
                self._sizes.append(len(page.rows))
                self._firsts.append(first)
                self._total += len(page.rows)
                self._keep(len(self._sizes) - 1, page.rows)
                self.endInsertRows()
            self._next, self._more = page.next, page.next is not None

        self._app.runner.db(lambda profile: read(profile, filters, PAGE, after), show)

    def _keep(self, number: int, rows: list[Row]) -> None:
        self._cells.clear()
        self._pages[number] = rows
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)

    def _read_again(self, number: int) -> None:
        if number in self._missing or self._filters is None:
            return
        self._missing.add(number)
        filters, generation = self._filters, self._generation
        size, start = self._sizes[number], self._starts[number]

        def show(found: Read) -> None:
            self._missing.discard(number)
            if generation != self._generation:
                return
            self._keep(number, found.page.rows[:size])
            first = self._firsts[number]
            self.dataChanged.emit(self.index(first, 0), self.index(first + size - 1, len(COLUMNS) - 1))

        self._app.runner.db(lambda profile: read(profile, filters, size, start), show)

    # what Qt asks ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    def row(self, number: int) -> Row | None:
        """The row at this place, None while its page is being read again."""
        if not 0 <= number < self._total:
            return None
        page = bisect_right(self._firsts, number) - 1
        rows = self._pages.get(page)
        if rows is None:
            self._read_again(page)
            return None
        place = number - self._firsts[page]
        return rows[place] if place < len(rows) else None

    def place_of(self, record_id: str) -> int:
        """Where a record stands among the rows in memory, or -1."""
        for page, rows in self._pages.items():
            for place, row in enumerate(rows):
                if row.id == record_id:
                    return self._firsts[page] + place
        return -1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ANSWERED or not index.isValid():
            return None
        row = self.row(index.row())
        if role == RowRole:
            return row
        if row is None:
            return "…" if role == _DISPLAY else None
        if role == _DISPLAY:
            cells = self._cells.get(row.id)
            if cells is None:
                cells = (row.title, authority_names(row.authorities), when_words(row), self._standing(row))
                self._cells[row.id] = cells
            return cells[index.column()]
        if role == SecondLineRole:
            return self.second_line(row)
        if role == _SPOKEN:
            return ", ".join(part for part in (row.title, self.second_line(row), self._standing(row)) if part)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def second_line(self, row: Row) -> str:
        """The muted words under the title."""
        kind = FORM_WORDS.get(row.form, row.form) if self.mixed else ""
        branch = row.branch if self._app.is_office else ""
        return " · ".join(part for part in (kind, branch, authority_names(row.authorities), when_words(row)) if part)

    def _standing(self, row: Row) -> str:
        return row.standing_words or row.standing


def when_words(row: Row) -> str:
    """When it happened: as published where that was given, else the date in words."""
    return long_date(row.when) if row.when else ""
