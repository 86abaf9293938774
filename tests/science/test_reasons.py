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
    """Codes written out in a call to Reason or _moved, or given to a name `code` that is passed to one."""
    found: set[str] = set()
    for module in ("scales", "change", "signals", "difficulty", "load"):
        tree = ast.parse(resources.files("shoshin.science").joinpath(f"{module}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
            if named and node.func.id in ("Reason", "_moved"):
                found |= _words(node.args[0])
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("code", "_MARKED"):
                found |= _words(node.value)
    assert len(found) > 60
    return found


def _words(node: ast.expr) -> set[str]:
    """A constant, or the constants between which a conditional expression chooses."""
    if isinstance(node, ast.IfExp):
        return _words(node.body) | _words(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()
