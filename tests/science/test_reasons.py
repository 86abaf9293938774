"""Reasons are plain values, and every code that science can give is listed for those who write its words."""

import ast
from importlib import resources

import pytest

from shoshin.science.reasons import Reason


def test_reasons_are_compared_by_what_they_say() -> None:
    assert Reason("prorated", {"filled": 1}) == Reason("prorated", {"filled": 1})
    assert Reason("prorated", {"filled": 1}) != Reason("prorated", {"filled": 2})
    assert Reason("no_cutoff").facts == {}
    with pytest.raises(AttributeError):
        Reason("prorated").code = "other"


def test_every_code_in_the_modules_is_listed_in_the_docs(pytestconfig: pytest.Config) -> None:
    listed = (pytestconfig.rootpath / "docs/methods/reasons.md").read_text("utf-8")
    missing = {code for code in _codes() if f"`{code}`" not in listed}
    assert not missing


def _codes() -> set[str]:
    """Codes written out in a call to Reason or _moved."""
    found: set[str] = set()
    for module in ("scales", "change", "signals"):
        tree = ast.parse(resources.files("shoshin.science").joinpath(f"{module}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
            if named and node.func.id in ("Reason", "_moved") and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    assert len(found) > 25
    return found
