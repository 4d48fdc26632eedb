"""Build the program with PyInstaller, then run what was built: the demo, every page, every report (`dev.py bundle`)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
# What people are given: a folder, on macOS an application.
FOLDER = DIST / ("Branch Evidence.app" if sys.platform == "darwin" else "branch-evidence")
PROGRAM = FOLDER / {"win32": "branch-evidence.exe", "darwin": "Contents/MacOS/branch-evidence"}.get(
    sys.platform, "branch-evidence"
)
# What was set out to be reached, in megabytes as file managers and `du -m` count them (2^20 bytes).
MOST_ON_DISK, MOST_COMPRESSED = 165, 62


def build() -> None:
    """Run PyInstaller on the spec; raises CalledProcessError."""
    spec = ROOT / "packaging" / "branch-evidence.spec"
    work = ROOT / "build" / "pyinstaller"
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    subprocess.run([*command, "--distpath", str(DIST), "--workpath", str(work), str(spec)], cwd=ROOT, check=True)


def run(*arguments: str, seconds: int = 900) -> str:
    """Run the built program in a home of its own, without this project's environment. Returns its standard output.

    A pipe that is never read would stop a windowed program, so its output goes through files.
    """
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as out:
        kept = ("PATH", "DISPLAY", "SYSTEMROOT", "TEMP", "TMP", "LANG", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment.update(HOME=home, USERPROFILE=home)
        started = time.monotonic()
        command = [str(PROGRAM), *arguments]
        done = subprocess.run(command, env=environment, cwd=home, stdout=out, timeout=seconds, stdin=subprocess.DEVNULL)
        out.seek(0)
        text = out.read().decode("utf-8", errors="replace")
    print(f"  {' '.join(arguments)[:100]}: exit {done.returncode}, {time.monotonic() - started:.1f} s", flush=True)
    if done.returncode != 0:
        print(text)
        raise SystemExit(f"the built program failed: {' '.join(arguments)}")
    return text


def sizes() -> tuple[float, float]:
    """Megabytes on disk, and as a .tar.xz."""
    on_disk = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink())
    archive = DIST / f"branch-evidence-{sys.platform}.tar.xz"
    with tarfile.open(archive, "w:xz", preset=2) as packed:
        packed.add(FOLDER, FOLDER.name)
    return on_disk / 2**20, archive.stat().st_size / 2**20


def check() -> None:
    """Run the story, open every page, make every report."""
    with tempfile.TemporaryDirectory(prefix="bundle é ") as place:
        run("--version", seconds=60)
        story = json.loads(run("demo", str(Path(place) / "demo"), "--json"))
        if len(story["pictures"]) < 10:
            raise SystemExit(f"the built program pictured only {len(story['pictures'])} pages of its window")
        passphrase = Path(place) / "passphrase.txt"
        passphrase.write_text(story["passphrase"], "utf-8")
        branch = next(iter(story["profiles"].values()))
        access = ("--profile", branch, "--passphrase-file", str(passphrase))
        kinds = json.loads(run("report", "list", "--json"))["reports"]
        records = json.loads(run("record", "list", "--limit", "1000", "--json", *access))["records"]
        for kind in kinds:
            out = Path(place) / f"{kind['kind']}.pdf"
            ids = [r["id"] for r in records if r["form"] in kind["forms"]][:1] if kind["one"] else []
            run("report", kind["kind"], *ids, "-o", str(out), *access)
            if out.read_bytes()[:5] != b"%PDF-":
                raise SystemExit(f"{kind['kind']} made no PDF")
        print(f"  {len(story['pictures'])} pages opened, {len(kinds)} kinds of report made")


def main() -> int:
    build()
    on_disk, compressed = sizes()
    print(f"bundle: {on_disk:.1f} MB on disk (at most {MOST_ON_DISK}), {compressed:.0f} MB packed ({MOST_COMPRESSED})")
    check()
    # The figures are those of Linux; the other systems' Qt differs.
    too_big = sys.platform.startswith("linux") and (on_disk > MOST_ON_DISK or compressed > MOST_COMPRESSED)
    return 1 if too_big else 0


if __name__ == "__main__":
    sys.exit(main())
