"""The window's end of a spawned process; what runs at the other end stands in `ui/child.py`.

What it is to do goes through the pipe once it runs, written by the thread that listens to it: given at its start, the
records of a large report kept the window standing still until a new Python had begun to read.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from desktop_app.errors import Cancelled
from ui.child import cannot_be_sent, child_main


class Spawned:
    """One spawned process and the pipe it speaks through."""

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], with_progress: bool) -> None:
        # Not before the window shows: it costs a tenth of the start, and the first child comes much later.
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=child_main, args=(theirs,), daemon=True)
        self._work: tuple[Any, ...] | None = (fn, args, with_progress)
        self._ended = False
        self._process.start()
        theirs.close()

    def messages(self) -> Generator[tuple[str, Any], None, None]:
        """What the child says, ending with exactly one ("done", value) or ("failed", exception). Call it once."""
        try:
            self._hand_over()
            while True:
                kind, value = self._ours.recv()
                yield kind, value
                if kind != "progress":
                    break
        except (EOFError, OSError):
            yield "failed", Cancelled() if self._ended else RuntimeError("a helper process ended without an answer")
        except cannot_be_sent() as problem:  # ours: it was asked to do what cannot be sent
            self.end()
            yield "failed", problem
        finally:
            self._ours.close()
            self._process.join(timeout=5)

    def _hand_over(self) -> None:
        work, self._work = self._work, None
        self._ours.send(work)

    def end(self) -> None:
        self._ended = True
        if self._process.is_alive():
            self._process.terminate()
