"""Writing down that somebody outside was told about a client."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care.models import Client, Disclosure
from shoshin.care.queries.calendar import day_of
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotRecordDisclosure(ValueError):
    """What the account still lacks, by the question it answers."""

    def __init__(self, missing: dict[str, str]):
        self.missing = missing
        super().__init__(" ".join(missing.values()))


@action("care.record_disclosure")
def record_disclosure(
    *,
    client: Client,
    told_on: date,
    to_whom: str,
    ground: str,
    what: str,
    why_needed: str,
    why_not_less: str,
    client_knows: bool,
    by: "Membership",
    at: datetime,
    consulted: str = "",
    why_client_does_not_know: str = "",
) -> Disclosure:
    """Keep who was told what, why it was needed, and why less would not have done."""
    words = {"to_whom": to_whom, "what": what, "why_needed": why_needed, "why_not_less": why_not_less}
    missing = {
        name: _("Say it in a few words. Nothing was saved yet.") for name, said in words.items() if not said.strip()
    }
    if not client_knows and not why_client_does_not_know.strip():
        missing["why_client_does_not_know"] = _("Say why the client has not been told. Nothing was saved yet.")
    if told_on > day_of(client.clinic, at):
        missing["told_on"] = _("This day has not come yet. Write it down once it has happened.")
    if missing:
        raise CannotRecordDisclosure(missing)
    return Disclosure.objects.create(
        clinic_id=client.clinic_id,
        client=client,
        told_on=told_on,
        ground=ground,
        client_knows=client_knows,
        why_client_does_not_know="" if client_knows else why_client_does_not_know.strip(),
        consulted=consulted.strip(),
        written_at=at,
        written_by=by,
        **{name: said.strip() for name, said in words.items()},
    )
