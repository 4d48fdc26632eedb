"""A process that works, tells what it did, and is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

Tell = Callable[[str], None]
READY = "ready"


def told_until_killed(work: Callable[[Tell], None], after: float) -> list[str]:
    """Fork; the child runs `work`, which tells `READY` first and must never end; it is killed ``after`` seconds later.

    What it told since, a line each: it had told it before it died, so it has to be true.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            work(lambda told: os.write(writing, f"{told}\n".encode()) and None)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.readline() == f"{READY}\n".encode()
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        lines = pipe.read().decode().splitlines()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child must not have ended by itself"
    return lines
