"""One client's whole record as an archive: to read, to compute with, and to take to another system."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.desk.queries.archive import Archive
from shoshin.feedback import queries as feedback
from shoshin.growth import queries as growth
from shoshin.kit.models import AuditEvent
from shoshin.kit.policy import READ
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Client

COLUMNS = ("date", "occasion", "measure", "version", "score", "value", "answered", "prorated", "source", "reference")
OWN_PAGES = f"{READ}growth:"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def client_archive(client: "Client", at: datetime) -> Archive:
    """README, a page to read, every row as JSON, scores as CSV, forms and scores as FHIR R4, and recordings."""
    record = client_record(client)
    page = {"client": client, "record": record, "forms": feedback.filled_forms(client), "at": at}
    page |= {"marked": feedback.marked_questions(client)}
    files = {
        "README.txt": render_to_string("desk/export_readme.txt", {"client": client, "at": at}),
        "record.html": render_to_string("desk/export_record.html", page),
        "record.json": as_json(record),
        "scores.csv": scores_csv(client),
        "fhir_bundle.json": as_json(fhir_bundle(client, at)),
    }
    return Archive(at, files, tuple(growth.copies_of(client, at)))


def client_record(client: "Client") -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to a client, by table, and what was done with the record."""
    trail = AuditEvent.objects.filter(clinic_id=client.clinic_id, about=client.pk).order_by("pk")
    acts: list[Any] = list(trail.values("at", "event", "actor_kind", "actor_id"))
    for act in acts:
        if act["event"].startswith(OWN_PAGES):  # that the record was read is the client's; on which page, the author's
            act["event"] = READ.strip()
    return care.record_of(client) | feedback.record_of(client) | {"acts": acts}


def as_json(data: Any) -> str:
    """Plain data as a person may read it too."""
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def scores_csv(client: "Client") -> str:
    """One line a score. A text that a spreadsheet would take for a formula is disarmed."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for form in feedback.filled_forms(client):
        row = form.response
        for name, score in form.scores.items():
            given = (row.answered_on.isoformat(), row.occasion, row.measure_id, row.version.version, name)
            rest = (score.value, score.answered, score.prorated, row.source, row.reference)
            writer.writerow([disarmed(cell) for cell in (*given, *rest)])
    return text.getvalue()


def disarmed(cell: Any) -> Any:
    """A cell no spreadsheet runs: words that begin like a formula get an apostrophe; figures stay figures."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def fhir_bundle(client: "Client", at: datetime) -> dict[str, Any]:
    """The standing forms as QuestionnaireResponse, and an Observation for each score."""
    patient = _named("patient", client.ref)
    entries = [
        _entry(
            patient, {"resourceType": "Patient", "identifier": [{"system": "urn:shoshin:client", "value": client.code}]}
        )
    ]
    for form in feedback.filled_forms(client):
        row, name = form.response, _named("response", form.response.reference)
        day = row.answered_on.isoformat()
        if row.answers:
            filled = measures.fhir_response(row.version, row.answers, authored=day)
            entries.append(_entry(name, filled | {"subject": {"reference": patient}}))
        found = measures.fhir_observations(row.version, form.scores, effective=day, response=name, subject=patient)
        for place, observation in enumerate(found):
            if not row.answers:
                del observation["derivedFrom"]
            entries.append(_entry(_named("observation", f"{row.reference}-{place}"), observation))
    return {"resourceType": "Bundle", "type": "collection", "timestamp": at.isoformat(), "entry": entries}


def _named(kind: str, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'shoshin:{kind}:{name}')}"


def _entry(name: str, resource: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": name, "resource": resource}


@dataclass(frozen=True)
class WhatGoes:
    """How many of what a deletion takes away."""

    name: str
    number: int


def what_goes(client: "Client") -> list[WhatGoes]:
    """Everything that is deleted with a client, counted."""
    record = client_record(client)
    names: Iterable[tuple[str, str]] = (
        (_("courses of therapy"), "courses"),
        (_("appointments"), "appointments"),
        (_("summaries"), "summaries"),
        (_("consultations"), "consultations"),
        (_("filled forms, every version"), "responses"),
        (_("scores"), "scores"),
        (_("signals, with your answers"), "signals"),
        (_("alerts, with their notes"), "alerts"),
        (_("“You said, I changed”"), "changes"),
        (_("strengths"), "strengths"),
        (_("answers about agreement"), "choices"),
        (_("answers about recordings, with every recording"), "asked_to_record"),
    )
    return [WhatGoes(name, len(record[table])) for name, table in names if record[table]]
