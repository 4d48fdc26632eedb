"""Start-up pays for Qt and nothing else that is dear; a command never meets Qt at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEAR = ("reportlab", "pyxform", "lxml", "openpyxl", "xlsxwriter", "pikepdf", "pypdfium2", "sqlite_utils", "zxcvbn", "docx")


def run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_window_shows_without_the_dear_imports(tmp_path: Path) -> None:
    """Both entrances - first run and unlocking - stand on the screen before any of them is imported."""
    code = f"""
import sys
from pathlib import Path
from desktop_app.paths import ProfilePaths
from ui.app import application, build
app = application()
for folder in sys.argv[1:]:
    window = build(app, ProfilePaths(Path(folder)))
    window.show()
    app.processEvents()
    assert window.isVisible()
    print(type(window.stack.currentWidget()).__name__)
    print([name for name in {DEAR!r} if name in sys.modules])
    window.close()
"""
    (tmp_path / "set up").mkdir()
    (tmp_path / "set up" / "keys.json").write_text("{}")
    said = run(code, str(tmp_path / "new"), str(tmp_path / "set up"))
    assert said.splitlines() == ["SetupPage", "[]", "UnlockPage", "[]"]


def test_the_unlock_page_takes_keys_before_the_enumerations_are_built(tmp_path: Path) -> None:
    """`Qt` is ninety enumerations, a tenth of the start, built when it is first named; the page stands without it."""
    code = """
import gc, sys
from PySide6 import QtCore
from PySide6.QtWidgets import QApplication, QLineEdit
from ui.__main__ import show_window
window = show_window(sys.argv[1])
while not isinstance(QApplication.focusWidget(), QLineEdit):
    QApplication.processEvents()
print(type(window.stack.currentWidget()).__name__, window.isVisible(), [n for n in ("Qt", "QEvent") if n in vars(QtCore)])
while not gc.isenabled():
    QApplication.processEvents()
print("Qt" in vars(QtCore))
"""
    (tmp_path / "keys.json").write_text("{}")
    assert run(code, str(tmp_path)).splitlines() == ["UnlockPage True []", "True"]


def test_the_forms_are_read_while_the_passphrase_is_typed() -> None:
    code = """
from ui.main_window import _import_core
from desktop_app.services.form_library import shipped_form
_import_core()
print(shipped_form.cache_info().currsize)
"""
    assert run(code).strip() == "6"


def test_a_command_goes_to_the_command_line_without_qt() -> None:
    code = """
import sys
from ui.__main__ import main
try:
    main(["forms", "list", "--json"])
except SystemExit as end:
    assert not end.code, end.code
print("\\n", [name for name in sys.modules if name.startswith(("PySide6", "shiboken"))])
"""
    assert run(code).splitlines()[-1].strip() == "[]"


def test_options_of_the_window_are_no_commands() -> None:
    from ui.__main__ import _window_options

    assert _window_options([]) == {}
    assert _window_options(["--profile", "/x y", "--dark"]) == {"profile": "/x y", "look": "dark"}
    assert _window_options(["--profile=/x"]) == {"profile": "/x"}
    assert _window_options(["Leeds-7-2026-11-22.branchpack"]) == {"file": "Leeds-7-2026-11-22.branchpack"}
    assert _window_options(["--profile", "/x", "record", "list"]) is None
    assert _window_options(["--help"]) is None
    assert _window_options(["record", "list"]) is None
