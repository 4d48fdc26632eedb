"""Work on a thread beside the one that owns the records, which stays free for drafts and reads meanwhile.

Only for what the engine and the disk do by themselves (copying pages, reading a copy back): Python waits there, it does
not compute. The work is told at every step whether it is still wanted, so that locking ends it at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import TypeVar

from desktop_app.errors import Cancelled
from desktop_app.wanted import watched

T = TypeVar("T")
GoOn = Callable[[], None]
_LOOK_SECONDS = 0.015  # how long the caller's thread may wait between two looks: half of the 30 ms a step may take


def run_beside(work: Callable[[GoOn], T]) -> Generator[None, None, T]:
    """Run ``work`` on a thread and yield until it is done; answer what it answers, raise what it raises.

    ``work`` is given a function to call often: it raises `Cancelled` once the generator was closed. Closing it waits for
    the thread, so nothing of it goes on afterwards.
    """
    unwanted, done = threading.Event(), threading.Event()
    answers: list[T] = []
    problems: list[BaseException] = []

    def go_on() -> None:
        if unwanted.is_set():
            raise Cancelled

    def run() -> None:
        try:
            with watched(unwanted.is_set):
                answers.append(work(go_on))
        except Exception as problem:  # noqa: BLE001 - handed to whoever asked, as it came
            problems.append(problem)
        finally:
            done.set()

    thread = threading.Thread(target=run, name="beside the records", daemon=True)
    thread.start()
    try:
        while not done.wait(_LOOK_SECONDS):
            yield
    finally:
        unwanted.set()
        thread.join()
    if problems:
        raise problems[0]
    return answers[0]
