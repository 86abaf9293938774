"""Which measures there are, and the facts of one."""

from typing import TYPE_CHECKING

from shoshin.measures.models import MeasureVersion
from shoshin.measures.models.definitions import Measure

if TYPE_CHECKING:
    from shoshin.people.models import Clinic

KEPT = 512
_parsed: dict[str, Measure] = {}


class CannotFindMeasure(LookupError):
    """No such measure here."""


def facts(version: MeasureVersion) -> Measure:
    """The facts of a stored version. Stored facts never change, so they are parsed once per process."""
    measure = _parsed.get(version.sha256)
    if measure is None:
        if len(_parsed) >= KEPT:
            _parsed.clear()
        measure = _parsed[version.sha256] = Measure.model_validate(version.facts)
    return measure


def measure_version(key: int | str, *, clinic: "Clinic | None" = None, version: str | None = None) -> MeasureVersion:
    """One stored version: by primary key, or by measure id (the newest one this clinic may use)."""
    found = MeasureVersion.objects.filter(pk=key) if isinstance(key, int) else _visible(clinic).filter(measure_id=key)
    if version is not None:
        found = found.filter(version=version)
    row = _own_first(list(found.order_by("pk")))
    if row is None:
        raise CannotFindMeasure(f"There is no measure {key} here. Open Measures to see which there are.")
    return row


def current_measures(clinic: "Clinic | None") -> list[MeasureVersion]:
    """The newest version of each measure this clinic may use; its own stands before the installed one."""
    newest: dict[str, MeasureVersion] = {}
    for row in _visible(clinic).order_by("pk"):
        kept = newest.get(row.measure_id)
        newest[row.measure_id] = row if kept is None else _own_first([kept, row]) or row
    return sorted(newest.values(), key=lambda row: (not facts(row).validated, facts(row).short.lower()))


def _visible(clinic: "Clinic | None"):  # type: ignore[no-untyped-def]
    installed = MeasureVersion.objects.filter(clinic=None)
    return installed if clinic is None else installed | MeasureVersion.objects.filter(clinic=clinic)


def _own_first(rows: list[MeasureVersion]) -> MeasureVersion | None:
    own = [row for row in rows if row.clinic_id is not None]
    chosen = own or rows
    return chosen[-1] if chosen else None
