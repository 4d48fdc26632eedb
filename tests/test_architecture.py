"""The house stands as it was drawn: floors, rooms that own a library, no network, no window in the core."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted([*(ROOT / "desktop_app").rglob("*.py"), *(ROOT / "ui").rglob("*.py")])

# Library -> the only modules that may import it (CONTRIBUTING.md, "The house").
OWNERS = {
    "PySide6": ["ui/*"],
    "shiboken6": ["ui/*"],
    "sqlite_utils": ["desktop_app/storage/*"],
    "sqlcipher3": ["desktop_app/storage/*"],
    "sqlite3": [],
    "nacl": [
        "desktop_app/exchange/*",
        "desktop_app/storage/keys.py",
        "desktop_app/storage/sealing.py",
        "desktop_app/records/signing.py",
        "desktop_app/records/erasure.py",
        # The form function extract-signed().
        "desktop_app/forms/xpath/signed.py",
        "desktop_app/files.py",
    ],
    "pyrage": ["desktop_app/exchange/*", "desktop_app/storage/office_slots.py"],
    "reportlab": ["desktop_app/reports/*"],
    "pikepdf": ["desktop_app/reports/*"],
    "pypdfium2": ["desktop_app/reports/*", "ui/*"],
    "pyxform": ["desktop_app/forms/*"],
    "lxml": ["desktop_app/forms/*"],
    "hunspell": ["desktop_app/platform/spelling.py"],
    # Only to see whether an exception can cross the pipe from our own process; nothing is read from a file.
    "pickle": ["ui/child.py"],
    "marshal": [],
    "shelve": [],
}
NETWORK = {
    "asyncore", "ftplib", "http", "httpx", "imaplib", "nntplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3", "wsgiref", "xmlrpc",
    "PySide6.QtNetwork", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets", "PySide6.QtWebSockets",
}  # fmt: skip
# Writing calls that belong to files.py; `open` for reading is everybody's.
WRITING_METHODS = {"write_text", "write_bytes", "unlink", "rmdir", "rename", "touch"}


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module a file imports, wherever the statement stands, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def within(module: str, parent: str) -> bool:
    return module == parent or module.startswith(parent + ".")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed() -> Iterator[tuple[str, ast.Module]]:
    for path in CODE:
        yield name(path), ast.parse(path.read_text("utf-8"))


def test_floors_and_core_without_qt():
    """The layer contracts of pyproject.toml hold."""
    code = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = subprocess.run([sys.executable, "-c", code, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_library_has_its_room():
    wrong = [
        f"{where}:{line} imports {module}"
        for where, tree in parsed()
        for line, module in imported(tree)
        for library, rooms in OWNERS.items()
        if within(module, library) and not any(fnmatch(where, room) for room in rooms)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_imports_the_network():
    wrong = [
        f"{where}:{line} imports {module}"
        for where, tree in parsed()
        for line, module in imported(tree)
        if any(within(module, forbidden) for forbidden in NETWORK)
    ]
    assert not wrong, "\n".join(wrong)


def test_only_files_py_writes_files():
    """One module knows how a file is written so that it is whole or absent."""
    wrong = []
    for where, tree in parsed():
        if where == "desktop_app/files.py":
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in WRITING_METHODS:
                wrong.append(f"{where}:{node.lineno} .{called.attr}()")
            named_open = isinstance(called, ast.Name) and called.id == "open"
            method_open = isinstance(called, ast.Attribute) and called.attr == "open"
            modes = [a for a in [*node.args, *(k.value for k in node.keywords)] if isinstance(a, ast.Constant)]
            for mode in modes if named_open or method_open else []:
                if isinstance(mode.value, str) and re.fullmatch(r"[wax]b?\+?|r\+b?|rb\+", mode.value):
                    wrong.append(f"{where}:{node.lineno} open for writing")
    assert not wrong, "\n".join(wrong)


def test_no_broad_except():
    """A handler names what it expects; anything else is ours and goes to the crash report.

    Cleaning up on the way out (a handler that ends in a bare `raise`) may be broad.
    """
    wrong = [
        f"{where}:{node.lineno}"
        for where, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "BaseException"))
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_room_imports_in_a_circle():
    """Modules of one room import one another in one direction, also inside functions: no circle hides behind a lazy import."""
    for room in ("desktop_app/storage", "desktop_app/services"):
        arrows: dict[str, set[str]] = {}
        for path in (ROOT / room).glob("*.py"):
            inside = f"{path.parent.relative_to(ROOT).as_posix().replace('/', '.')}"
            arrows[path.stem] = set()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.level == 1 or node.module == inside):
                    named = node.module if node.level == 1 and node.module else ""
                    arrows[path.stem] |= {named} if named else {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(inside + "."):
                    arrows[path.stem].add(node.module.removeprefix(inside + "."))
        arrows = {stem: {other for other in others if other in arrows} for stem, others in arrows.items()}
        while free := [stem for stem, others in arrows.items() if not others & arrows.keys()]:
            for stem in free:
                del arrows[stem]
        assert not arrows, f"{room}: {', '.join(sorted(arrows))}"


def test_packaging_folder_is_not_a_package():
    """With an `__init__.py` it would shadow the library `packaging`, which pytest needs."""
    assert not (ROOT / "packaging" / "__init__.py").exists()
    assert not (ROOT / "resources" / "__init__.py").exists()


def test_modules_stay_readable():
    """One idea a module, rarely over 300 lines. The ceiling is for splitting in time, not a target."""
    lengths = {name(p): len(p.read_text("utf-8").splitlines()) for p in CODE}
    assert not {where: n for where, n in lengths.items() if n > 640}
    long = [where for where, n in lengths.items() if n > 400]
    assert len(long) <= len(lengths) / 10, long


def test_every_module_says_what_it_is_for():
    silent = [where for where, tree in parsed() if tree.body and ast.get_docstring(tree) is None]
    assert not silent


def test_tests_have_unique_names_and_no_packages():
    files = [p.name for p in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(files) == sorted(set(files))
    assert not list((ROOT / "tests").rglob("__init__.py"))


def tracked_files() -> list[Path]:
    """What git would carry; without git, or outside a checkout, everything but what is made here."""
    if shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
        if listed.returncode == 0:
            return [p for n in listed.stdout.split("\0") if n and (p := ROOT / n).is_file()]
    made = {".git", ".venv", "build", "dist", "__pycache__", ".hypothesis"}
    found = [p for p in ROOT.rglob("*") if p.is_file() and not made & set(p.relative_to(ROOT).parts)]
    return [p for p in found if not any(part.endswith("_cache") for part in p.parts)]


@pytest.mark.parametrize(
    "pattern",
    [
        rf"(?<![\w.)]){re.escape(str(Path.home()))}/\w" if len(Path.home().parts) > 1 else r"(?!)",
        re.escape(f"{ROOT}/"),
        r"(?m)^[^#\n]*--(extra-)?index-url",
        r"--trusted-host",
        r"(?m)^\S+ @ \w+://",
        r"https?://\S+/simple(/|\b)",
        r"\.\./shared",
    ],
)
def test_no_machine_paths_or_download_addresses(pattern: str):
    """The project works alone, on any machine, with whatever package index that machine is set up for."""
    found = []
    for path in tracked_files():
        if path == Path(__file__) or path.suffix in {".png", ".ttf", ".otf", ".pdf", ".ico", ".icns", ".db"}:
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{name(path)}: {m.group()}" for m in re.finditer(pattern, text)][:3]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_lead_somewhere(page: str):
    targets = re.findall(r"\]\(([^)#\s]+)\)", (ROOT / page).read_text("utf-8"))
    assert not [t for t in targets if "://" not in t and not (ROOT / t).exists()]


def loaded_after(code: str) -> set[str]:
    """The top modules in memory after running `code` in a fresh interpreter."""
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


DEAR = {"reportlab", "pyxform", "lxml", "openpyxl", "pikepdf", "pypdfium2", "sqlite_utils", "docx", "xlsxwriter"}


def test_command_line_starts_light():
    """`--help` and a wrong command answer at once: nothing dear and no Qt is imported for them."""
    loaded = loaded_after("import desktop_app.cli; desktop_app.cli.main(['--help'])")
    assert not (DEAR | {"PySide6"}) & loaded


def test_window_starts_light():
    """Before the unlock page shows, none of the dear libraries is imported (CONTRIBUTING.md, "Speed")."""
    loaded = loaded_after("import ui.__main__, ui.app, ui.main_window")
    assert not DEAR & loaded


def test_each_declared_dependency_is_used():
    """A library nobody imports is weight and risk for nothing."""
    import tomllib

    modules = {
        "pynacl": "nacl", "pyside6-essentials": "PySide6", "sqlite-utils": "sqlite_utils", "pillow": "PIL",
        "chunspell": "hunspell", "python-stdnum": "stdnum", "shamir-mnemonic": "shamir_mnemonic",
        # ReportLab shapes scripts with it (reports/shaping.py); we import only ReportLab.
        "uharfbuzz": "reportlab",
    }  # fmt: skip
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.split(r"[><=\[ ;]", line)[0] for line in declared}
    used = {module.split(".")[0] for _, tree in parsed() for _, module in imported(tree)}
    unused = sorted(n for n in names if modules.get(n, n.replace("-", "_")) not in used)
    assert not unused
