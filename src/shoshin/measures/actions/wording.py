"""Wording packs and the licence confirmations they stand on."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from shoshin.kit.action import Actor, action
from shoshin.measures.actions.measures import member
from shoshin.measures.models import LicenceConfirmation, MeasureVersion, WordingPack, files
from shoshin.measures.models.definitions import fingerprint
from shoshin.measures.models.wording import Wording, mismatches
from shoshin.measures.queries.camcops import LAYOUTS, file_sha256, read_camcops_xml
from shoshin.measures.queries.forms import licence_confirmation
from shoshin.measures.queries.versions import CannotFindMeasure, facts, measure_version

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership


class CannotAddWording(ValueError):
    """Wording that does not fit its measure, or whose licence nobody has confirmed."""


class CannotConfirmLicence(ValueError):
    """A confirmation that says nothing, or of a measure that needs none."""


@dataclass
class WordingReport:
    """Which measures have wording now, and why others have none."""

    worded: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@action("measures.add_wording")
def add_wording(
    *,
    version: MeasureVersion,
    wording: Wording,
    source_sha256: str,
    clinic: "Clinic | None",
    by: "Membership | Actor",
    at: datetime,
) -> WordingPack:
    """Add a wording pack to a measure version. The same pack twice is one pack."""
    measure = facts(version)
    wrong = mismatches(measure, wording)
    if wrong:
        raise CannotAddWording(f"This wording does not fit {measure.short}: {'; '.join(wrong)}. Nothing was stored.")
    confirmation = licence_confirmation(version, clinic)
    if not measure.licence.may_display or (measure.licence.needs_confirmation and confirmation is None):
        raise CannotAddWording(f"The licence of {measure.short} has not been confirmed yet. Confirm it first.")
    plain = wording.model_dump(mode="json")
    earlier = WordingPack.objects.filter(measure_version=version, language=wording.language, clinic=clinic)
    last: WordingPack | None = earlier.order_by("pk").last()
    if last and fingerprint(last.wording) == fingerprint(plain) and not _newer(confirmation, last):
        return last
    pack: WordingPack = WordingPack.objects.create(
        measure_version=version,
        language=wording.language,
        wording=plain,
        source=wording.source[:200],
        source_sha256=source_sha256,
        clinic=clinic,
        licence_confirmation=confirmation if measure.licence.needs_confirmation else None,
        added_at=at,
    )
    return pack


@action("measures.confirm_licence")
def confirm_licence(
    *,
    version: MeasureVersion,
    statement: str,
    clinic: "Clinic | None",
    by: "Membership | Actor",
    at: datetime,
) -> LicenceConfirmation:
    """Record somebody's word that the terms of this measure are met."""
    licence = facts(version).licence
    if not licence.needs_confirmation:
        raise CannotConfirmLicence(f"{facts(version).short} needs no confirmation: its wording may be shown.")
    if not statement.strip():
        raise CannotConfirmLicence("A confirmation needs the sentence that is confirmed.")
    return LicenceConfirmation.objects.create(
        measure_id=version.measure_id,
        clinic=clinic,
        statement=statement,
        confirmed_at=at,
        confirmed_by=member(by),
    )


@action("measures.load_wording")
def load_wording(
    *, folder: Path | None, clinic: "Clinic | None", by: "Membership | Actor", at: datetime
) -> WordingReport:
    """Add our own wording, and what an installed wording package holds for measures that may be shown."""
    report = WordingReport()
    if clinic is None:
        _add_own_wording(report, by, at)
    for measure_id, layout in LAYOUTS.items():
        path = folder / layout.file if folder else None
        if path is not None and path.exists():
            _add_from_package(report, measure_id, path, clinic, by, at)
    return report


def _newer(confirmation: LicenceConfirmation | None, pack: WordingPack) -> bool:
    return confirmation is not None and pack.licence_confirmation_id is None


def _add_own_wording(report: WordingReport, by: "Membership | Actor", at: datetime) -> None:
    for path in sorted((files.CONTENT / "wording").glob("*.yaml")):
        version = measure_version(path.name.split(".")[0])
        wording = files.read_wording_file(path, facts(version))
        add_wording(version=version, wording=wording, source_sha256=file_sha256(path), clinic=None, by=by, at=at)
        report.worded.append(f"{version.measure_id} ({wording.language})")


def _add_from_package(
    report: WordingReport,
    measure_id: str,
    path: Path,
    clinic: "Clinic | None",
    by: "Membership | Actor",
    at: datetime,
) -> None:
    try:
        version = measure_version(measure_id)
        wording = read_camcops_xml(path, facts(version))
    except (CannotFindMeasure, files.CannotReadMeasure) as refusal:
        report.problems.append(str(refusal))
        return
    licence = facts(version).licence
    if licence.needs_confirmation and licence_confirmation(version, clinic) is None:
        report.waiting.append(measure_id)
        return
    if clinic is not None and not licence.needs_confirmation:
        return
    add_wording(version=version, wording=wording, source_sha256=file_sha256(path), clinic=clinic, by=by, at=at)
    report.worded.append(f"{measure_id} (en)")
