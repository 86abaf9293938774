"""Every public name of the science is explained in docs/methods and met in a test of its own folder."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

SCIENCE = Path("src/shoshin/science")
PACKAGES = [path.parent.name for path in SCIENCE.glob("*/__init__.py")]  # one page each, one door: their __init__
MODULES = sorted([*(path.stem for path in SCIENCE.glob("[a-z]*.py")), *PACKAGES])
METHODS = Path("docs/methods")
EXPLAINED = "\n".join(path.read_text() for path in sorted(METHODS.glob("*.md")))
TESTED = "\n".join(path.read_text() for path in sorted(Path("tests/science").glob("test_*.py")))


def public(module: str) -> list[str]:
    return list(importlib.import_module(f"shoshin.science.{module}").__all__)


def functions(module: str) -> list[str]:
    home = importlib.import_module(f"shoshin.science.{module}")
    return [name for name in public(module) if inspect.isfunction(getattr(home, name))]


def missing_from(text: str, names: list[str]) -> list[str]:
    return [name for name in names if not re.search(rf"\b{re.escape(name)}\b", text)]


def test_there_is_science_to_look_at():
    assert {"scales", "change", "signals", "mixed"} <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_named_in_the_methods(module):
    assert missing_from(EXPLAINED, public(module)) == []


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_met_in_a_test(module):
    assert missing_from(TESTED, public(module)) == []


@pytest.mark.parametrize("module", MODULES)
def test_every_function_has_its_section_on_the_page_of_its_module(module):
    headings = "\n".join(re.findall(r"^## .+$", (METHODS / f"{module}.md").read_text(), re.MULTILINE))
    assert missing_from(headings, functions(module)) == []


@pytest.mark.parametrize("module", MODULES)
def test_every_page_asks_a_question_and_gives_formula_source_and_limits(module):
    text = (METHODS / f"{module}.md").read_text()
    parts = (r"\*\*Question", r"\*\*(Formula|Equation)", r"\*\*Source", r"\*\*Limits")
    assert [part for part in parts if not re.search(part, text)] == []


@pytest.mark.parametrize("module", MODULES)
def test_every_function_says_what_it_answers(module):
    home = importlib.import_module(f"shoshin.science.{module}")
    assert [name for name in functions(module) if not (inspect.getdoc(getattr(home, name)) or "").strip()] == []


@pytest.mark.parametrize("module", MODULES)
def test_public_names_exist_and_nothing_else_of_the_module_is_public(module):
    home = importlib.import_module(f"shoshin.science.{module}")
    made_here = {
        name
        for name, thing in vars(home).items()
        if (inspect.isfunction(thing) or inspect.isclass(thing)) and thing.__module__ == home.__name__
    }
    assert {name for name in made_here if not name.startswith("_")} <= set(public(module))
    assert missing_from("\n".join(dir(home)), public(module)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_opens_what_its_modules_offer(package):
    inside = [path.stem for path in (SCIENCE / package).glob("[a-z]*.py")]
    offered = {
        name
        for stem in inside
        for name in getattr(importlib.import_module(f"shoshin.science.{package}.{stem}"), "__all__", ())
    }
    assert len(offered) > 10 and offered == set(public(package))


def test_every_code_of_a_reason_stands_in_the_table_of_reasons():
    sources = "\n".join(path.read_text() for path in sorted(SCIENCE.rglob("*.py")))
    codes = set(re.findall(r'Reason\(\s*"(\w+)"', sources))
    assert {"prorated", "optimum_certified", "not_converged"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in (METHODS / "reasons.md").read_text()] == []
