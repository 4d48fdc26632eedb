#!/usr/bin/env python3
"""One command for every job, on a machine that has nothing but Python 3.11 or newer.

    python3 packaging/dev.py demo [DIR]      the whole story on real and made-up records, ending with what to try
    python3 packaging/dev.py test [ARGS]     what continuous integration runs (ARGS go to pytest)
    python3 packaging/dev.py forms           compile resources/forms/*.md to XForms
    python3 packaging/dev.py bundle          build the program, then run the built program's demo, pages and reports
    python3 packaging/dev.py bench [ARGS]    the performance table, each figure beside its yardstick
    python3 packaging/dev.py torture [ARGS]  the long runs of the random and damaged-input tests

It makes `.venv/`, installs the pinned requirements there and, as root on Debian or Ubuntu, the system libraries that
are missing. Without root it prints the one line to run and exits 3 before anything is made. A second run needs no
network.
Only the standard library is used here, and syntax that an older Python can read far enough to be told it is too old.
"""

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
MUST_BE_INSTALLED_FIRST = 3

# What Qt's xcb and offscreen platforms load at run time: library -> Debian package.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
DISPLAY_PROGRAMS = {"Xvfb": "xvfb"}
# The independent programs the tests hold the application against: packs by hand, PDFs read back, JavaRosa.
TEST_PROGRAMS = {
    "age": "age",
    "minisign": "minisign",
    "unzip": "unzip",
    "pdftotext": "poppler-utils",
    "java": "default-jre-headless",
    "gcc": "gcc",
    # The window as a screen reader hears it, on a display of its own (tests/stories/test_atspi_story.py).
    "dbus-run-session": "dbus-daemon",
    "openbox": "openbox",
}
ACCESSIBILITY = {
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "/usr/lib/python3/dist-packages/gi": "python3-gi",
    "girepository-1.0/Atspi-2.0.typelib": "gir1.2-atspi-2.0",
}
# What veraPDF (the jar of a Python package) needs beside a Java runtime; libjaxb-java brings the rest.
TEST_JARS = {"jaxb-runtime": "libjaxb-java", "javax.activation": "libactivation-java"}
BUNDLE_PROGRAMS = {"objdump": "binutils"}

# job -> (requirements file, whether Qt runs, other programs it needs)
JOBS = {
    "demo": ("run", True, {}),
    "forms": ("run", False, {}),
    "test": ("test", True, TEST_PROGRAMS),
    "bench": ("test", True, TEST_PROGRAMS),
    "torture": ("test", True, TEST_PROGRAMS),
    "bundle": ("build", True, BUNDLE_PROGRAMS),
}


def say(text):
    print("dev: " + text, file=sys.stderr, flush=True)


def stop(text):
    """Something must be installed first: say what, change nothing."""
    say(text)
    sys.exit(MUST_BE_INSTALLED_FIRST)


def has_display():
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def can_load(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def is_there(part):
    """Whether a file of a Debian package is there; a relative one lies in a library folder of some architecture."""
    return Path(part).exists() if part.startswith("/") else any(Path("/usr/lib").glob("*/" + part))


def missing_packages(job):
    """The Debian packages this job lacks here, in a steady order."""
    _, window, programs = JOBS[job]
    wanted = []
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        wanted.append("python3-venv")
    if LINUX:
        if window:
            wanted += [package for library, package in QT_LIBRARIES.items() if not can_load(library)]
        if window and not has_display():
            programs = {**DISPLAY_PROGRAMS, **programs}
        wanted += [package for program, package in programs.items() if shutil.which(program) is None]
        if "gcc" in programs and not Path("/usr/include/stdlib.h").exists():
            wanted.append("libc6-dev")  # the compiler's package only recommends it
        if job == "test":
            jars = Path("/usr/share/java")
            wanted += [package for jar, package in TEST_JARS.items() if not (jars / (jar + ".jar")).exists()]
            wanted += [package for part, package in ACCESSIBILITY.items() if not is_there(part)]
            wanted += [] if "xvfb" in wanted or shutil.which("Xvfb") else ["xvfb"]
    return wanted


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def provide_system(job):
    """Install what the system lacks, or say the one line that does, and stop."""
    packages = missing_packages(job)
    if not packages:
        return
    install = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if shutil.which("apt-get") is None:
        stop("these must be installed first (names as in Debian): " + " ".join(packages))
    if not is_root():
        stop("please run this first, then the same command again:\n    sudo apt-get update && sudo " + install)
    say("installing " + " ".join(packages))
    # A minimal image has no manual pages folder, and the Java package's alternatives fail without it.
    Path("/usr/share/man/man1").mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["apt-get", "update", "-q"], install.split()):
        if subprocess.run(command, env=environment, stdout=sys.stderr).returncode != 0:
            stop("this did not work; please run it by hand, then the same command again:\n    " + " ".join(command))
    importlib.invalidate_caches()
    left = missing_packages(job)
    if left:
        stop("still missing after installing: " + " ".join(left))


def venv_python():
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def venv_works():
    python = venv_python()
    if not python.exists():
        return False
    version = "import sys, pip; sys.exit(sys.version_info[:2] < (3, 11))"
    return subprocess.run([str(python), "-c", version], capture_output=True).returncode == 0


