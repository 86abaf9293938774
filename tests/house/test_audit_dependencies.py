"""The look at known weaknesses is never green about what it did not see."""

from pathlib import Path

import pytest
from tools.audit_dependencies import LOCKS, locked, verdict

NAMES = {"django", "numpy"}
FINE = {"name": "Django", "version": "5.2", "vulns": []}
WEAK = {"name": "numpy", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
SKIPPED = {"name": "numpy", "skip_reason": "not found and could not be audited"}


@pytest.mark.parametrize("second", [WEAK, SKIPPED, None], ids=["weak", "not looked up", "absent"])
def test_it_fails_for_what_is_weak_or_was_not_looked_up(second):
    said, well = verdict(NAMES, {"dependencies": [FINE, *([second] if second else [])]})
    assert not well
    assert "2 locked" in said[0]


def test_it_ends_well_when_all_were_looked_up_and_none_is_weak():
    said, well = verdict(NAMES, {"dependencies": [FINE, FINE | {"name": "numpy"}]})
    assert well and said == ["2 locked, 2 looked up, 0 known weaknesses."]


def test_an_empty_lock_is_no_success():
    assert not verdict(set(), {"dependencies": []})[1]


def test_the_locks_are_read_whole():
    for lock in LOCKS:
        entries = [line for line in Path(lock).read_text().splitlines() if line and not line.startswith((" ", "#"))]
        assert len({entry.split("==")[0].lower() for entry in entries}) == len(locked(lock)) > 20
