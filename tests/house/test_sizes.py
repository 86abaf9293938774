"""No function over 60 lines, no file over 400: whoever reads it holds it in the head."""

import ast
from pathlib import Path

SOURCES = sorted(path for folder in ("src", "tests", "bench", "tools") for path in Path(folder).rglob("*.py"))
OURS = [path for path in SOURCES if "migrations" not in path.parts]


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def test_no_file_is_longer_than_400_lines():
    assert len(OURS) > 50
    assert {str(path): n for path in OURS if (n := len(path.read_text().splitlines())) > 400} == {}


def test_no_function_is_longer_than_60_lines():
    long = {f"{path}:{name}": n for path in OURS for name, n in functions(path) if n > 60}
    assert long == {}


def test_views_fit_in_25_lines():
    views = [path for path in OURS if "views" in path.parts or path.name == "views.py"]
    long = {f"{path}:{name}": n for path in views for name, n in functions(path) if n > 25}
    assert long == {}
