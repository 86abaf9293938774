"""What people does in the background: sessions that are over go; a reset of a lost factor is told."""

from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command

from shoshin.kit import calls
from shoshin.kit.tasks import task
from shoshin.people.actions.factor_resets import CALL_LEAD, TELL, tell_of_factor_reset
from shoshin.people.models import FactorReset
from shoshin.people.queries.factor_resets import addresses_of, leads_beside, open_resets


@task("people.clear_sessions", every=timedelta(days=1))
def clear_sessions(payload: dict[str, Any], at: datetime) -> None:
    """Delete sessions that can open nothing any more."""
    call_command("clearsessions")


@task(TELL)
def tell(payload: dict[str, Any], at: datetime) -> None:
    """One mail to one address of the person; addresses are known in a fixed order, the account's first."""
    asked = FactorReset.objects.select_related("member__person").get(pk=payload["reset"])
    tell_of_factor_reset(asked=asked, step=payload["step"], address=addresses_of(asked.member)[payload["place"]])


@task(CALL_LEAD)
def call_lead(payload: dict[str, Any], at: datetime) -> None:
    """Tell another lead that something waits, as long as it does and they lead."""
    asked = FactorReset.objects.select_related("clinic").get(pk=payload["reset"])
    lead = next((each for each in leads_beside(asked.clinic) if each.pk == payload["lead"]), None)
    if lead is not None and open_resets(asked.clinic, at).filter(pk=asked.pk).exists():
        calls.tell(lead.person.email)
