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
from contextlib import ExitStack, contextmanager
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

    def unlocks(self) -> None:
        self.hears_until(lambda heard: heard.get("role") == "password text")
        self.types(PASSPHRASE)
        self.key("Return")
        self.hears_until(lambda heard: heard.get("role") not in (None, "password text"))

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
def reader_of(tmp_path: Path, make_profile: Callable[..., Any]) -> Iterator[Callable[..., Reader]]:
    """A reader in front of a branch's records, which `prepare` may fill before the program starts."""
    with ExitStack() as stack:

        def start(prepare: Callable[[Any], None] = lambda _profile: None) -> Reader:
            created = make_profile("branch", "Leeds", officer_role="local_secretary", authorities=("383",))
            prepare(created.profile)
            created.profile.close()
            return stack.enter_context(_session(tmp_path, created.profile.paths.folder))

        yield start


@contextmanager
def _session(folder: Path, records: Path) -> Iterator[Reader]:
    launcher = next((path for path in LAUNCHERS if Path(path).exists()), None)
    assert launcher, "at-spi2-core is missing: packaging/dev.py test installs it"
    for program in ("Xvfb", "openbox", "dbus-run-session"):
        assert shutil.which(program), f"{program} is missing: packaging/dev.py test installs it"
    runtime = folder / "runtime"
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
def test_every_question_is_heard_from_the_first_to_the_last(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of()
    reader.unlocks()
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
    assert wrong == [], "nobody is told of an error before the question is left"
    again = reader.errors()
    assert again == [], "the section shown last has nothing wrong in it"


# What is typed into a question of the gallery, and what is said of it when one comes back.
WRONG = {
    "Day, Full date": ("40", "“40” is kept as typed. It is not counted until it has a day, a month and a year."),
    "Year, Year": ("20x", "“20x” is kept as typed. It is not counted until it has a day, a month and a year."),
    "Thousands": ("9999", "Give a number below 5,000"),
    "Counter": ("some", "“some” is kept as typed. It is not counted until it is a whole number."),
    "Decimal thousands": ("much", "“much” is kept as typed. It is not counted until it is a number."),
    "Multi": ("LOUD", "Only small letters"),
    "Time": ("late", "“late” is kept as typed. It is not counted until it is complete."),
    "Date and time": ("then", "“then” is kept as typed. It is not counted until it is complete."),
    "Place": ("here", "“here” is kept as typed. It is not counted until it is complete."),
    "Hours a week": ("99", "At most 60 hours"),
}
# The role of what answers each question, and - where it is not the question itself - how one of its parts is called (of
# radio buttons the first: the Tab key stops once at each group).
HEARD = {
    "Full date": ("text", "Day, Full date"),
    "Month and year": ("text", "Month, Month and year"),
    "Year": ("text", "Year, Year"),
    "Thousands": ("text", ""),
    "Counter": ("text", ""),
    "Decimal thousands": ("text", ""),
    "Numbers in text": ("text", ""),
    "Masked": ("password text", ""),
    "Url": ("text", ""),
    "Multi": ("text", ""),
    "One line": ("text", ""),
    "Range": ("text", ""),
    "Rating": ("radio button", "1 of 5"),
    "Vertical": ("text", ""),
    "Time": ("text", ""),
    "Date and time": ("text", ""),
    "Likert": ("radio button", "Strongly disagree"),
    "Minimal": ("combo box", ""),
    "Columns": ("radio button", "Autism"),
    "Columns 3": ("radio button", "Autism"),
    "Columns 2 multiple": ("check box", "Hearing"),
    "Columns pack": ("check box", "Autism"),
    "Quick": ("radio button", "Autism"),
    "Minimal multi": ("combo box", ""),
    "Autocomplete": ("text", ""),
    "Autocomplete many": ("text", ""),
    "Rank": ("button", "Move Partly up"),
    "Read it": ("check box", ""),
    "Support": ("radio button", "Yes"),
    "Health": ("radio button", "Yes"),
    "First": ("radio button", "Strongly disagree"),
    "Second": ("check box", "Strongly agree"),
    "Picture": ("button", "Add a picture: Picture"),
    "Signature": ("button", "Add a picture of the signature: Signature"),
    "Sound": ("button", "Add a sound recording: Sound"),
    "Film": ("button", "Add a film: Film"),
    "File": ("button", "Add a file: File"),
    "Place": ("text", ""),
    "Barcode": ("text", ""),
    "Is it filled?": ("radio button", "Yes"),
    "Hours a week": ("text", ""),
    "What follows?": ("text", ""),
}
EXPLAINED = {
    "Full date": "For example 27 3 2025",
    "Range": "From 1 to 10",
    "Url": "opens no internet addresses",
    "Place": "Latitude and longitude",
    "Barcode": "cannot scan",
    "Minimal multi": "Nothing chosen. Select all that apply",
}


@pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is the accessibility bus of Linux")
def test_every_kind_of_question_and_of_error_is_heard(reader_of: Callable[..., Reader]) -> None:
    from desktop_app.forms.xlsform import compile_xlsform
    from desktop_app.services import recording

    def prepare(profile: Any) -> None:
        profile.forms.use(compile_xlsform(Path(__file__).with_name("gallery.md")))
        recording.start(profile, "gallery")

    reader = reader_of(prepare)
    reader.unlocks()
    reader.hears_until(lambda heard: "Gallery" in heard.get("name", ""))
    reader.key("Return")
    stops = [reader.hears_until(lambda heard: heard.get("name", "").startswith("Day, Full date"))]
    wrong_here: list[str] = []
    told: dict[str, str] = {}
    while len(stops) < _MOST_STOPS:
        heard = stops[-1]
        name = heard["name"]
        if name in WRONG and name not in told:
            words, said = WRONG[name]
            reader.types(words)
            stops.append(reader.moves_on())
            while stops[-1]["name"].partition(", ")[2] == name.partition(", ")[2] != "":
                stops.append(reader.moves_on())  # out of all boxes of a date
            reader.moves_on("Shift+Tab")
            back = reader.hears()
            told[name] = back["description"]
            wrong_here.append(said)
            reader.moves_on()
            continue
        if name.startswith("Next section"):
            # Each line that is spoken as an error, in the same words as with its question.
            assert sorted(reader.errors()) == sorted(f"Error: {said}" for said in wrong_here)
            wrong_here = []
            stops.append(reader.moves_on("space"))
        elif name.startswith("Add a row"):
            stops.append(reader.moves_on("space"))
        elif name == "Remove: row 1":
            stops.append(heard)
            break
        else:
            stops.append(reader.moves_on())
    assert stops[-1]["name"] == "Remove: row 1"
    assert {name for name, heard in told.items() if not heard.startswith(f"Error: {WRONG[name][1]}")} == set()
    assert set(told) == set(WRONG)
    silent = []
    for question, (role, part) in HEARD.items():
        named = [s for s in stops if s["name"] == (part or question) and question in f"{s['description']} {s['name']}"]
        if role not in {s["role"].removeprefix("push ") for s in named}:
            silent.append((question, named[:3]))
    assert silent == []
    unexplained = {q for q, words in EXPLAINED.items()
                   if not any(words in s["description"] for s in stops if q in s["name"])}  # fmt: skip
    assert unexplained == set()
    card = list(dict.fromkeys(s["name"] for s in stops if s["name"].endswith(": row 1")))
    assert card == ["Duplicate: row 1", "Remove: row 1"], "an only row has nowhere to move"
    assert all(stop["name"] and stop["role"] not in ("", "filler", "unknown") for stop in stops)
