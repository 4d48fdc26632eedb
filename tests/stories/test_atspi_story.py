"""One evidence record from the first question to the last by keyboard alone, as a screen reader hears it.

The real program runs on a display of its own with the accessibility bus of Linux (AT-SPI). A reader in another process,
which knows nothing of Qt, presses the keys and says what it is told: name, description, role, and the error.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form
from desktop_app.paths import resource

pytestmark = pytest.mark.story
ROOT = Path(__file__).resolve().parents[2]
READER = Path(__file__).with_name("atspi_reader.py")
PASSPHRASE = "plain words for tests only"
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
LAST_QUESTION = "What else do you or other members think matters?"
_MOST_STOPS = 700
TOPICS = (
    "plan_and_targets access_and_consequences pressure_on_staff wider_pressures health_and_care talks_with_dfe "
    "something_else"
)
_SESSION = """
"$LAUNCHER" --launch-immediately &
openbox >/dev/null 2>&1 &
"$PYTHON" -m ui --profile "$RECORDS" --light >"$RECORDS.log" 2>&1 &
PROGRAM=$!
trap 'kill $PROGRAM' EXIT
/usr/bin/python3 "$READER" branch-evidence
"""


class Reader:
    """Someone who hears the screen and types."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._in: IO[str] = process.stdin
        self._out: IO[str] = process.stdout

    def _ask(self, line: str) -> Any:
        self._in.write(f"{line}\n")
        self._in.flush()
        return self.answer()

    def answer(self) -> Any:
        for line in self._out:
            if line.startswith("> "):
                return json.loads(line[2:])
        raise AssertionError("the reader has gone")

    def key(self, name: str) -> None:
        self._ask(f"key {name}")

    def types(self, text: str) -> None:
        self._ask(f"type {text}")

    def errors(self) -> list[str]:
        return list(self._ask("errors"))

    def hears(self) -> dict[str, Any]:
        return self._ask("focus") or {}

    def hears_until(self, wanted: Callable[[dict[str, Any]], bool], patience: float = 20.0) -> dict[str, Any]:
        until = time.monotonic() + patience
        heard: dict[str, Any] = {}
        while time.monotonic() < until:
            heard = self.hears()
            if wanted(heard):
                return heard
            time.sleep(0.05)
        raise AssertionError(f"waited in vain; heard last: {heard}")

    def moves_on(self, key: str = "Tab") -> dict[str, Any]:
        """Press a key and hear where the keyboard is then."""
        before = self.hears()
        heard = self._ask(f"key {key}") or {}
        until = time.monotonic() + 3.0
        while (not heard or heard == before) and time.monotonic() < until:
            heard = self.hears()
        return heard

    def begins_a_record(self) -> dict[str, Any]:
        """Ctrl+N, once the window listens to it."""
        for _ in range(10):
            self.key("Ctrl+n")
            try:
                return self.hears_until(lambda heard: "what happened" in heard.get("name", ""), patience=2.0)
            except AssertionError:
                continue
        raise AssertionError("Ctrl+N never began a record")


@pytest.fixture
def reader(tmp_path: Path, make_profile: Callable[..., Any]) -> Iterator[Reader]:
    created = make_profile("branch", "Leeds", officer_role="local_secretary", authorities=("383",))
    records = created.profile.paths.folder
    created.profile.close()
    launcher = next((path for path in LAUNCHERS if Path(path).exists()), None)
    assert launcher, "at-spi2-core is missing: packaging/dev.py test installs it"
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert screen.stdout is not None
    display = f":{screen.stdout.readline().strip()}"
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "XDG_RUNTIME_DIR": str(runtime),
        "LAUNCHER": launcher,
        "PYTHON": sys.executable,
        "RECORDS": str(records),
        "READER": str(READER),
    }
    for name in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
        environment.pop(name, None)
    session = subprocess.Popen(
        ["dbus-run-session", "--", "sh", "-c", _SESSION],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found = Reader(session)
    try:
        assert found.answer() == "ready", Path(f"{records}.log").read_text("utf-8")
        yield found
    finally:
        assert session.stdin is not None
        session.stdin.close()
        try:
            session.wait(timeout=20)
        except subprocess.TimeoutExpired:
            session.kill()
        screen.terminate()
        screen.wait(timeout=20)


@pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is the accessibility bus of Linux")
def test_every_question_is_heard_from_the_first_to_the_last(reader: Reader) -> None:
    for program in ("Xvfb", "openbox", "dbus-run-session"):
        assert shutil.which(program), f"{program} is missing: packaging/dev.py test installs it"
    reader.hears_until(lambda heard: heard.get("role") == "password text")
    reader.types(PASSPHRASE)
    reader.key("Return")
    reader.hears_until(lambda heard: heard.get("role") not in (None, "password text"))
    stops = [reader.begins_a_record()]
    reader.types("Forms come back.")
    form = load_form(Path(resource("forms", "evidence.xml")))
    topics = {choice.label for choice in form.question("/data/about/topics").choices}
    for _ in range(_MOST_STOPS):
        heard = reader.moves_on()
        stops.append(heard)
        name = heard.get("name", "")
        if name in topics and heard["role"] == "check box":
            reader.key("space")
        elif name.startswith("Day, When did it happen"):
            reader.types("40")
        elif name.startswith("Next section"):
            stops.append(reader.moves_on("space"))
        elif name.startswith(LAST_QUESTION):
            break
    assert stops[-1]["name"].startswith(LAST_QUESTION)
    session = FormSession(form, {"about": {"topics": TOPICS, "when_precision": "day"}}, record="r")
    asked = [
        node.label
        for node in session.nodes()
        if node.relevant and "[" not in node.path and node.question.control and node.question.kind != "note"
    ]
    heard_words = [" ".join((stop.get("name", ""), stop.get("description", ""))) for stop in stops]
    silent = [label for label in asked if not any(label in words for words in heard_words)]
    assert silent == []
    assert len(asked) > 100
    assert all(stop["name"] and stop["role"] not in ("", "filler", "unknown") for stop in stops)
    wrong = [stop for stop in stops if "Error: " in stop["description"]]
    assert {stop["name"].partition(",")[0] for stop in wrong} == {"Month", "Year"}  # Day was left when it was wrong
    assert all("“40” is kept as typed" in stop["description"] for stop in wrong)
    again = reader.errors()
    assert again == [], "the section shown last has nothing wrong in it"
