"""What must never exist, looked for in every source, template and address."""

import re
from pathlib import Path

import pytest

from shoshin.policy import POLICY
from shoshin.research.models import ClinicEffect, OwnEffect

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


RANKS = (
    r"percentile|prozentrang",
    r"rank(ed|ing)?\b.{0,40}\b(therapist|colleague|people)|rangliste|rangplatz",
    r"(better|worse) than (\d|most|half|all)|besser als (\d|die meisten|die hälfte|alle)",
    r"(best|worst|weakest|strongest) (therapist|colleague)|(beste|schlechteste|schwächste)[nr]? (therapeut|kolleg)",
    r"top \d+|(upper|lower|obere|untere)[sn]? (quarter|quartile|viertel)",
)
RESEARCH = SOURCE / "research"


def ranked(text: str) -> list[str]:
    plain = re.sub(r"\s+", " ", re.sub(r'"\n"', "", text)).lower()
    return [found[0] for pattern in RANKS if (found := re.search(pattern, plain))]


def test_no_sentence_ranks_people():
    said = [path for path in SOURCE.rglob("*") if path.suffix in {".html", ".po"}]
    assert len(said) > 100
    assert {str(path): words for path in said if (words := ranked(path.read_text()))} == {}


@pytest.mark.parametrize(
    "said",
    [
        "You are in the 80th percentile.",
        "We ranked all therapists.",
        "Better than most here.",
        "the best therapists",
        "Sie sind besser als die\n Hälfte.",
        "among the top 10",
        "im oberen Viertel: obere viertel",
    ],
)
def test_a_sentence_that_ranks_is_noticed(said):
    assert ranked(said)


def orders_by_figure(source: str) -> list[str]:
    """Rows of people put in the order of a figure, in a query or in Python."""
    figures = "estimate|low|high|chance|share|typical"
    return re.findall(rf"order_by\([^)]*[\"'-](?:{figures})[\"'].*|key=lambda \w+: -?\w+\.(?:{figures})\b.*", source)


def test_nothing_orders_people_by_a_figure():
    files = sorted(RESEARCH.rglob("*.py"))
    assert len(files) > 8
    assert {str(path): found for path in files if (found := orders_by_figure(path.read_text()))} == {}
    for defect in (
        "rows.order_by('-estimate')",
        'rows.order_by("clinic", "low")',
        "sorted(rows, key=lambda r: r.estimate)",
    ):
        assert orders_by_figure(defect)


@pytest.mark.parametrize("model", [OwnEffect, ClinicEffect], ids=lambda model: model.__name__)
def test_the_database_itself_refuses_a_figure_without_an_interval_or_of_too_few(model):
    """That each refuses is shown in research/test_build_effects.py; here, that none of them is taken away."""
    names = {constraint.name for constraint in model._meta.constraints}
    wanted = {
        OwnEffect: {"no_own_effect_without_an_interval", "no_own_effect_of_few_courses"},
        ClinicEffect: {"no_clinic_effect_without_an_interval", "no_clinic_effect_of_few"},
    }[model]
    assert wanted <= names


# Nobody reads live, so nothing we say may sound as if somebody did. Searched for in every sentence in every language.
FALSE_COMFORT = (
    r"we('re| are)? (watch|monitor)",
    r"(someone|somebody|your therapist|the clinic) (is|are) (watching|monitoring)",
    r"(always|constantly|around the clock|24/7|live) (monitored|watched|read)",
    r"monitored (live|24|around|at all times|by)",
    r"(reads|read|watches|responds|answers) (this |it )?(in real time|around the clock|at any time|immediately|24/7)",
    r"(help is on its way|someone will (contact|call) you|you are (safe|not alone) here)",
    r"(wir|jemand|ihr therapeut|ihre therapeutin) (überwach|beobacht|wach)(en|t|et)",
    r"(rund um die uhr|jederzeit|live|in echtzeit) (gelesen|überwacht|beobachtet)",
    r"(hilfe ist unterwegs|jemand meldet sich sofort)",
)
SENTENCES = [*TEXT, *SOURCE.rglob("*.po")]


def false_comfort(text: str) -> list[str]:
    plain = re.sub(r"\s+", " ", re.sub(r'"\n"', "", text)).lower()
    negated = re.sub(r"\b(nobody|niemand|nie|not|nicht|no one)\b[^.,;:]{0,40}", " ", plain)
    return [found[0] for pattern in FALSE_COMFORT if (found := re.search(pattern, negated))]


def test_no_page_says_that_somebody_is_watching():
    found = {str(path): words for path in SENTENCES if (words := false_comfort(path.read_text()))}
    print(f"K9: {len(SENTENCES)} files, {len(FALSE_COMFORT)} phrases, {len(found)} found")
    assert len(SENTENCES) > 300 and sum(path.suffix == ".po" for path in SENTENCES) >= 1
    assert found == {}


@pytest.mark.parametrize(
    "said",
    [
        "Do not worry, we monitor your answers.",
        "Someone is\n watching over this page.",
        "Your answers are always monitored.",
        "Ada reads this immediately.",
        "Wir überwachen Ihre Antworten.",
        "Antworten werden rund um die Uhr gelesen.",
        'msgstr ""\n"Jemand "\n"beobachtet das."',
    ],
)
def test_a_sentence_that_promises_a_watch_is_noticed(said):
    assert false_comfort(said)


@pytest.mark.parametrize("said", ["Nobody reads it live.", "Niemand liest live.", "It cannot be watched."])
def test_saying_that_nobody_reads_live_is_allowed(said):
    assert not false_comfort(said)


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
