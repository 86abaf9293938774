"""The documents say what is there: settings, commands, decisions, apps, and links that lead somewhere."""

import re
from pathlib import Path

import click
import pytest

from shoshin.cli import main

PACKAGE = Path("src/shoshin")
UNWRITTEN = {"var", "node_modules", "build", "dist"}
PAGES = sorted(
    path for path in Path().rglob("*.md") if not any(part.startswith(".") or part in UNWRITTEN for part in path.parts)
)
MANUAL = "\n".join(path.read_text() for path in [Path("README.md"), *sorted(Path("docs").rglob("*.md"))])
DECISIONS = sorted(Path("docs/decisions").glob("*.md"))
APPS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def commands(group: click.Group, before: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        full = f"{before}{name}"
        found += commands(command, f"{full} ") if isinstance(command, click.Group) else [full]
    return found


def headings(path: Path) -> list[str]:
    return re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE)


def broken_links(path: Path) -> list[str]:
    targets = (link.partition("#")[0] for link in LINK.findall(path.read_text()))
    ours = [target for target in targets if target and not re.match(r"[a-z]+:", target)]
    return [f"{path} -> {target}" for target in ours if not (path.parent / target).exists()]


def test_every_setting_is_explained():
    settings = set(re.findall(r"\"(SHOSHIN_[A-Z_]+)\"", (PACKAGE / "settings.py").read_text()))
    assert len(settings) > 8
    assert {name for name in settings if not re.search(rf"\b{name}\b", MANUAL)} == set()


def test_every_command_is_named():
    found = commands(main)
    assert {"serve", "measures list"} <= set(found)
    assert [name for name in found if not re.search(rf"(shoshin |`){re.escape(name)}\b", MANUAL)] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_four_headings_and_fits_on_a_page(decision):
    assert headings(decision) == ["Status", "Context", "Decision", "Consequences"]
    lines = decision.read_text().splitlines()
    assert len(lines) <= 60
    assert lines[0].startswith(f"# {int(decision.name[:4])}. ")


def test_decisions_are_numbered_without_gaps():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert len(DECISIONS) >= 10


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.name)
def test_every_app_says_its_words_its_doors_and_what_it_must_not_know(app):
    text = (app / "README.md").read_text()
    assert text.startswith(f"# {app.name}: ")
    assert [part for part in ("**Words.**", "**Doors.**", "**Must not know.**") if part not in text] == []
    assert 15 <= len(text.splitlines()) <= 30


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.name)
def test_the_map_shows_every_app(app):
    assert f"\n  {app.name}/" in Path("docs/map.md").read_text()


def test_the_changelog_tells_therapists_what_is_new():
    text = Path("CHANGELOG.md").read_text()
    newest = re.search(r"^## (.+)\n((?:(?!^## ).*\n)+)", text, re.MULTILINE)
    assert newest and "unreleased" in newest[1].lower()
    assert "You can now" in newest[2]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_to_a_file_leads_somewhere(page):
    assert broken_links(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[here](page.md#part), [there](https://example.org), [gone](gone.md#part)")
    assert broken_links(page) == [f"{page} -> gone.md"]


def test_the_licence_is_the_whole_agpl():
    text = Path("LICENSE").read_text()
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert "13. Remote Network Interaction" in text and "END OF TERMS AND CONDITIONS" in text
