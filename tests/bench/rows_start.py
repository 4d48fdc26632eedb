"""From starting the program to the unlock page taking keys, against a bare window in the same interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ground import new_profile
from measure import Row, paired

ROOT = Path(__file__).resolve().parents[2]

# Both children say the moment at which a key would arrive: the window is shown and a field in it has the focus.
BARE = """
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
app = QApplication([])
window = QMainWindow()
field = QLineEdit()
window.setCentralWidget(field)
window.show()
field.setFocus()
"""
# Ours is the very start of the program, the look for another open window included.
OURS = """
from desktop_app.platform.memory import no_core_dumps
no_core_dumps()
from ui.__main__ import show_window
window = show_window({profile!r})
from PySide6.QtWidgets import QApplication
app = QApplication.instance()
"""
UNTIL_KEYS = """
import sys, time
from PySide6.QtWidgets import QLineEdit
for _ in range(5000):
    app.processEvents()
    if isinstance(app.focusWidget(), QLineEdit) and window.isVisible():
        break
    time.sleep(0.001)
else:
    sys.exit("no field took the focus")
print(time.monotonic_ns(), flush=True)
import os
os._exit(0)
"""


def _child(code: str, byte_code: Path) -> float:
    """Milliseconds from starting the interpreter to the moment the child says.

    An installed program is byte-compiled: whatever this run's own environment says, both children keep their byte-code
    in a folder of this measurement, filled by the round that does not count.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(byte_code)
    environment.setdefault("QT_QPA_PLATFORM", "xcb" if environment.get("DISPLAY") else "offscreen")
    started = time.monotonic_ns()
    command = [sys.executable, "-c", code + UNTIL_KEYS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return (int(done.stdout.split()[-1]) - started) / 1e6


def start_row(folder: Path) -> Row:
    made = new_profile(folder / "start", cheap=False)
    made.close()
    ours = OURS.format(profile=str(made.paths.folder))
    return paired(
        "start to the unlock page taking keys",
        lambda: _child(ours, folder / "byte-code"),
        "bare QApplication and QMainWindow",
        lambda: _child(BARE, folder / "byte-code"),
        at_most=1.4,
        rounds=7,
    )
