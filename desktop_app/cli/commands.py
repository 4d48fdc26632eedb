"""The tree of commands. A family's module is imported only when one of its commands is run."""

from __future__ import annotations

from importlib import import_module

import click

from desktop_app import __version__
from desktop_app.cli.common import Session, common_options

# word -> (module, attribute, one line of help)
FAMILIES = {
    "setup": ("setup", "setup", "Set up new records, for a branch or the national office."),
    "office-card": ("sending", "office_card", "Write the office's card, which branches need to send."),
    "keys": ("keys", "keys", "The public keys of this computer and of those it knows."),
    "forms": ("forms", "forms", "List, show, check and add forms."),
    "fill": ("forms", "fill", "Fill a form step by step and print what it becomes (no records needed)."),
    "record": ("records", "record", "Add, change, show, list and settle records."),
    "search": ("records", "search", "Find records by words, newest first."),
    "report": ("reports", "report", "Make a PDF; `report list` names the kinds."),
    "send": ("sending", "send", "Write the file for the office."),
    "receive": ("sending", "receive", "Add files from branches or the office to the records; undo that."),
    "devices": ("sending", "devices", "The computers whose files are waiting, accepted or stopped."),
    "verify": ("sending", "verify", "Check a file without adding it."),
    "papers": ("papers", "papers", "The union's papers on the shelf: list, put, take off, save."),
    "export": ("exporting", "export", "Write records as Excel, CSV, JSON, ODK or SQLite."),
    "stats": ("exporting", "stats", "Count testimonies."),
    "erase": ("care", "erase", "Delete a record for good, everywhere."),
    "backup": ("care", "backup", "Write one encrypted file with everything in it."),
    "restore": ("care", "restore", "Open a backup in a new folder."),
    "check": ("care", "check", "Look whether the records are sound."),
    "passphrase": ("care", "passphrase", "Change the passphrase, or set a new one with the spare key."),
    "demo": ("demo", "demo", "The whole story, from two branches to the office, in a folder."),
}
GROUPS = frozenset({"keys", "forms", "record", "devices", "passphrase", "papers"})


class _Families(click.Group):
    """A group that knows its commands by name and loads one when asked for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(FAMILIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in FAMILIES:
            return None
        module, attribute, _ = FAMILIES[cmd_name]
        command: click.Command = getattr(import_module(f"desktop_app.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing one of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, _, help_line) in FAMILIES.items()])


@click.group(cls=_Families, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, prog_name="branch-evidence")
@common_options
@click.pass_context
def app(ctx: click.Context) -> None:
    """Branch Evidence from the command line. With no command, the window opens.

    Options may stand before or after the command; `-` is standard input for every FILE or JSON argument.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    ctx.ensure_object(Session)
