"""What every command stands on: refusals as one sentence, and Django started late."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

DATABASES = ("postgres://", "postgresql://", "sqlite:")
YES = ("1", "true", "yes", "on")


class Refusal(click.ClickException):
    """Something the person can mend: one plain sentence, no traceback."""

    exit_code = 1


class PlainGroup(click.Group):
    """A group of commands whose refusals are sentences."""

    def invoke(self, ctx: click.Context) -> Any:
        with plainly_refused():
            return super().invoke(ctx)


@contextmanager
def plainly_refused() -> Iterator[None]:
    """Turn what a person can mend into one sentence. Anything else is our mistake, with its traceback."""
    from django.core.management.base import CommandError
    from django.db import OperationalError, ProgrammingError

    try:
        yield
    except CommandError as problem:
        raise Refusal(str(problem)) from None
    except (OperationalError, ProgrammingError) as problem:
        raise Refusal(
            f"The database does not answer as expected ({first_line(problem)}). Nothing was changed. "
            "Check SHOSHIN_DATABASE, and run `shoshin setup` once."
        ) from None
    except OSError as problem:
        if not problem.filename:
            raise
        raise Refusal(
            f"{problem.filename}: {problem.strerror}. Check SHOSHIN_HOME, and who owns that folder."
        ) from None
    except Exception as problem:
        # By the house's naming an action that refuses raises CannotSomething, with a sentence for the person.
        if type(problem).__name__.startswith("Cannot"):
            raise Refusal(str(problem)) from None
        raise


def first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def start_django(demo: bool = False) -> None:
    """Read the settings. A demo keeps its invented people apart from a real clinic's files."""
    if demo:
        os.environ["SHOSHIN_DEMO"] = "1"
        os.environ.setdefault("SHOSHIN_HOME", "var/demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoshin.settings")
    if not os.environ.get("SHOSHIN_DATABASE", "sqlite:").startswith(DATABASES):
        raise Refusal("SHOSHIN_DATABASE begins with postgres:// or sqlite:///. Nothing was changed.")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ValueError, KeyError, ImproperlyConfigured) as problem:
        raise Refusal(
            f"A setting cannot be read ({first_line(problem)}). "
            "Check the variables that begin with SHOSHIN_; README.md explains each."
        ) from None
    from shoshin.kit import row_security

    row_security.act_as_operator()


def wants(name: str) -> bool:
    """Whether a setting of the environment says yes."""
    return os.environ.get(name, "").lower() in YES


def wants_demo(flag: bool) -> bool:
    return flag or wants("SHOSHIN_DEMO")


def percent_of(bar: Any) -> Callable[[float], None]:
    """Move a bar of 100 to the share done so far."""
    return lambda share: bar.update(round(share * 100) - bar.pos)
