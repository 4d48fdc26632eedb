"""The route an e-mail takes on each system, and that no route can be made to do more than open a message."""

from __future__ import annotations

import ctypes
import email
import threading
import time
from ctypes import POINTER, c_ulong, c_void_p
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from desktop_app.platform import interface, mapi
from desktop_app.platform.interface import MailRoute, try_start
from desktop_app.platform.linux import LinuxPlatform
from desktop_app.platform.macos import MacPlatform
from desktop_app.platform.macos import mail_program as mac_mail_program
from desktop_app.platform.mail import compose_argument, mailto, write_draft
from desktop_app.platform.windows import WindowsPlatform, start_mapi

TO, SUBJECT, BODY = "office@union.example", "Evidence: it's £1.2m", "Dear all,\nplease find, attached"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Leeds, it's 7.pdf"
    path.write_bytes(b"%PDF-1.7 made up")
    return path


def linux(program: str, *, installed: tuple[str, ...] = ("thunderbird", "xdg-email"), works: bool = True):
    started: list[list[str]] = []

    def start(command):
        started.append(list(command))
        return works

    def which(name):
        return f"/usr/bin/{name}" if name in installed else None

    return LinuxPlatform(start=start, ask=lambda _c: program, which=which), started


def send(platform, file: Path) -> MailRoute:
    return platform.open_mail(TO, SUBJECT, BODY, file)


def test_linux_thunderbird_is_given_the_file(file: Path):
    platform, started = linux("thunderbird.desktop")
    route = send(platform, file)
    assert (route.route, route.attaches) == ("compose", True)
    assert started[0][:2] == ["/usr/bin/thunderbird", "-compose"]
    value = started[0][2]
    assert value.endswith("%2C%20it%27s%207.pdf'"), "a comma or quote of the file name would end the value"
    assert value.count("'") == 8, "four quoted values, no stray quote"


@pytest.mark.parametrize("program", ["org.mozilla.Thunderbird.desktop", "thunderbird_thunderbird.desktop"])
def test_linux_sandboxed_thunderbird_opens_a_draft(program: str, file: Path):
    platform, started = linux(program)
    route = send(platform, file)
    assert route.route == "draft"
    assert started == [["xdg-open", str(file) + ".eml"]]


def test_linux_another_program_by_xdg_email(file: Path):
    platform, started = linux("org.gnome.Evolution.desktop")
    assert send(platform, file).route == "xdg-email"
    assert started[0][-3:] == ["--attach", str(file), TO]


@pytest.mark.parametrize(("program", "route"), [("", "folder"), ("some.desktop", "mailto")])
def test_linux_without_a_way_shows_the_folder_and_says_what_to_do(program: str, route: str, file: Path):
    platform, started = linux(program, installed=())
    answer = send(platform, file)
    assert (answer.route, answer.attaches) == (route, False)
    assert started[0] == ["xdg-open", str(file.parent)]
    assert file.name in answer.say


def test_linux_program_that_does_not_start_falls_back(file: Path):
    platform, _started = linux("thunderbird.desktop", works=False)
    assert send(platform, file).route == "folder"


@pytest.mark.parametrize(
    ("program", "drafts", "mapi", "route"),
    [
        ("Outlook.URL.mailto.15", "", "Microsoft Outlook", "draft"),
        ("Outlook.URL.mailto.15", "Outlook.File.eml.15", "Microsoft Outlook", "draft"),
        # Somebody's .eml opens in new Outlook, which would show it read-only: classic Outlook is asked by MAPI.
        ("Outlook.URL.mailto.15", "AppX4hxtad77fbk3jkkeerkrm0ze94wjf3s9", "Microsoft Outlook", "mapi"),
        ("ThunderbirdURL-1234", "", "", "draft"),
        ("eM Client.Url.mailto", "", "eM Client", "mapi"),
        ("AppXbx2ce4vcxjdhff3d1ms66qqzk12zn827", "", "Microsoft Outlook", "mailto"),
        ("ChromeHTML", "", "", "mailto"),
    ],
)
def test_windows_routes(program: str, drafts: str, mapi: str, route: str, file: Path):
    opened: list[str] = []
    platform = WindowsPlatform(
        start=lambda _command: True,
        start_file=lambda target: opened.append(target) is None,
        mail_program=lambda: program,
        mapi_program=lambda: mapi,
        start_mapi=lambda *_arguments: True,
        draft_program=lambda: drafts,
    )
    assert send(platform, file).route == route
    if route == "mailto":
        assert opened[-1].startswith("mailto:")


