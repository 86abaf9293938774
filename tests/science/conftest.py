"""Science is tested without Django, and without touching a disk."""

import builtins
from typing import NoReturn

import pytest


@pytest.fixture(autouse=True)
def no_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A formula that opens a file is no formula."""
    if "reads_files" not in request.fixturenames:

        def refuse(*args: object, **kwargs: object) -> NoReturn:
            raise AssertionError("science opened a file")

        monkeypatch.setattr(builtins, "open", refuse)
