"""The command as somebody types it, without a server behind it."""

import pytest
from click.testing import CliRunner

from shoshin import cli
from shoshin.kit import boot


@pytest.fixture
def shoshin(monkeypatch):
    """Type `shoshin ...`; the environment is as it was afterwards."""
    for name in ("SHOSHIN_DEMO", "SHOSHIN_HOME", "SHOSHIN_BEHIND_PROXY"):
        monkeypatch.setenv(name, "")

    def type_in(*words, **environment):
        return CliRunner().invoke(cli.main, [*words], env=environment, catch_exceptions=False)

    return type_in


@pytest.fixture
def served(monkeypatch, settings, tmp_path):
    """What would have been served: the server itself stays off.

    The home folder is one nobody else looks into, and the tests' PostgreSQL may keep its rows in memory.
    """
    calls = []
    settings.HOME = tmp_path
    monkeypatch.setattr(boot, "DURABLE", ())
    monkeypatch.setattr(cli, "run_server", lambda *given: calls.append(given))
    return calls