@pytest.mark.parametrize(
    ("program", "route"),
    [("com.apple.mail", "applescript"), ("org.mozilla.thunderbird", "compose"), ("com.microsoft.outlook", "mailto")],
)
def test_macos_routes(program: str, route: str, file: Path):
    started: list[list[str]] = []
    platform = MacPlatform(start=lambda c: started.append(list(c)) is None, mail_program=lambda: program)
    assert send(platform, file).route == route
    if route == "applescript":
        script = started[0][2]
        assert "send" not in script.replace("sender", "").split()
        assert SUBJECT not in script, "texts are arguments, never part of the script"
        assert started[0][3:] == [TO, SUBJECT, BODY, str(file)]


def test_macos_without_a_choice_is_mail(tmp_path: Path):
    assert mac_mail_program(tmp_path) == "com.apple.mail"


def test_draft_is_an_unsent_message_with_the_file(file: Path):
    message = email.message_from_bytes(write_draft(TO, SUBJECT, BODY, file).read_bytes(), policy=default)
    assert (message["To"], message["Subject"], message["X-Unsent"]) == (TO, SUBJECT, "1")
    assert not {"From", "Date", "Message-ID"} & set(message.keys())
    (part,) = message.iter_attachments()
    assert part.get_content() == file.read_bytes()
    assert message.get_body().get_content().splitlines() == BODY.splitlines()


def test_draft_keeps_an_ascii_file_name(tmp_path: Path):
    file = tmp_path / "Caerdydd-ŵ-7.branchpack"
    file.write_bytes(b"x")
    message = email.message_from_bytes(write_draft(TO, SUBJECT, BODY, file).read_bytes(), policy=default)
    assert next(message.iter_attachments()).get_filename() == "Caerdydd-w-7.branchpack"


def test_header_cannot_be_injected(file: Path):
    with pytest.raises(ValueError, match=r"line|header|linefeed"):
        write_draft(TO, "one\r\nBcc: thief@example.org", BODY, file)


def test_mailto_keeps_every_character():
    query = parse_qs(urlsplit(mailto(TO, SUBJECT, BODY)).query)
    assert query == {"subject": [SUBJECT], "body": [BODY]}


def test_compose_subject_cannot_end_its_quotes(file: Path):
    assert compose_argument(TO, "a',attachment='/etc/passwd", BODY, file).count("attachment='") == 1


def test_windows_mapi_that_gives_up_ends_by_hand(file: Path):
    opened: list[str] = []
    platform = WindowsPlatform(
        start=lambda command: opened.append(" ".join(command)) is None,
        start_file=lambda target: opened.append(target) is None,
        mail_program=lambda: "eM Client.Url.mailto",
        mapi_program=lambda: "eM Client",
        start_mapi=lambda *_arguments: False,
        draft_program=lambda: "",
    )
    route = send(platform, file)
    assert (route.route, route.attaches) == ("mailto", False)
    assert opened[0] == f"explorer /select, {file}" and opened[1].startswith("mailto:")


def gives_up(*_message: str) -> None:
    raise SystemExit(2)


def goes_well(*_message: str) -> None:
    raise SystemExit(0)


def test_windows_mapi_is_watched_for_a_moment(file: Path):
    assert start_mapi(TO, SUBJECT, BODY, file, goes_well)
    assert not start_mapi(TO, SUBJECT, BODY, file, gives_up)
    assert not start_mapi(TO, SUBJECT, BODY, file), "there is no MAPI32.DLL on this system"


def test_windows_mapi_is_given_the_message_and_the_file(file: Path):
    """The call as a mail program sees it: what the pointers point to, letter by letter."""
    seen = {}

    @ctypes.CFUNCTYPE(c_ulong, c_void_p, c_void_p, POINTER(mapi._Message), c_ulong, c_ulong)
    def program(_session, _window, message, flags, _reserved):
        told = message.contents
        (one, attached) = (told.lpRecips.contents, told.lpFiles.contents)
        seen.update(
            subject=told.lpszSubject, body=told.lpszNoteText, to=one.lpszAddress, kind=one.ulRecipClass,
            path=attached.lpszPathName, name=attached.lpszFileName, flags=flags, many=(told.nRecipCount, told.nFileCount),
        )  # fmt: skip
        return 1

    path = file.with_name("Ŵyl, it's 7 £.pdf")
    assert mapi.send_mail(TO, "Ŵyl £1.2m", BODY, str(path), program) == 1
    assert seen == {
        "subject": "Ŵyl £1.2m", "body": BODY, "to": f"SMTP:{TO}", "kind": 1, "path": str(path), "name": path.name,
        "flags": 0x9, "many": (1, 1),
    }  # fmt: skip
    mapi.send_mail("", SUBJECT, BODY, str(path), program)
    assert seen["many"] == (0, 1)


