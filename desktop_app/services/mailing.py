"""The e-mail that opens with a file attached: who it goes to, what it says, and that a person sends it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.errors import NotFound
from desktop_app.platform import MailRoute, Platform, current

MAIL_WARNING_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Letter:
    """A message to be looked at and sent by the person. ``warning`` is empty or a sentence about its size."""

    to: str
    subject: str
    body: str
    attachment: Path
    warning: str = ""


def file_letter(path: Path, *, branch: str, number: int, records: int, to: str = "") -> Letter:
    """The message with a file for the office. It says nothing about the content: an e-mail is a postcard."""
    count = "1 record" if records == 1 else f"{records} records"
    body = (
        f"Attached is file {number} from {branch} ({count}). Only the national office can open it.\n\n"
        "Please send the reply file when it has been added, so that we know it arrived.\n"
    )
    return _sized(Letter(to, f"Branch Evidence: file {number} from {branch}", body, path))


def reply_letter(path: Path, *, branch: str, to: str = "") -> Letter:
    """The message with the office's reply to a branch."""
    body = (
        f"Attached is the office's reply to {branch}. In Branch Evidence choose Inbox, then Add files, and choose it.\n"
    )
    return _sized(Letter(to, f"Branch Evidence: reply to {branch}", body, path))


def report_letter(path: Path, *, title: str, shareable: bool, to: str = "") -> Letter:
    """The message with a PDF. One for the union only says so in its subject, which is what people see first."""
    if shareable:
        return _sized(Letter(to, title, f"Attached: {title}.\n", path))
    body = f"Attached: {title}. It is for the union only: do not pass it on.\n"
    return _sized(Letter(to, f"{title} - for the union only", body, path))


def _sized(letter: Letter) -> Letter:
    if not letter.attachment.is_file():
        raise NotFound(
            f"The file {letter.attachment.name} is not there any more.",
            safe="Your records are as they were.",
            do="Make it again.",
        )
    size = letter.attachment.stat().st_size
    if size <= MAIL_WARNING_BYTES:
        return letter
    warning = (
        f"The file is {size / 1024 / 1024:.0f} MB; many mail services refuse more than 10 to 20 MB. "
        "If it comes back, send it in smaller parts."
    )
    return Letter(letter.to, letter.subject, letter.body, letter.attachment, warning)


def open_letter(letter: Letter, platform: Platform | None = None) -> MailRoute:
    """Open the message in the person's mail program, or say how to send it by hand. Nothing here sends.

    The answer never means that it was sent: ask "Was it e-mailed?" afterwards.
    """
    # A line's end in a header would begin another one.
    to, subject = "".join(letter.to.split()), " ".join(letter.subject.split())
    return (platform or current()).open_mail(to, subject, letter.body, letter.attachment)
