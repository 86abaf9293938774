"""Science is tested without Django, and without touching a disk."""

import builtins
import sys
from typing import Any

import pytest

real_open = builtins.open


def refuse(*args: Any, **kwargs: Any) -> Any:
    """Open files for pytest and hypothesis, never for a formula."""
    if str(sys._getframe(1).f_globals.get("__name__", "")).startswith("shoshin.science"):
        raise AssertionError("science opened a file")
    return real_open(*args, **kwargs)


@pytest.fixture(autouse=True)
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A formula that opens a file is no formula."""
    monkeypatch.setattr(builtins, "open", refuse)
