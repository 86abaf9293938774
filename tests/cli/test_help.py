"""Every command explains itself, and mistakes of typing say so."""

import click
import pytest

from shoshin import cli


def commands(group=cli.main, before=()):
    for name, command in group.commands.items():
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


def test_there_are_commands_to_look_at():
    assert {("serve",), ("setup",), ("demo",), ("version",), ("measures", "wording")} <= set(commands())


@pytest.mark.parametrize("words", [(), *commands()], ids=" ".join)
def test_help_explains_a_command_and_gives_an_example(shoshin, words):
    answer = shoshin(*words, "--help")
    assert answer.exit_code == 0
    assert "Usage: " in answer.output
    assert "Example:  " in answer.output or words == ()


def test_the_help_names_the_exit_codes(shoshin):
    assert "0 done, 1 refused (with the reason), 2 typed wrongly" in " ".join(shoshin("--help").output.split())


@pytest.mark.parametrize(
    "words",
    [
        ("sreve",),
        ("serve", "--port", "banana"),
        ("serve", "--port", "70000"),
        ("serve", "--cert", "no-such-file.pem"),
        ("serve", "--cert", "pyproject.toml"),
        ("demo", "--clients", "-1"),
        ("measures", "wording", "--folder", "no-such-folder"),
    ],
    ids=" ".join,
)
def test_what_is_typed_wrongly_is_named_and_ends_with_2(shoshin, served, words):
    answer = shoshin(*words)
    assert answer.exit_code == 2
    assert "Error: " in answer.output
    assert served == []
