"""The route an e-mail takes on each system, and that no route can be made to do more than open a message."""

from __future__ import annotations

import email
from email.policy import default
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from desktop_app.platform.interface import MailRoute
from desktop_app.platform.linux import LinuxPlatform
from desktop_app.platform.macos import MacPlatform
from desktop_app.platform.macos import mail_program as mac_mail_program
from desktop_app.platform.mail import compose_argument, mailto, write_draft
from desktop_app.platform.windows import WindowsPlatform

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
    ("program", "mapi", "route"),
    [
        ("Outlook.URL.mailto.15", "Microsoft Outlook", "draft"),
        ("ThunderbirdURL-1234", "", "draft"),
        ("eM Client.Url.mailto", "eM Client", "mapi"),
        ("AppXbx2ce4vcxjdhff3d1ms66qqzk12zn827", "Microsoft Outlook", "mailto"),
        ("ChromeHTML", "", "mailto"),
    ],
)
def test_windows_routes(program: str, mapi: str, route: str, file: Path):
    opened: list[str] = []
    platform = WindowsPlatform(
        start=lambda _command: True,
        start_file=lambda target: opened.append(target) is None,
        mail_program=lambda: program,
        mapi_program=lambda: mapi,
        start_mapi=lambda *_arguments: True,
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
    assert next(message.iter_attachments()).get_filename() == "Caerdydd--7.branchpack"


def test_header_cannot_be_injected(file: Path):
    with pytest.raises(ValueError, match=r"line|header|linefeed"):
        write_draft(TO, "one\r\nBcc: thief@example.org", BODY, file)


def test_mailto_keeps_every_character():
    query = parse_qs(urlsplit(mailto(TO, SUBJECT, BODY)).query)
    assert query == {"subject": [SUBJECT], "body": [BODY]}


def test_compose_subject_cannot_end_its_quotes(file: Path):
    assert compose_argument(TO, "a',attachment='/etc/passwd", BODY, file).count("attachment='") == 1
