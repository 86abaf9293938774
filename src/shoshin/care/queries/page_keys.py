"""The keys to clients' own pages."""

import hashlib

from django.db.models import QuerySet

from shoshin.care.models import Client, PageKey
from shoshin.care.queries.clients import clients_of
from shoshin.kit.policy import Hat
from shoshin.kit.row_security import enter


def token_hash(token: str) -> str:
    """What is kept of a link's token: it finds the key and cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def page_key_of(client: Client) -> PageKey | None:
    """The client's current key, locked or not; replaced and revoked keys are gone."""
    return client.page_keys.filter(revoked_at=None).order_by("-made_at", "-pk").first()


def open_page_key(pk: int) -> PageKey | None:
    """The key a client's page was opened with, while it still opens: neither revoked nor locked since."""
    keys = PageKey.objects.filter(pk=pk, revoked_at=None, locked_at=None)
    enter(keys, "client__clinic_id")
    return keys.select_related("client__clinic", "client__therapist__person").first()


def may_open_page(token: str) -> bool:
    """Whether this link still opens a page for somebody who knows its PIN."""
    keys = PageKey.objects.filter(token_hash=token_hash(token), revoked_at=None, locked_at=None)
    enter(keys, "client__clinic_id")
    return keys.exists()


def locked_page_keys(hat: Hat) -> QuerySet[PageKey]:
    """Keys that five wrong PINs have locked and that nobody has replaced: the therapist is to be told."""
    keys = PageKey.objects.filter(client__in=clients_of(hat), revoked_at=None, locked_at__isnull=False)
    return keys.select_related("client").order_by("-locked_at")
