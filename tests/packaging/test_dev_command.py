"""`dev.py`: nothing half-made, no network the second time, and pinned requirements that carry no address."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The module, looking after a project folder of the test's own."""
    spec = importlib.util.spec_from_file_location("dev_command", PACKAGING / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "requirements-run.txt").write_text("click==1\n", "utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "installed.json")
    return module


@pytest.mark.parametrize(("words", "status"), [([], 2), (["nonsense"], 2), (["--help"], 0)])
def test_usage(words: list[str], status: int):
    done = subprocess.run([sys.executable, PACKAGING / "dev.py", *words], capture_output=True, text=True)
    assert done.returncode == status
    assert "dev.py demo" in done.stdout


def test_without_root_it_prints_one_line_and_makes_nothing(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev, "missing_packages", lambda _job: ["python3-venv", "libegl1"])
    monkeypatch.setattr(dev, "is_root", lambda: False)
    monkeypatch.setattr(dev.shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(SystemExit) as stopped:
        dev.provide_system("demo")
    assert stopped.value.code == 3
    lines = [line for line in capsys.readouterr().err.splitlines() if "apt-get install" in line]
    assert len(lines) == 1
    assert lines[0].endswith("python3-venv libegl1")
    assert not dev.VENV.exists()


def test_on_a_system_without_apt_it_names_what_is_missing(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev, "missing_packages", lambda _job: ["xvfb"])
    monkeypatch.setattr(dev.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit) as stopped:
        dev.provide_system("demo")
    assert stopped.value.code == 3
    assert "xvfb" in capsys.readouterr().err


def test_venv_module_counts_as_missing_when_python_came_without_it(dev, monkeypatch):
    found = dev.importlib.util.find_spec
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name))
    monkeypatch.setattr(dev, "can_load", lambda _library: True)
    assert dev.missing_packages("forms") == ["python3-venv"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux needs system libraries and a display")
def test_a_display_is_only_asked_for_where_there_is_none_and_qt_runs(dev, monkeypatch):
    monkeypatch.setattr(dev, "can_load", lambda _library: True)
    monkeypatch.setattr(dev.shutil, "which", lambda _name: None)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert "xvfb" in dev.missing_packages("demo")
    assert "xvfb" not in dev.missing_packages("forms")
    monkeypatch.setenv("DISPLAY", ":0")
    assert "xvfb" not in dev.missing_packages("demo")


def test_a_second_run_installs_nothing(dev, monkeypatch):
    wanted = hashlib.sha256(b"click==1\n").hexdigest()
    dev.VENV.mkdir()
    dev.STAMP.write_text(json.dumps({"run": wanted}), "utf-8")
    monkeypatch.setattr(dev, "venv_works", lambda: True)
    monkeypatch.setattr(dev.subprocess, "run", lambda *a, **k: pytest.fail(f"started {a}"))
    dev.provide_python("run")


def test_a_changed_list_is_installed_and_only_then_stamped(dev, monkeypatch):
    started = []

    def run(command, **_more):
        started.append(command)
        return subprocess.CompletedProcess(command, 1 if "install" in command else 0)

    dev.VENV.mkdir()
    monkeypatch.setattr(dev, "venv_works", lambda: True)
    monkeypatch.setattr(dev.subprocess, "run", run)
    with pytest.raises(SystemExit) as stopped:
        dev.provide_python("run")
    assert stopped.value.code == 3
    assert "--require-hashes" in started[0]
    assert not dev.STAMP.exists()


def pins(name: str) -> dict[str, str]:
    text = (PACKAGING / f"requirements-{name}.txt").read_text("utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["run", "test", "build"])
def test_requirements_are_pinned_with_hashes_and_without_addresses(name: str):
    text = (PACKAGING / f"requirements-{name}.txt").read_text("utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.split("\n", 2)[2])
    assert len(entries) == len(pins(name))
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_the_sets_agree_and_hold_what_pyproject_declares():
    run, test, build = pins("run"), pins("test"), pins("build")
    assert run.items() <= test.items()
    assert run.items() <= build.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for declared, pinned in (
        (project["dependencies"], run),
        (project["optional-dependencies"]["test"], test),
        (project["optional-dependencies"]["build"], build),
    ):
        assert {re.split(r"[><=]", line)[0] for line in declared} <= set(pinned)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from what is in the tree without a network."""
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_resources_and_no_tests(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("resources/forms/evidence.xml", "resources/reference/local_authorities.csv", "ui/__main__.py"):
        assert wanted in names
    assert any(name.startswith("resources/fonts/") and name.endswith(".ttf") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "packaging/"))]


def test_what_is_installed_runs_by_itself(wheel: Path, tmp_path: Path):
    """Unpacked elsewhere, with nothing of the tree in sight, it finds its forms."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = "import sys; from ui.__main__ import main; sys.exit(main(['forms', 'list', '--json']))"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {code}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["forms"]) == 6
