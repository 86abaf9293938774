"""What must never exist, looked for in every source, template and address."""

import re
from pathlib import Path

from shoshin.policy import POLICY

SOURCE = Path("src/shoshin")
TEXT = [path for path in SOURCE.rglob("*") if path.suffix in {".py", ".html", ".js", ".css", ".yaml", ".md"}]
SHOWN = [path for path in TEXT if path.suffix in {".html", ".js"}]


def found(pattern: str, paths) -> list[str]:
    return [f"{path}" for path in paths if re.search(pattern, path.read_text(), re.IGNORECASE)]


def test_there_are_sources_to_look_at():
    assert len(TEXT) > 100


def test_no_page_ranks_people_or_counts_streaks():
    assert [name for name in POLICY if re.search("rank|leader|league|streak|badge|score_board", name)] == []
    assert found(r"leaderboard|league table|\bstreaks?\b|top therapists", SHOWN) == []


def test_no_page_says_that_somebody_is_watching():
    assert found(r"we('re| are) (watching|monitoring)|someone is watching|monitored (live|24)", SHOWN) == []


def test_no_template_loads_anything_from_another_host():
    assert found(r"(src|href)=[\"']https?://(?!www\.wikipedia\.org)|@import|url\(https?:", SHOWN) == []
    assert found(r"@import|url\([\"']?https?:", [path for path in TEXT if path.suffix == ".css"]) == []


def test_no_template_carries_inline_style_or_script():
    pages = [path for path in SHOWN if path.suffix == ".html"]
    assert found(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)[^>]*>\s*[^<\s]|javascript:", pages) == []


def test_no_address_of_this_machine_or_of_a_registry_is_written_down():
    everything = [path for path in Path().rglob("*") if path.is_file() and not _ignored(path)]
    assert found(r"/(work|farm|root)/[a-z]|pypi\.org|files\.pythonhosted|registry\.npmjs", _readable(everything)) == []


def _ignored(path: Path) -> bool:
    return any(part.startswith(".") or part in {"var", "node_modules", "__pycache__"} for part in path.parts) or (
        path == Path("tests/house/test_absences.py")
    )


def _readable(paths: list[Path]) -> list[Path]:
    kinds = {".py", ".md", ".txt", ".toml", ".yaml", ".html", ".css", ".js", ".sh", ".po", ".ini", ""}
    return [path for path in paths if path.suffix in kinds]
