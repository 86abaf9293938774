"""Bringing in a form from somebody's file, as a measure of the clinic's own or as wording for one we know."""

from datetime import datetime
from typing import TYPE_CHECKING

from shoshin.kit.action import Actor, action
from shoshin.measures.actions.measures import store_for_clinic
from shoshin.measures.actions.wording import add_wording, confirm_licence
from shoshin.measures.models import MeasureVersion
from shoshin.measures.models.definitions import Measure, fingerprint
from shoshin.measures.models.wording import Wording
from shoshin.measures.queries.drafts import Proposal
from shoshin.measures.queries.forms import licence_confirmation
from shoshin.measures.queries.proposals import as_wording
from shoshin.measures.queries.versions import facts

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership


class CannotImportMeasure(ValueError):
    """A form that does not come in; the message has a line for each problem."""


@action("measures.import_measure")
def import_measure(
    *,
    proposal: Proposal,
    statement: str,
    clinic: "Clinic",
    wording_for: MeasureVersion | None = None,
    by: "Membership | Actor",
    at: datetime,
) -> MeasureVersion:
    """Store what a file brings in, with the word that its terms allow it. The same file twice adds nothing."""
    if not statement.strip():
        raise CannotImportMeasure("Confirm first that the terms of this form allow your use. Nothing was stored.")
    version, wording = _target(proposal, wording_for, clinic, by, at)
    if facts(version).licence.needs_confirmation and licence_confirmation(version, clinic) is None:
        confirm_licence(version=version, statement=statement, clinic=clinic, by=by, at=at)
    source = fingerprint(wording.model_dump(mode="json"))
    add_wording(version=version, wording=wording, source_sha256=source, clinic=clinic, by=by, at=at)
    return version


def _target(
    proposal: Proposal,
    wording_for: MeasureVersion | None,
    clinic: "Clinic",
    by: "Membership | Actor",
    at: datetime,
) -> tuple[MeasureVersion, Wording]:
    if wording_for is not None:
        wording, problems = as_wording(proposal, facts(wording_for))
        if wording is None:
            raise CannotImportMeasure("\n".join(map(str, problems)))
        return wording_for, wording
    if not proposal.is_ready or proposal.measure is None or proposal.wording is None:
        lines = [str(problem) for problem in proposal.problems] or ["Some questions about this form are open."]
        raise CannotImportMeasure("\n".join(lines))
    return _own_measure(proposal.measure, proposal.wording, clinic, by, at)


def _own_measure(
    measure: Measure, wording: Wording, clinic: "Clinic", by: "Membership | Actor", at: datetime
) -> tuple[MeasureVersion, Wording]:
    """The clinic's own version of these facts: the stored one if it is there already, else a new one."""
    measure_id = _free_id(measure.id)
    stored = list(MeasureVersion.objects.filter(clinic=clinic, measure_id=measure_id).order_by("pk"))
    for row in stored:
        if row.sha256 == measure.model_copy(update={"id": measure_id, "version": row.version}).sha256():
            return row, wording.model_copy(update={"measure": measure_id, "version": row.version})
    taken = {row.version for row in stored}
    free = (name for n in range(1, len(taken) + 2) if (name := f"{measure.version}.{n}"[-32:]) not in taken)
    version = measure.version if measure.version not in taken else next(free)
    own = {"id": measure_id, "version": version}
    row = store_for_clinic(measure.model_copy(update=own), clinic, by, at)
    return row, wording.model_copy(update={"measure": measure_id, "version": version})


def _free_id(measure_id: str) -> str:
    """An imported form never hides a measure of the installation, whose norms and risk rules it lacks."""
    installed = MeasureVersion.objects.filter(clinic=None, measure_id=measure_id).exists()
    return f"{measure_id[:54]}-imported" if installed else measure_id
