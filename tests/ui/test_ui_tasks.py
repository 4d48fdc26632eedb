"""The worker's queue: what goes first, how errors come back, that nobody is called who is gone, and processes."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.errors import StoreError, WorldError
from desktop_app.wanted import still_wanted
from ui.runner import TaskRunner


class Records:
    """Stands where opened records stand; only `close` and `changes` are asked of it."""

    changes = 0

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def runner(qapp: object) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.shut_down()


def opened(runner: TaskRunner, qtbot: Any) -> Records:
    found: list[Records] = []

    def opener() -> tuple[Any, Records]:
        records = Records()
        return records, records

    runner.open(opener, found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def idle(runner: TaskRunner, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not runner.busy, timeout=20_000)


def test_answers_come_back_on_the_windows_thread(runner: TaskRunner, qtbot: Any) -> None:
    records = opened(runner, qtbot)
    seen: list[tuple[int, int]] = []
    runner.db(lambda _p: threading.get_ident(), lambda worker: seen.append((worker, threading.get_ident())))
    idle(runner, qtbot)
    assert seen == [(records.thread, threading.get_ident())]
    assert records.thread != threading.get_ident()


def test_a_draft_overtakes_reads_and_bulk(runner: TaskRunner, qtbot: Any) -> None:
    opened(runner, qtbot)
    gate, order = threading.Event(), []
    runner.db(lambda _p: gate.wait(10))
    for name in ("bulk", "read", "draft"):
        runner.db(lambda _p, name=name: order.append(name), priority=name)  # type: ignore[arg-type]
    gate.set()
    idle(runner, qtbot)
    assert order == ["draft", "read", "bulk"]


def test_a_long_task_lets_a_draft_in_between_its_steps(runner: TaskRunner, qtbot: Any) -> None:
    opened(runner, qtbot)
    order: list[str] = []
    started, go_on = threading.Event(), threading.Event()

    def long(_profile: Any) -> Iterator[int]:
        order.append("step 1")
        started.set()
        go_on.wait(10)
        yield 1
        order.append("step 2")
        yield 2
        return "end"

    said: list[Any] = []
    runner.db(long, said.append, priority="bulk", progress=said.append)
    started.wait(10)
    runner.db(lambda _p: order.append("draft"), priority="draft")
    go_on.set()
    idle(runner, qtbot)
    assert order == ["step 1", "draft", "step 2"]
    assert said == [1, 2, "end"]


def test_errors_go_to_whoever_asked_or_to_the_window(runner: TaskRunner, qtbot: Any) -> None:
    opened(runner, qtbot)
    mine: list[Exception] = []
    windows: list[Exception] = []
    runner.unhandled = windows.append

    def fail(_profile: Any) -> None:
        raise WorldError("The disk is full.", safe="Nothing was lost.", do="Make room.")

    runner.db(fail, None, mine.append)
    runner.db(fail)
    idle(runner, qtbot)
    assert [str(each) for each in mine] == ["The disk is full. Nothing was lost. Make room."]
    assert len(windows) == 1


def test_locked_records_say_so(runner: TaskRunner, qtbot: Any) -> None:
    said: list[Exception] = []
    runner.db(lambda _p: None, None, said.append)
    idle(runner, qtbot)
    assert isinstance(said[0], StoreError)


def test_cancelled_and_deleted_askers_hear_nothing(runner: TaskRunner, qtbot: Any) -> None:
    opened(runner, qtbot)
    heard: list[str] = []

    class Asker(QObject):
        def done(self, _value: object) -> None:
            heard.append("deleted")

    asker = Asker()
    gate = threading.Event()
    runner.db(lambda _p: gate.wait(10))
    task = runner.db(lambda _p: 1, lambda _v: heard.append("cancelled"))
    runner.db(lambda _p: 1, asker.done)
    task.cancel()
    import shiboken6

    shiboken6.delete(asker)
    gate.set()
    idle(runner, qtbot)
    assert heard == []


def test_the_helper_of_a_page_that_is_gone_hears_nothing(runner: TaskRunner, qtbot: Any) -> None:
    """As when a record is left while its words are still being looked through."""
    import shiboken6

    opened(runner, qtbot)
    heard: list[str] = []

    class Helper:
        def __init__(self, page: QWidget) -> None:
            self._page = page

        def hear(self, words: str) -> None:
            heard.append(words)

    gone, there = QWidget(), QWidget()
    qtbot.addWidget(there)
    gate = threading.Event()
    runner.db(lambda _p: gate.wait(10))
    runner.db(lambda _p: "of the page that is gone", Helper(gone).hear)
    runner.db(lambda _p: "of the page that is there", Helper(there).hear)
    shiboken6.delete(gone)
    gate.set()
    idle(runner, qtbot)
    assert heard == ["of the page that is there"]


def test_closing_waits_for_drafts_asked_for_before(runner: TaskRunner, qtbot: Any) -> None:
    records = opened(runner, qtbot)
    order: list[str] = []
    gate = threading.Event()
    runner.db(lambda _p: gate.wait(10))
    runner.db(lambda _p: order.append(f"draft, closed={records.closed}"), priority="draft")
    runner.close(lambda _n: order.append("closed"))
    gate.set()
    idle(runner, qtbot)
    assert order == ["draft, closed=False", "closed"]
    assert records.closed


def test_a_process_gives_its_answer_and_its_errors(runner: TaskRunner, qtbot: Any) -> None:
    said: list[Any] = []
    runner.process(divmod, (7, 2), said.append)
    idle(runner, qtbot)
    runner.process(divmod, (7, 0), None, said.append)
    idle(runner, qtbot)
    assert said[0] == (3, 1)
    assert isinstance(said[1], ZeroDivisionError)


def test_a_world_error_crosses_from_a_process_with_its_sentences(runner: TaskRunner, qtbot: Any) -> None:
    from desktop_app.records.authorities import by_code

    said: list[Any] = []
    runner.process(by_code, ("nowhere",), None, said.append)
    idle(runner, qtbot)
    assert "nowhere" in said[0].what
    assert said[0].do


class Noted:
    """Large, and remembers on which thread it was written for another process."""

    def __init__(self, seen: list[int]) -> None:
        self.seen = seen

    def __reduce__(self) -> tuple[Any, ...]:
        self.seen.append(threading.get_ident())
        return bytes, (4_000_000,)


def test_what_a_process_is_given_is_not_written_on_the_windows_thread(runner: TaskRunner, qtbot: Any) -> None:
    seen: list[int] = []
    said: list[Any] = []
    runner.process(len, (Noted(seen),), said.append)
    idle(runner, qtbot)
    assert said == [4_000_000]
    assert seen and threading.get_ident() not in seen


def test_what_cannot_be_sent_to_a_process_is_said_and_ends_it(runner: TaskRunner, qtbot: Any) -> None:
    said: list[Any] = []
    task = runner.process(len, (lambda: None,), None, said.append)
    idle(runner, qtbot)
    assert isinstance(said[0], (AttributeError, TypeError, pickle.PicklingError))
    assert task.finished


def test_ending_a_process_is_silent(runner: TaskRunner, qtbot: Any) -> None:
    import time

    said: list[Any] = []
    runner.unhandled = said.append
    task = runner.process(time.sleep, (60,), said.append)
    task.cancel()
    idle(runner, qtbot)
    assert said == []


def test_an_answer_for_a_widget_still_there_arrives(runner: TaskRunner, qtbot: Any) -> None:
    opened(runner, qtbot)
    label = QLabel()
    qtbot.addWidget(label)
    runner.db(lambda _p: "here", label.setText)
    idle(runner, qtbot)
    assert label.text() == "here"


def test_it_says_whether_anything_was_written_and_whether_anything_is_asked_for(
    runner: TaskRunner, qtbot: Any
) -> None:
    assert runner.changes is None
    records = opened(runner, qtbot)
    assert (runner.changes, runner.settled) == (0, True)

    def write(profile: Any) -> None:
        profile.changes += 1

    runner.db(write)
    assert not runner.settled
    idle(runner, qtbot)
    assert (runner.changes, runner.settled) == (1, True)
    hold = threading.Event()

    def slowly(profile: Any) -> Any:
        profile.changes += 1
        yield
        hold.wait(20)

    runner.db(slowly, priority="bulk")
    assert runner.settled, "work in the background keeps no list waiting"
    qtbot.waitUntil(lambda: runner.changes == 2)
    hold.set()
    runner.close()
    idle(runner, qtbot)
    assert runner.changes is None and records.closed


def _endless(started: threading.Event, over: threading.Event) -> Any:
    """Work without an end of its own, which asks whether it is still wanted; `over` ends it."""

    def work(_profile: Any) -> str:
        started.set()
        while not over.wait(0.005):
            still_wanted()
        return "at its end"

    return work


@pytest.mark.parametrize("priority", ["bulk", "read"])
def test_leaving_ends_what_is_under_way_for_a_page(runner: TaskRunner, qtbot: Any, priority: Any) -> None:
    """Bulk at once; what is quick as a rule has a moment, and then it ends as well."""
    opened(runner, qtbot)
    started, over, said = threading.Event(), threading.Event(), []
    task = runner.db(_endless(started, over), said.append, priority=priority)
    task.stopped = lambda: said.append("stopped")
    waiting = runner.db(lambda _p: said.append("begun"), priority="bulk")
    waiting.stopped = lambda: said.append("not begun")
    qtbot.waitUntil(started.is_set)
    runner.leave()
    assert task.cut.is_set() is (priority == "bulk")
    runner.close()
    qtbot.waitUntil(lambda: not runner.is_open, timeout=20_000)
    idle(runner, qtbot)
    assert sorted(said) == ["not begun", "stopped"]


def test_a_draft_is_written_to_its_end_while_leaving(runner: TaskRunner, qtbot: Any) -> None:
    opened(runner, qtbot)
    started, over, said = threading.Event(), threading.Event(), []
    draft = runner.db(_endless(started, over), said.append, priority="draft")
    qtbot.waitUntil(started.is_set)
    runner.leave()
    runner._end_the_rest()
    assert not draft.cut.is_set()
    over.set()
    idle(runner, qtbot)
    assert said == ["at its end"]


def test_what_came_to_its_end_all_the_same_is_told_as_that(runner: TaskRunner, qtbot: Any) -> None:
    opened(runner, qtbot)
    started, over, said = threading.Event(), threading.Event(), []

    def deaf(_profile: Any) -> str:
        started.set()
        over.wait(10)
        return "done"

    task = runner.db(deaf, lambda _value: said.append("page"), priority="bulk")
    task.stopped, task.too_late = lambda: said.append("stopped"), said.append
    qtbot.waitUntil(started.is_set)
    runner.leave()
    over.set()
    idle(runner, qtbot)
    assert said == ["done"]


def test_another_program_is_waited_for_beside_the_records(runner: TaskRunner, qtbot: Any) -> None:
    opened(runner, qtbot)
    over, said = threading.Event(), []
    runner.aside(lambda: over.wait(10), said.append)
    runner.aside(lambda: 1 // 0, None, lambda problem: said.append(type(problem).__name__))
    runner.db(lambda _p: "read", said.append)
    runner.close()
    qtbot.waitUntil(lambda: not runner.is_open)
    over.set()
    idle(runner, qtbot)
    assert sorted(map(str, said)) == ["True", "ZeroDivisionError", "read"]
