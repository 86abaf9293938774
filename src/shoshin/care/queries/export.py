"""Everything care keeps of one client, as plain data."""

from typing import Any

from shoshin.care.models import (
    Appointment,
    AskedToRecord,
    BreakGlass,
    Client,
    ClientChoice,
    Consultation,
    Course,
    Disclosure,
    PageKey,
    Strength,
    Summary,
)
from shoshin.kit.record import plain_row

KEYS = ("token_hash", "pin_hash", "code_key")


def record_of(client: Client) -> dict[str, list[dict[str, Any]]]:
    """Every row of care that belongs to a client, by table. Keys to pages are not part of a record."""
    found = {
        "clients": Client.objects.filter(pk=client.pk),
        "choices": ClientChoice.objects.filter(client=client),
        "strengths": Strength.objects.filter(client=client),
        "courses": Course.objects.filter(client=client),
        "appointments": Appointment.objects.filter(course__client=client),
        "summaries": Summary.objects.filter(appointment__course__client=client),
        "consultations": Consultation.objects.filter(course__client=client),
        "disclosures": Disclosure.objects.filter(client=client),
        "emergency_openings": BreakGlass.objects.filter(client=client),
        "asked_to_record": AskedToRecord.objects.filter(client=client),
        "page_keys": PageKey.objects.filter(client=client),
    }
    return {name: [plain_row(row, KEYS) for row in rows.order_by("pk")] for name, rows in found.items()}
