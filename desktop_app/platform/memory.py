"""What is in memory stays there: a program that dies leaves no picture of its memory, with open records in it, on the disk."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_NO_HEAP = 1  # WER_FAULT_REPORTING_FLAG_NOHEAP: Windows' own crash report leaves the heap out


def no_core_dumps() -> None:
    """Called first in every start, by the window and by the command line. A system that cannot is left as it is."""
    if sys.platform == "win32":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.windll.wer.WerSetFlags(_NO_HEAP)
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Where dumps go to another program the limit does not count: then at least nothing is in them.
        with suppress(OSError):
            filter_of_us = os.open("/proc/self/coredump_filter", os.O_WRONLY)
            try:
                os.write(filter_of_us, b"0\n")
            finally:
                os.close(filter_of_us)
