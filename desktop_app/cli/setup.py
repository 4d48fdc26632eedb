"""`setup`: new, empty records for a branch or for the national office."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from desktop_app.cli.answer import Answer
from desktop_app.cli.common import common_options, read_bytes, read_passphrase, say, session
from desktop_app.cli.filters import authority_code
from desktop_app.errors import UsageProblem


@click.command()
@click.option("--role", type=click.Choice(["branch", "office"]), required=True)
@click.option("--name", required=True, help="The name of the branch; for the office, of the person or team.")
@click.option("--officer-role", default="", help="What you are in the branch, such as Secretary.")
@click.option("--authority", "authorities", multiple=True, metavar="CODE", help="One of its authorities; repeatable.")
@click.option("--office-card", metavar="FILE", help="The card the office sent you.")
@click.option("--recovery-sheet", type=click.Path(path_type=Path), metavar="OUT.pdf", help="Also as a page to print.")
@click.option("--office-may-unlock", is_flag=True, help="Let the national office help if you forget; needs its card.")
@common_options
def setup(
    role: str,
    name: str,
    officer_role: str,
    authorities: tuple[str, ...],
    office_card: str | None,
    recovery_sheet: Path | None,
    office_may_unlock: bool,
) -> Answer:
    """Set up new records. The spare key is printed once and kept nowhere: copy it on paper."""
    from desktop_app.records import shares
    from desktop_app.services import office_keys, rescue
    from desktop_app.services import profile as profiles
    from desktop_app.services.contacts import adding_card

    if office_may_unlock and not office_card:
        raise UsageProblem("The office can be let in only with its card.", do="Name it with --office-card.")

    codes = tuple(authority_code(code) for code in authorities)
    card = read_bytes(office_card, "the office's card") if office_card else None
    passphrase = read_passphrase(new=True, prompt="New passphrase")
    created = profiles.create(
        session().paths,
        role=role,
        name=name,
        passphrase=passphrase,
        officer_role=officer_role,
        authorities=codes,
        prepare=adding_card(card),
    )
    try:
        # As the window does: marks of the groups, so that any two can be asked for once a year.
        rescue.after_set_up(created.profile, created.spare_key, passphrase, office_may_unlock=office_may_unlock)
        if created.recovery_identity is not None:
            office_keys.parts_made(created.profile)
        if recovery_sheet is not None:
            _write_sheet(created, recovery_sheet)
    finally:
        created.profile.close()
    data: dict[str, Any] = {"device": created.device, "words": created.words, "recovery_code": created.spare_key}
    lines = [
        f"Records set up in {session().paths.folder}.",
        f"Six words of this computer, to compare by telephone: {created.words}",
        "",
        f"Spare key: {created.spare_key}",
        "Copy it on paper now. It opens your records if you forget the passphrase, and is kept nowhere else.",
    ]
    if created.recovery_identity is not None:
        data["recovery_identity"] = created.recovery_identity
        data["recovery_parts"] = shares.split(created.recovery_identity)
        lines += [
            "",
            f"Recovery identity of the office: {created.recovery_identity}",
            "It opens every file the branches send, and is kept nowhere else. Better than the whole: these three parts, on",
            "paper in three places, of which any two are enough.",
            *(f"Part {number}: {part}" for number, part in enumerate(data["recovery_parts"], 1)),
        ]
    say("The spare key is shown this once.")
    return Answer(data, "\n".join(lines))


def _write_sheet(created: Any, out: Path) -> None:
    from desktop_app.services import reporting

    reporting.recovery_sheet(created, out)