def read_stamp():
    try:
        return json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def provide_python(requirements):
    """Make `.venv/` and install one pinned set; the stamp, written last, lets the next run skip all this."""
    lists = ROOT / "packaging" / ("requirements-" + requirements + ".txt")
    wanted = hashlib.sha256(lists.read_bytes()).hexdigest()
    stamp = read_stamp()
    if stamp.get(requirements) == wanted and venv_works():
        return
    if not venv_works():
        say("making .venv")
        stamp = {}
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode != 0:
            shutil.rmtree(str(VENV), ignore_errors=True)
            stop("no virtual environment could be made; on Debian: apt-get install -y python3-venv")
    say("installing packaging/" + lists.name + " (a few minutes the first time)")
    pip = [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    if subprocess.run([*pip, "--no-deps", "--requirement", str(lists)], stdout=sys.stderr).returncode != 0:
        stop("the libraries could not be installed; with a network connection, run the same command again")
    link_project()
    stamp[requirements] = wanted
    if requirements != "run":
        # The test and build sets contain the run set.
        run = ROOT / "packaging" / "requirements-run.txt"
        stamp["run"] = hashlib.sha256(run.read_bytes()).hexdigest()
    part = STAMP.with_suffix(".part")
    part.write_text(json.dumps(stamp, indent=1), "utf-8")
    part.replace(STAMP)


def link_project():
    """`branch-evidence` in the environment runs this tree; a shell script, since a `#!` line breaks on a space."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([str(venv_python()), "-c", where], capture_output=True, text=True, check=True)
    Path(answer.stdout.strip(), "branch-evidence-tree.pth").write_text(str(ROOT) + "\n", "utf-8")
    if WINDOWS:
        (VENV / "Scripts" / "branch-evidence.cmd").write_text('@"%~dp0python.exe" -m ui %*\r\n', "utf-8")
    else:
        script = VENV / "bin" / "branch-evidence"
        script.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m ui "$@"\n', "utf-8")
        script.chmod(0o755)


class Display:
    """A screen for Qt: the one that is there, or a virtual one for as long as the job runs."""

    def __init__(self, job):
        self.server = None
        self.wanted = JOBS[job][1] and not has_display()

    def __enter__(self):
        if not self.wanted:
            return self
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
        self.server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if not number:
            stop("the virtual display (Xvfb) did not start")
        os.environ["DISPLAY"] = ":" + number
        # Qt would otherwise try a Wayland socket that a remote session may have left in the environment.
        os.environ.pop("WAYLAND_DISPLAY", None)
        return self

    def __exit__(self, *_problem):
        if self.server is not None:
            self.server.terminate()
            self.server.wait()
            os.environ.pop("DISPLAY", None)


def run(*arguments):
    """Run the environment's Python in the project folder and return its exit status."""
    return subprocess.run([str(venv_python()), *arguments], cwd=str(ROOT)).returncode


def free_folder(name):
    """`build/NAME`, or the first `build/NAME-n` that is not there: nothing a person looked into is overwritten."""
    folder = ROOT / "build" / name
    number = 1
    while folder.exists():
        number += 1
        folder = ROOT / "build" / (name + "-" + str(number))
    folder.parent.mkdir(exist_ok=True)
    return str(folder)


def demo(arguments):
    words = [os.path.abspath(a) if not a.startswith("-") else a for a in arguments]
    if all(word.startswith("-") for word in words):
        words.insert(0, free_folder("demo"))
    return run("-m", "ui", "demo", *words)


def test(arguments):
    """Style, types, floors and tests; every one runs, so that one look shows all that is wrong."""
    if LINUX:
        # What `missing_packages` provides may not be passed over: the PDFs are held against veraPDF's own rules.
        os.environ.setdefault("BRANCH_EVIDENCE_REQUIRE_VERAPDF", "1")
    if arguments:
        return run("-m", "pytest", *arguments)
    checks = {
        "style (ruff)": ("-m", "ruff", "check", "."),
        "types (mypy)": ("-m", "mypy"),
        "floors (import-linter)": ("-c", "from importlinter.cli import lint_imports_command as lint; lint()"),
        "tests (pytest)": ("-m", "pytest", "-n", "2", "--dist", "loadfile", "-q"),
    }
    failed = []
    for name, command in checks.items():
        say(name)
        if run(*command) != 0:
            failed.append(name)
    if failed:
        say("FAILED: " + ", ".join(failed))
    return 1 if failed else 0


def forms(_arguments):
    return run("packaging/compile_forms.py")


def bundle(arguments):
    return run("packaging/build_bundle.py", *arguments)


def bench(arguments):
    return run("tests/bench/run.py", *arguments)


def torture(arguments):
    # Ten times the ordinary numbers: 10,000 kills, 100,000 power cuts; each harness says what it counted.
    return run("-m", "pytest", "-q", "-m", "torture", "--timeout", "0", "--effort", "10", *arguments)


def main():
    verbs = {"demo": demo, "test": test, "forms": forms, "bundle": bundle, "bench": bench, "torture": torture}
    if len(sys.argv) < 2 or sys.argv[1] not in verbs:
        print(__doc__)
        sys.exit(0 if sys.argv[1:] in (["--help"], ["-h"]) else 2)
    if sys.version_info < (3, 11):  # noqa: UP036 - this file alone may be started by an older one
        stop("Python 3.11 or newer is needed; this is " + sys.version.split()[0])
    job = sys.argv[1]
    provide_system(job)
    provide_python(JOBS[job][0])
    with Display(job):
        status = verbs[job](sys.argv[2:])
    sys.exit(status)


if __name__ == "__main__":
    main()
