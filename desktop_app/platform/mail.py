"""The parts of opening an e-mail that all systems share: the draft file, the mailto address, the words to say.

No path reports success: every sentence ends in what to check. None of them sends.
"""

from __future__ import annotations

import mimetypes
import unicodedata
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from desktop_app.files import write_atomic
from desktop_app.platform.interface import MailRoute

LOOK = "Look that the file is attached before you send it."


def mailto(to: str, subject: str, body: str) -> str:
    """A mailto address (RFC 6068). There is no way to name an attachment that mail programs accept."""
    return f"mailto:{quote(to, safe='@,')}?subject={quote(subject)}&body={quote(body)}"


def write_draft(to: str, subject: str, body: str, attachment: Path) -> Path:
    """Write `<attachment>.eml` beside the attachment: a message marked as not yet sent (`X-Unsent: 1`), and return it.

    It has no From, Date or Message-ID, which the mail program fills in. A line break in a header raises ValueError.
    """
    message = EmailMessage(policy=SMTP)
    message["To"] = to
    message["Subject"] = subject
    message["X-Unsent"] = "1"
    message.set_content(body)
    kind = mimetypes.guess_type(attachment.name)[0] or "application/octet-stream"
    main, sub = kind.split("/", 1)
    # Older programs cannot read the RFC 2231 form that any other character would need.
    plain = unicodedata.normalize("NFKD", attachment.name).encode("ascii", "ignore").decode("ascii")
    plain = plain if Path(plain).stem.strip(" .-") else "attachment" + attachment.suffix
    message.add_attachment(attachment.read_bytes(), maintype=main, subtype=sub, filename=plain)
    draft = attachment.with_name(attachment.name + ".eml")
    write_atomic(draft, message.as_bytes())
    return draft


def compose_argument(to: str, subject: str, body: str, attachment: Path) -> str:
    """Thunderbird's `-compose` value. It knows no escape for its quote, so a typographic one takes its place."""

    def quoted(text: str) -> str:
        return "'" + text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}") + "'"

    # as_uri() leaves quotes and commas of a file name as they are, and both end a value here.
    uri = attachment.resolve().as_uri().replace("'", "%27").replace(",", "%2C")
    fields = (("to", to), ("subject", subject), ("body", body), ("attachment", uri))
    return ",".join(f"{name}={quoted(value)}" for name, value in fields)


def attached(route: Literal["compose", "draft", "mapi", "xdg-email", "applescript"]) -> MailRoute:
    """The answer of a route that hands the file to the mail program."""
    return MailRoute(route, True, f"Your e-mail program should open with the file attached. {LOOK}")


def by_hand(attachment: Path, *, message_opened: bool) -> MailRoute:
    """The answer when the file could not be handed over: the folder is open, the person attaches it."""
    if message_opened:
        say = f"Your e-mail program should open a message. Attach {attachment.name} to it, from the folder shown."
        return MailRoute("mailto", False, say)
    say = f"Start an e-mail yourself and attach the file {attachment.name} from {attachment.parent} to it."
    return MailRoute("folder", False, say)
