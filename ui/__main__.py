"""The front door. A command goes to the command line before anything of Qt is imported; no command opens the window."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def main(argv: Sequence[str] | None = None) -> int:
    """Run `argv` (without the program's name). Options of the window alone: `--profile DIR`, `--light`, `--dark`."""
    from desktop_app.platform.memory import no_core_dumps

    no_core_dumps()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["--pictures"]:
        # How the built program, which has no `-m`, takes pictures of its own pages for the demonstration.
        from ui.pictures import main as pictures

        return pictures(arguments[1:])
    options = _window_options(arguments)
    if options is None:
        from desktop_app.cli import main as command

        return int(command(arguments) or 0)
    window = show_window(**options)
    from ui.app import stay

    return stay(window)


def show_window(profile: str = "", look: str = "", file: str = "") -> MainWindow | None:
    """The window on the screen; None when these records' window is open already, which then comes to the front.

    Nothing made while starting is thrown away again, so nothing is searched for that could be: a twentieth of the start.
    """
    gc.disable()
    from ui.app import start

    return start(profile, look, file)


def _window_options(arguments: list[str]) -> dict[str, str] | None:
    """The window's options when `arguments` hold nothing else; None when a command, or anything unknown, is among them."""
    found: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--profile" and rest:
            found["profile"] = rest.pop(0)
        elif word.startswith("--profile="):
            found["profile"] = word.partition("=")[2]
        elif word in ("--light", "--dark"):
            found["look"] = word[2:]
        elif _is_ours(word):
            found["file"] = word
        else:
            return None
    return found


def _is_ours(word: str) -> bool:
    """A file of ours given by the system on a double click."""
    return word.endswith((".branchpack", ".officepack", ".officecard"))


if __name__ == "__main__":
    import multiprocessing

    multiprocessing.freeze_support()
    sys.exit(main())
