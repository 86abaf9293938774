"""The key to a client's own page: made, tried, locked, revoked."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from shoshin.care.models import Client, PageKey
from shoshin.care.queries.page_keys import token_hash
from shoshin.kit.action import Actor, action
from shoshin.kit.row_security import enter

if TYPE_CHECKING:
    from shoshin.people.models import Membership

MOST_WRONG_TRIES = 5
TOKEN_BYTES = 32


class CannotMakePageKey(ValueError):
    """The PIN is no PIN, or one that anybody would try first."""


@dataclass(frozen=True)
class MadePageKey:
    """A new key with the token of its link, which is known only now."""

    key: PageKey
    token: str


def weak_pin(pin: str) -> bool:
    """Whether a stranger would try this among the first: 0000, 1234, 9876, 1212, 123123."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    halves = any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3) if len(pin) % size == 0)
    return halves or steps in ({1}, {9})


@action("care.make_page_key")
def make_page_key(*, client: Client, pin: str, by: "Membership", at: datetime) -> MadePageKey:
    """Make a key for the PIN agreed in the appointment. Every earlier key of this client stops opening."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 6):
        raise CannotMakePageKey(_("A PIN has 4 to 6 digits."))
    if weak_pin(pin):
        raise CannotMakePageKey(_("This PIN is among the first that people try. Agree on another."))
    revoke_page_key(client=client, by=by, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    key = PageKey.objects.create(
        client=client, token_hash=token_hash(token), pin_hash=make_password(pin), made_at=at, made_by=by
    )
    return MadePageKey(key, token)


@action("care.revoke_page_key")
def revoke_page_key(*, client: Client, by: "Actor | Membership", at: datetime) -> int:
    """Close every key of this client. Returns how many were open."""
    return client.page_keys.filter(revoked_at=None).update(revoked_at=at)


@action("care.check_page_key")
def check_page_key(*, token: str, pin: str, by: Actor, at: datetime) -> PageKey | None:
    """The key this link and PIN open, or none.

    An unknown link, a wrong PIN, a locked key and a revoked key get the same answer after the same work. The
    fifth wrong PIN in a row locks the key. Nothing is raised, because a raised error would undo the count.
    """
    behind = PageKey.objects.filter(token_hash=token_hash(token), revoked_at=None)
    enter(behind, "client__clinic_id")
    key = behind.select_for_update(of=("self",)).select_related("client__clinic").first()
    if key is None:
        make_password(pin)
        return None
    right = check_password(pin, key.pin_hash)
    if key.locked_at is not None:
        return None
    if right:
        key.wrong_tries = 0
    else:
        key.wrong_tries += 1
        key.locked_at = at if key.wrong_tries >= MOST_WRONG_TRIES else None
    key.save(update_fields=["wrong_tries", "locked_at"])
    return key if right else None
