"""The window's end of a spawned process; what runs at the other end stands in `ui/child.py`."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from desktop_app.errors import Cancelled
from ui.child import child_main


class Spawned:
    """One spawned process and the pipe it speaks through."""

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], with_progress: bool) -> None:
        # Not before the window shows: it costs a tenth of the start, and the first child comes much later.
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=child_main, args=(theirs, fn, args, with_progress), daemon=True)
        self._ended = False
        self._process.start()
        theirs.close()

    def messages(self) -> Generator[tuple[str, Any], None, None]:
        """What the child says, ending with exactly one ("done", value) or ("failed", exception)."""
        try:
            while True:
                kind, value = self._ours.recv()
                yield kind, value
                if kind != "progress":
                    break
        except (EOFError, OSError):
            yield "failed", Cancelled() if self._ended else RuntimeError("a helper process ended without an answer")
        finally:
            self._ours.close()
            self._process.join(timeout=5)

    def end(self) -> None:
        self._ended = True
        if self._process.is_alive():
            self._process.terminate()