def test_macos_script_that_fails_ends_by_hand(file: Path):
    asked: list[str] = []
    platform = MacPlatform(
        start=lambda command: asked.append(command[0]) is None,
        mail_program=lambda: "com.apple.mail",
        try_start=lambda command: asked.append(command[0]) is None and command[0] != "osascript",
    )
    route = send(platform, file)
    assert (route.route, route.attaches) == ("mailto", False)
    assert asked == ["osascript", "open", "open"]


@dataclass
class Desk:
    """A made-up desktop: real programs that write down what they were given, in a folder that is all of PATH."""

    folder: Path
    log: Path

    def program(self, name: str, *, says: str = "", ends: int = 0, stays: bool = False) -> None:
        lines = (
            "#!/bin/sh",
            f'for a in {name} "$@"; do printf "%s\\0" "$a"; done > "{self.log}/$$.part"',
            f'mv "{self.log}/$$.part" "{self.log}/$$.call"',
            f'printf "%s" "{says}"',
            "exec sleep 3" if stays else f"exit {ends}",
        )
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        path.chmod(0o755)

    def calls(self) -> list[list[str]]:
        return [call.read_text("utf-8").rstrip("\0").split("\0") for call in self.log.glob("*.call")]

    def wait_for(self, program: str, given: str = "") -> list[str]:
        """What the program was given; a program that is left to itself may take a moment to begin."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for call in self.calls():
                if call[0] == program and given in ("", call[-1]):
                    return call[1:]
            threading.Event().wait(0.02)
        raise AssertionError(f"{program} was not asked: {self.calls()}")


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    folder = tmp_path / "programs of ours"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    (tmp_path / "asked").mkdir()
    made = Desk(folder, tmp_path / "asked")
    made.program("xdg-open")
    made.program("xdg-email")
    made.program("xdg-settings", says="org.gnome.Evolution.desktop")
    return made


AWKWARD = 'Ŵyl, it\'s "7" & £ $HOME `x`.pdf'


def real() -> LinuxPlatform:
    return LinuxPlatform(try_start=try_start)


def test_a_real_program_gets_every_letter(desktop: Desk, tmp_path: Path):
    file = tmp_path / AWKWARD
    file.write_bytes(b"%PDF")
    subject = 'Kent: it\'s "£1.2m"; $(date) ŵ'
    route = real().open_mail(TO, subject, BODY, file)
    assert (route.route, route.attaches) == ("xdg-email", True)
    given = desktop.wait_for("xdg-email")
    assert given == ["--utf8", "--subject", subject, "--body", BODY, "--attach", str(file), TO]


def test_a_real_thunderbird_gets_one_argument(desktop: Desk, tmp_path: Path):
    desktop.program("xdg-settings", says="thunderbird.desktop")
    desktop.program("thunderbird", stays=True)
    file = tmp_path / AWKWARD
    file.write_bytes(b"%PDF")
    assert real().open_mail(TO, SUBJECT, BODY, file).route == "compose"
    option, value = desktop.wait_for("thunderbird")
    assert option == "-compose"
    uri = value.rpartition("attachment='")[2].removesuffix("'")
    assert Path(unquote(urlsplit(uri).path)) == file and uri.isascii()


@pytest.mark.parametrize("ends", [1, 2, 3, 4])
def test_a_program_that_ends_with_an_error_was_no_success(desktop: Desk, file: Path, ends: int):
    """xdg-email: 1 wrong call, 2 no such file, 3 a tool is missing, 4 the mail program failed."""
    desktop.program("xdg-email", ends=ends)
    route = real().open_mail(TO, SUBJECT, BODY, file)
    assert (route.route, route.attaches) == ("mailto", False)
    assert file.name in route.say
    assert desktop.wait_for("xdg-open", str(file.parent))


def test_a_program_that_stays_is_showing_its_window(desktop: Desk, file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(interface, "PATIENCE", 0.2)
    desktop.program("xdg-email", stays=True)
    assert real().open_mail(TO, SUBJECT, BODY, file).route == "xdg-email"


def test_a_system_that_does_not_answer_is_not_waited_for(desktop: Desk, file: Path, monkeypatch: pytest.MonkeyPatch):
    desktop.program("xdg-settings", stays=True)
    monkeypatch.setattr(interface, "ANSWER", 0.2)
    assert real().open_mail(TO, SUBJECT, BODY, file).route == "folder"


def test_without_any_program_the_person_is_told(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    route = real().open_mail(TO, SUBJECT, BODY, file)
    assert route.route == "folder" and file.name in route.say and str(file.parent) in route.say
