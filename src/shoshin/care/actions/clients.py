"""Taking a client in, and taking a client's whole record out."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shoshin.care.actions.courses import open_course
from shoshin.care.models import Client
from shoshin.care.models.clients import folded
from shoshin.care.queries.clients import is_code_taken
from shoshin.care.queries.recordings import asked_to_record
from shoshin.kit.action import Actor, action
from shoshin.kit.vault.tapes import OTHERS, Tape

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_CODE = 40


class CannotAddClient(ValueError):
    """The client cannot be told apart from another, or has no code."""


class CannotDeleteClient(ValueError):
    """The code typed to confirm is not this client's."""


@action("care.add_client")
def add_client(
    *,
    therapist: "Membership",
    code: str,
    opened_on: date,
    by: "Actor | Membership",
    at: datetime,
    language: str = "en",
    imported: bool = False,
) -> Client:
    """Take a client in under a code and open the first course. Imported clients are asked only for care."""
    code = " ".join(code.split())
    if not 0 < len(code) <= LONGEST_CODE:
        raise CannotAddClient(_("Give the client a code or initials, of at most 40 characters."))
    if is_code_taken(therapist.clinic_id, code):
        raise CannotAddClient(_code_is_taken())
    if language not in dict(settings.LANGUAGES):
        raise CannotAddClient(_("Choose one of the languages that forms come in."))
    try:
        with transaction.atomic():
            client = Client.objects.create(
                clinic_id=therapist.clinic_id,
                therapist=therapist,
                code=code,
                language=language,
                care_only=imported,
                added_at=at,
            )
    except IntegrityError as clash:
        raise CannotAddClient(_code_is_taken()) from clash
    open_course(client=client, opened_on=opened_on, imported=imported, by=by, at=at)
    return client


def _code_is_taken() -> str:
    return _("Another client of this clinic has this code. Add a letter or a number to tell them apart.")


@action("care.delete_client")
def delete_client(*, client: Client, typed_code: str, by: "Actor | Membership", at: datetime) -> None:
    """Delete a client and everything that hangs on them. The audit row keeps the number, not the code.

    Recordings go first: without their keys no copy of one can be heard.
    """
    if folded(typed_code) != folded(client.code):
        raise CannotDeleteClient(_("This is not the client's code. Nothing was deleted."))
    for key in asked_to_record(client).values_list("key", flat=True):
        Tape(key, OTHERS).destroy()
    # By queryset, so that the instance keeps its number for the audit row.
    Client.objects.filter(pk=client.pk).delete()
