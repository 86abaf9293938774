"""What a person can mend ends with 1 and one sentence; what is our mistake keeps its traceback."""

import os
import subprocess
import sys

import click
import pytest
from django.core.management.base import CommandError
from django.db import OperationalError

from shoshin import cli
from shoshin.measures.models import WordingPack


class CannotDoIt(ValueError):
    pass


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (CannotDoIt("The file has no dates."), "The file has no dates."),
        (CommandError("No network."), "No network."),
        (OperationalError("no such table: people_clinic\nmore"), "run `shoshin setup` once"),
        (
            PermissionError(13, "Permission denied", "var/secret_key"),
            "var/secret_key: Permission denied. Check SHOSHIN_HOME",
        ),
    ],
)
def test_a_refusal_is_one_sentence(problem, sentence):
    with pytest.raises(cli.Refusal, match=sentence) as refused, cli.plainly_refused():
        raise problem
    assert refused.value.exit_code == 1
    assert "\n" not in refused.value.message


def test_a_mistake_of_ours_is_not_hidden():
    with pytest.raises(ZeroDivisionError), cli.plainly_refused():
        raise ZeroDivisionError


def test_a_mistake_of_typing_passes_unchanged():
    with pytest.raises(click.UsageError), cli.plainly_refused():
        raise click.UsageError("--cert and --key go together.")


def test_version_names_what_is_installed(shoshin, db):
    answer = shoshin("version")
    assert answer.exit_code == 0
    assert "Shoshin 0." in answer.output
    assert "Database: " in answer.output


def test_without_measures_the_list_says_what_to_run(shoshin, db):
    answer = shoshin("measures", "list")
    assert answer.exit_code == 1
    assert "shoshin setup" in answer.stderr


def test_setup_loads_the_measures_and_may_run_again(shoshin, db):
    assert shoshin("setup").exit_code == 0
    assert shoshin("setup").exit_code == 0
    listed = shoshin("measures", "list").output
    assert "phq-9" in listed
    assert [line for line in listed.splitlines() if line.startswith("shoshin-check") and "de, en" in line]


def test_a_folder_without_wording_is_refused_plainly(shoshin, db, tmp_path):
    shoshin("setup")
    answer = shoshin("measures", "wording", "--folder", str(tmp_path))
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output


def test_wording_can_be_fetched_now_and_added_another_time(shoshin, db, home, monkeypatch):
    fetched = []
    monkeypatch.setattr("shoshin.measures.management.commands.load_wording.install_wording", fetched.append)
    shoshin("setup")
    answer = shoshin("measures", "wording", "--fetch-only")
    assert (answer.exit_code, fetched) == (0, [home / "wording"])
    assert "Nothing was added yet" in answer.output
    assert not WordingPack.objects.exclude(measure_version__measure_id__startswith="shoshin").exists()
    both = shoshin("measures", "wording", "--fetch-only", "--offline")
    assert both.exit_code == 2 and "goes with neither" in both.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SHOSHIN_DATABASE", "banana", "begins with postgres:// or sqlite:///"),
        ("SHOSHIN_DATABASE", "postgres://here:x/clinic", "A setting cannot be read"),
        ("SHOSHIN_EMAIL", "banana", "SHOSHIN_"),
        ("SHOSHIN_HOME", "/proc/nowhere", "Check SHOSHIN_HOME"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named_without_a_traceback(name, value, sentence, tmp_path):
    environment = {**os.environ, "SHOSHIN_HOME": str(tmp_path), name: value}
    command = [sys.executable, "-m", "shoshin.cli", "version"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr
