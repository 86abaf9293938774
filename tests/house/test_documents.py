"""Documents that say something about the code are held to it."""

import re
from pathlib import Path

from shoshin.kit.inventory import inventory

ROOT = Path(__file__).resolve().parents[2]
HAZARDS = ROOT / "docs" / "hazards.md"


def test_the_inventory_of_data_is_what_the_tables_say():
    kept = (ROOT / "docs" / "data_inventory.md").read_text(encoding="utf-8")
    assert kept == inventory(), "write it anew: shoshin inventory > docs/data_inventory.md"


def hazards():
    rows = [line.strip("|").split("|") for line in HAZARDS.read_text(encoding="utf-8").splitlines()]
    return [[cell.strip() for cell in row] for row in rows if re.match(r"\s*H\d+\s*$", row[0])]


def test_every_hazard_has_a_control_and_a_test_that_is_there():
    found = hazards()
    assert len(found) >= 12
    assert [row[0] for row in found] == [f"H{number}" for number in range(1, len(found) + 1)]
    for number, hazard, _before, control, _after, tests in found:
        assert hazard and control, number
        named = re.findall(r"`(tests/[^`]+)`", tests)
        assert named, f"{number} names no test"
        for each in named:
            assert (ROOT / each).exists(), f"{number} names {each}, which is not there"
