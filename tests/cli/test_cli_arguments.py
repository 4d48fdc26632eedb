"""Options before or after the command, standard input, help, and the four exit statuses."""

from __future__ import annotations

import json

import pytest

from desktop_app.cli.arguments import FLAGS, command_word, reorder
from desktop_app.cli.commands import FAMILIES, GROUPS, app

GROUP_WORDS = frozenset({"record", "forms"})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--json", "record", "list"], ["record", "list", "--json"]),
        (["-o", "a b", "record", "--limit", "3", "list"], ["record", "list", "-o", "a b", "--limit", "3"]),
        (["--profile=x", "search", "hull"], ["search", "--profile=x", "hull"]),
        (["record", "add", "evidence", "-"], ["record", "add", "evidence", "-"]),
        (["-o", "out.pdf", "report", "record", "ID"], ["report", "-o", "out.pdf", "record", "ID"]),
        (["--help"], ["--help"]),
        ([], []),
        (["--json", "search", "--", "--not-an-option"], ["search", "--json", "--", "--not-an-option"]),
    ],
)  # fmt: skip
def test_options_are_moved_behind_the_command(given: list[str], expected: list[str]):
    assert reorder(given, GROUP_WORDS) == expected


def test_command_word():
    assert command_word(["--profile", "x", "record", "list"]) == "record"
    assert command_word(["--profile", "x"]) == ""


def every_command():
    """Each command that does something, with its click options."""
    import click

    def walk(command, words):
        if isinstance(command, click.Group):
            yield words, command
            for name in command.list_commands(click.Context(command)):
                yield from walk(command.get_command(click.Context(command), name), [*words, name])
        else:
            yield words, command

    for name in FAMILIES:
        if name != "demo":
            yield from walk(app.get_command(click.Context(app), name), [name])


def test_the_table_of_flags_is_that_of_the_commands():
    """`reorder` must know which options take no value; a new flag that is not in its table would swallow a word."""
    import click

    flags, valued = set(), set()
    for _, command in every_command():
        for option in command.params:
            if isinstance(option, click.Option):
                (flags if option.is_flag else valued).update(option.opts)
    assert flags <= FLAGS
    assert not valued & FLAGS


def test_the_table_of_groups_is_that_of_the_commands():
    import click

    groups = {words[0] for words, command in every_command() if isinstance(command, click.Group)}
    assert groups == GROUPS


def test_options_before_the_command_really_work(empty):
    before = empty.run("forms", "list", passphrase=False)
    import subprocess
    import sys

    command = [sys.executable, "-m", "ui", "--json", "--profile", str(empty.profile), "forms", "list"]
    after = subprocess.run(command, capture_output=True, env=empty.environment(), cwd=empty.folder)
    assert json.loads(after.stdout) == before.data


@pytest.mark.parametrize(
    "words", [["nonsense"], ["record"], ["setup"], ["record", "list", "--limit", "0"], ["report", "record"]]
)
def test_usage_is_exit_2(empty, words: list[str]):
    done = empty.run(*words, status=2, passphrase=False)
    assert done.data is None or done.data["error"]["code"] == "E-USAGE"
    assert done.err


@pytest.mark.parametrize("words", [["record", "list"], ["search", "x"], ["check"], ["send", "-o", "out"]])
def test_without_records_every_command_says_so(empty, words: list[str]):
    done = empty.run(*words, status=1)
    assert done.data["error"]["code"] == "E-NOPROFILE"
    assert done.data["error"]["do"]


def test_two_readers_of_standard_input_are_refused(empty):
    done = empty.run("record", "add", "evidence", "-", "--attach", "-", given="{}", status=2)
    assert "twice" in done.data["error"]["what"]


@pytest.mark.parametrize("words", [[], ["record"], ["record", "add"], ["receive"], ["fill"], ["demo"]])
def test_help(empty, words: list[str]):
    done = empty.run(*words, "--help", passphrase=False, json_out=False)
    assert "Usage: branch-evidence" in done.out
